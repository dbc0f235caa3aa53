/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Counters as bytes: version (1 byte: 1), then each counter in the order of
 * the struct, 8 bytes, little-endian.
 */
#include "core/state/counters.h"

#include "core/state/bytes.h"

#define VERSION 1

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
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++)
		pt_bytes_put_uint(&to, counters->refused[i], 8);
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++)
		pt_bytes_put_uint(&to, counters->observed[i], 8);
}

int
pt_counters_decode(
    const void *at, size_t len, struct pt_counters *out, struct pt_err *err)
{
	struct pt_bytes_reader in = {.at = at};
	unsigned version = 0;

	if (len > 0) {
		in.end = in.at + len;
		version = (unsigned)pt_bytes_take_uint(&in, 1);
	}
	if (version > VERSION)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the counters were written by a later Postern: "
		    "they have version %u, known here is %d",
		    version, VERSION);
	if (version == 0 || len != PT_COUNTERS_BYTES)
		return pt_err_set(err, PT_ERR_DAMAGED,
		    "the counters are damaged: "
		    "they have %zu bytes instead of %d",
		    len, PT_COUNTERS_BYTES);
	out->requests = pt_bytes_take_uint(&in, 8);
	out->permitted = pt_bytes_take_uint(&in, 8);
	out->repeated = pt_bytes_take_uint(&in, 8);
	out->unauthenticated = pt_bytes_take_uint(&in, 8);
	out->malformed = pt_bytes_take_uint(&in, 8);
	out->connections = pt_bytes_take_uint(&in, 8);
	out->batches = pt_bytes_take_uint(&in, 8);
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++)
		out->refused[i] = pt_bytes_take_uint(&in, 8);
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++)
		out->observed[i] = pt_bytes_take_uint(&in, 8);
	return 0;
}
