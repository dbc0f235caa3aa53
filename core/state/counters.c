/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Counters as bytes: version (1 byte: 4), then each counter in the order of
 * the struct, 8 bytes, little-endian.  Version 1 ended before those of
 * sessions, version 2 before those of the milter, version 3 before those of the
 * keeper.
 */
#include "core/state/counters.h"

#include "core/state/bytes.h"

#define VERSION 4

/* How long each version is. */
static const size_t bytes_of[VERSION + 1] = {
    [1] = 1 + 8 * (7 + 2 * PT_COUNTER_REASONS),
    [2] = 1 + 8 * (11 + 3 * PT_COUNTER_REASONS),
    [3] = 1 + 8 * (15 + 3 * PT_COUNTER_REASONS),
    [4] = PT_COUNTERS_BYTES,
};

bool
pt_counters_any(const struct pt_counters *counters)
{
	return !pt_bytes_is_zero(
	    (const unsigned char *)counters, sizeof(*counters));
}

static void
put_reasons(struct pt_bytes_writer *to, const uint64_t *counts)
{
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++)
		pt_bytes_put_uint(to, counts[i], 8);
}

void
pt_counters_encode(const struct pt_counters *counters, unsigned char *out)
{
	struct pt_bytes_writer to = {
	    .at = out + 1, .end = out + PT_COUNTERS_BYTES};

	out[0] = VERSION;
	pt_bytes_put_uint(&to, counters->requests, 8);
	pt_bytes_put_uint(&to, counters->permitted, 8);
	pt_bytes_put_uint(&to, counters->repeated, 8);
	pt_bytes_put_uint(&to, counters->unauthenticated, 8);
	pt_bytes_put_uint(&to, counters->malformed, 8);
	pt_bytes_put_uint(&to, counters->connections, 8);
	pt_bytes_put_uint(&to, counters->batches, 8);
	put_reasons(&to, counters->refused);
	put_reasons(&to, counters->observed);
	pt_bytes_put_uint(&to, counters->sessions_opened, 8);
	pt_bytes_put_uint(&to, counters->sessions_ended, 8);
	put_reasons(&to, counters->sessions_refused);
	pt_bytes_put_uint(&to, counters->mail_checks, 8);
	pt_bytes_put_uint(&to, counters->blocks, 8);
	pt_bytes_put_uint(&to, counters->refunded, 8);
	pt_bytes_put_uint(&to, counters->rewritten, 8);
	pt_bytes_put_uint(&to, counters->bounces_counted, 8);
	pt_bytes_put_uint(&to, counters->bounces_ignored, 8);
	pt_bytes_put_uint(&to, counters->notices_sent, 8);
	pt_bytes_put_uint(&to, counters->notices_failed, 8);
	pt_bytes_put_uint(&to, counters->notices_given_up, 8);
	pt_bytes_put_uint(&to, counters->swept, 8);
}

static void
take_reasons(struct pt_bytes_reader *in, uint64_t *counts)
{
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++)
		counts[i] = pt_bytes_take_uint(in, 8);
}

static void
take_sessions(struct pt_bytes_reader *in, struct pt_counters *out)
{
	out->sessions_opened = pt_bytes_take_uint(in, 8);
	out->sessions_ended = pt_bytes_take_uint(in, 8);
	take_reasons(in, out->sessions_refused);
	out->mail_checks = pt_bytes_take_uint(in, 8);
	out->blocks = pt_bytes_take_uint(in, 8);
}

static void
take_milter(struct pt_bytes_reader *in, struct pt_counters *out)
{
	out->refunded = pt_bytes_take_uint(in, 8);
	out->rewritten = pt_bytes_take_uint(in, 8);
	out->bounces_counted = pt_bytes_take_uint(in, 8);
	out->bounces_ignored = pt_bytes_take_uint(in, 8);
}

static void
take_keeper(struct pt_bytes_reader *in, struct pt_counters *out)
{
	out->notices_sent = pt_bytes_take_uint(in, 8);
	out->notices_failed = pt_bytes_take_uint(in, 8);
	out->notices_given_up = pt_bytes_take_uint(in, 8);
	out->swept = pt_bytes_take_uint(in, 8);
}

static int
take_version(struct pt_bytes_reader *in, size_t len, unsigned *version_out,
    struct pt_err *err)
{
	unsigned version = 0;
	size_t expected;

	if (len > 0) {
		in->end = in->at + len;
		version = (unsigned)pt_bytes_take_uint(in, 1);
	}
	if (version > VERSION)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the counters were written by a later Postern: "
		    "they have version %u, known here is %d",
		    version, VERSION);
	expected = version == 0 ? PT_COUNTERS_BYTES : bytes_of[version];
	if (version == 0 || len != expected)
		return pt_err_set(err, PT_ERR_DAMAGED,
		    "the counters are damaged: "
		    "they have %zu bytes instead of %zu",
		    len, expected);
	*version_out = version;
	return 0;
}

int
pt_counters_decode(
    const void *at, size_t len, struct pt_counters *out, struct pt_err *err)
{
	struct pt_bytes_reader in = {.at = at};
	unsigned version = 0;

	if (take_version(&in, len, &version, err) != 0)
		return -1;
	*out = (struct pt_counters){0};
	out->requests = pt_bytes_take_uint(&in, 8);
	out->permitted = pt_bytes_take_uint(&in, 8);
	out->repeated = pt_bytes_take_uint(&in, 8);
	out->unauthenticated = pt_bytes_take_uint(&in, 8);
	out->malformed = pt_bytes_take_uint(&in, 8);
	out->connections = pt_bytes_take_uint(&in, 8);
	out->batches = pt_bytes_take_uint(&in, 8);
	take_reasons(&in, out->refused);
	take_reasons(&in, out->observed);
	if (version > 1)
		take_sessions(&in, out);
	if (version > 2)
		take_milter(&in, out);
	if (version > 3)
		take_keeper(&in, out);
	return 0;
}
