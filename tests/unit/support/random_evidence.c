/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_evidence.h"

#include "core/state/evidence_codec.h"
#include "tests/unit/support/random_log.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

static void
random_sent(uint64_t *random, struct pt_evidence *out)
{
	out->sent_count = (unsigned)test_random_below(random, PT_SENT_MAX + 1);
	for (unsigned i = 0; i < out->sent_count; i++) {
		struct pt_sent *sent = &out->sent[i];

		sent->message = random_number(random, 64) | 1;
		sent->recipients = random_number(random, 64);
		sent->left = (unsigned)random_number(random, 16);
	}
}

void
random_evidence(uint64_t *state, struct pt_evidence *out)
{
	struct pt_login login = random_login(state);
	int64_t latest = (int64_t)random_number(state, 40);

	memset(out, 0xee, sizeof(*out));
	pt_evidence_init(out, &login);
	if (random_chance(state, 60))
		random_sent(state, out);
	if (random_chance(state, 60))
		random_log(
		    state, random_time(state, 40, latest), &out->sent_log);
	if (random_chance(state, 50))
		random_log(
		    state, random_time(state, 40, latest), &out->bounce_log);
	if (random_chance(state, 50))
		out->bounces_total = random_number(state, 64);
	if (random_chance(state, 50))
		out->last_bounce_at = random_time(state, 40, latest);
}

void
random_wild_evidence(uint64_t *state, struct pt_evidence *out)
{
	random_evidence(state, out);
	random_wild_log(state, &out->sent_log);
	random_wild_log(state, &out->bounce_log);
	for (unsigned i = 0; i < out->sent_count; i++) {
		if (random_chance(state, 20))
			out->sent[i].message = 0;
		if (random_chance(state, 20))
			out->sent[i].left = (unsigned)random_number(state, 32);
	}
	if (random_chance(state, 50))
		out->last_bounce_at = random_wild_time(state);
}

static bool
is_same_sent(const struct pt_sent *a, const struct pt_sent *b)
{
	return a->message == b->message && a->recipients == b->recipients &&
	       a->left == b->left;
}

bool
is_same_evidence(const struct pt_evidence *a, const struct pt_evidence *b)
{
	if (a->sent_count != b->sent_count)
		return false;
	for (unsigned i = 0; i < a->sent_count; i++) {
		if (!is_same_sent(&a->sent[i], &b->sent[i]))
			return false;
	}
	return pt_login_equal(&a->login, &b->login) &&
	       is_same_log(&a->sent_log, &b->sent_log) &&
	       is_same_log(&a->bounce_log, &b->bounce_log) &&
	       a->bounces_total == b->bounces_total &&
	       a->last_bounce_at == b->last_bounce_at;
}

static void
make(uint64_t *random, void *out)
{
	random_evidence(random, out);
}

static void
make_wild(uint64_t *random, void *out)
{
	random_wild_evidence(random, out);
}

static bool
is_same(const void *in, const void *out)
{
	const struct pt_evidence *decoded = out;

	return decoded->exists && is_same_evidence(in, out);
}

static size_t
encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_evidence_encode(record, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_evidence_decode(at, len, out, err);
}

const struct record_format evidence_format = {
    .size = sizeof(struct pt_evidence),
    .random = make,
    .random_wild = make_wild,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};
