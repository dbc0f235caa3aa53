/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_activity.h"

#include "core/state/account.h"
#include "core/state/activity_codec.h"
#include "core/state/notice.h"
#include "tests/unit/support/random_figures.h"
#include "tests/unit/support/random_log.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

static void
random_recents(uint64_t *random, int64_t latest, struct pt_activity *out)
{
	int64_t at = latest;
	bool is_known = random_chance(random, 80);

	out->recent_count =
	    (unsigned)test_random_below(random, PT_RECENT_MAX + 1);
	for (unsigned i = out->recent_count; i-- > 0;) {
		out->recent[i].at = at;
		out->recent[i].hash = (uint32_t)random_number(random, 32);
		out->recent[i].granted = is_known && random_chance(random, 20);
		out->recent[i].recipients =
		    is_known ? random_number(random, 64) : 0;
		out->recent[i].bytes = is_known ? random_number(random, 62) : 0;
		at = random_time(random, 9, at);
	}
}

static void
random_refusals(uint64_t *random, int64_t latest, struct pt_refusals *out)
{
	out->total = random_number(random, 64);
	out->last_at = random_time(random, 40, latest);
	out->last_reason = (unsigned char)test_random_below(random, 256);
	out->attempt_count =
	    (unsigned)test_random_below(random, PT_ATTEMPTS_MAX + 1);
	for (unsigned i = 0; i < out->attempt_count; i++)
		out->attempt[i] = (uint32_t)random_number(random, 32);
}

/* "at" or later; 0: none. */
static int64_t
random_until(uint64_t *random, int64_t at)
{
	int64_t room = ((int64_t)1 << 40) - 1 - at;
	int64_t length = (int64_t)random_number(random, 39);

	if (random_chance(random, 30))
		return 0;
	return at + (length < room ? length : room);
}

static void
random_pending(uint64_t *random, int64_t latest, struct pt_activity *out)
{
	if (random_chance(random, 60)) {
		out->block.reason =
		    (unsigned char)(1 +
				    test_random_below(random, PT_BLOCK_ADMIN));
		out->block.at = random_time(random, 40, latest);
		random_figures(random, &out->block.figures);
	}
	if (random_chance(random, 60)) {
		out->notice.kind =
		    (unsigned char)(1 + test_random_below(
					    random, PT_NOTICE_KINDS - 1));
		out->notice.at = random_time(random, 40, latest);
		out->notice.until = random_until(random, out->notice.at);
		random_figures(random, &out->notice.figures);
	}
}

static void
random_limits(uint64_t *random, int64_t latest, struct pt_activity *out)
{
	if (random_chance(random, 50))
		out->penalty.since = random_time(random, 40, latest);
	if (out->penalty.since != 0)
		out->penalty.until = random_until(random, out->penalty.since);
	if (random_chance(random, 50))
		out->limit_told_at = random_time(random, 40, latest);
	if (random_chance(random, 50))
		random_log(
		    random, random_time(random, 40, latest), &out->refused);
}

static void
random_observed(uint64_t *random, int64_t latest, struct pt_observed *out)
{
	out->count = 1 + (unsigned)test_random_below(random, PT_WOULD_MAX);
	for (unsigned i = 0; i < out->count; i++) {
		struct pt_would *would = &out->entry[i];

		would->reason = (unsigned char)test_random_below(random, 256);
		would->messages = random_number(random, 64);
		would->last_at = random_time(random, 40, latest);
		would->first_at = random_time(random, 40, would->last_at);
		random_figures(random, &would->peak);
	}
	out->hash_count =
	    (unsigned)test_random_below(random, PT_WOULD_HASHES_MAX + 1);
	for (unsigned i = 0; i < out->hash_count; i++)
		out->hash[i] = (uint32_t)random_number(random, 32);
	for (int i = 0; i < PT_COUNTED; i++) {
		if (random_chance(random, 50))
			random_log(random, random_time(random, 40, latest),
			    &out->passed[i]);
	}
}

void
random_activity(uint64_t *state, struct pt_activity *out)
{
	struct pt_login login = random_login(state);
	int64_t latest = (int64_t)random_number(state, 40);

	memset(out, 0xee, sizeof(*out));
	pt_activity_init(out, &login);
	for (int i = 0; i < PT_COUNTED; i++) {
		if (random_chance(state, 50))
			random_log(state, random_time(state, 40, latest),
			    &out->log[i]);
		if (random_chance(state, 50))
			out->total[i] = random_number(state, 64);
	}
	if (random_chance(state, 50))
		random_recents(state, random_time(state, 40, latest), out);
	if (random_chance(state, 30)) {
		out->grant_id = (uint32_t)random_number(state, 32);
		out->grant_used = random_number(state, 64);
	}
	if (random_chance(state, 50))
		out->last_sent_at = random_time(state, 40, latest);
	if (random_chance(state, 50))
		random_refusals(state, latest, &out->refusals);
	if (random_chance(state, 30))
		random_pending(state, latest, out);
	if (random_chance(state, 30))
		random_limits(state, latest, out);
	if (random_chance(state, 30))
		random_observed(state, latest, &out->observed);
}

static void
random_wild_life(uint64_t *random, struct pt_activity *out)
{
	int64_t *stamps[] = {&out->block.at, &out->notice.at,
	    &out->notice.until, &out->penalty.since, &out->penalty.until,
	    &out->limit_told_at};

	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		if (random_chance(random, 50))
			*stamps[i] = random_wild_time(random);
	}
	random_wild_log(random, &out->refused);
	random_wild_figures(random, &out->block.figures);
	random_wild_figures(random, &out->notice.figures);
}

static void
random_wild_observed(uint64_t *random, struct pt_observed *out)
{
	for (unsigned i = 0; i < out->count; i++) {
		out->entry[i].first_at = random_wild_time(random);
		out->entry[i].last_at = random_wild_time(random);
		random_wild_figures(random, &out->entry[i].peak);
	}
	for (int i = 0; i < PT_COUNTED; i++)
		random_wild_log(random, &out->passed[i]);
}

void
random_wild_activity(uint64_t *state, struct pt_activity *out)
{
	random_activity(state, out);
	for (int i = 0; i < PT_COUNTED; i++)
		random_wild_log(state, &out->log[i]);
	for (unsigned i = 0; i < out->recent_count; i++) {
		if (random_chance(state, 50))
			out->recent[i].at = random_wild_time(state);
		if (random_chance(state, 10))
			out->recent[i].bytes = UINT64_MAX;
	}
	if (random_chance(state, 50))
		out->last_sent_at = random_wild_time(state);
	if (random_chance(state, 50))
		out->refusals.last_at = random_wild_time(state);
	random_wild_life(state, out);
	random_wild_observed(state, &out->observed);
}

static bool
is_same_refusals(const struct pt_refusals *a, const struct pt_refusals *b)
{
	return a->total == b->total && a->last_at == b->last_at &&
	       a->last_reason == b->last_reason &&
	       a->attempt_count == b->attempt_count &&
	       memcmp(a->attempt, b->attempt,
		   a->attempt_count * sizeof(a->attempt[0])) == 0;
}

static bool
is_same_recent(const struct pt_recent *a, const struct pt_recent *b)
{
	return a->at == b->at && a->hash == b->hash &&
	       a->granted == b->granted && a->recipients == b->recipients &&
	       a->bytes == b->bytes;
}

static bool
is_same_pending(const struct pt_activity *a, const struct pt_activity *b)
{
	return a->block.reason == b->block.reason &&
	       (a->block.reason == 0 || (a->block.at == b->block.at &&
					    is_same_figures(&a->block.figures,
						&b->block.figures))) &&
	       a->notice.kind == b->notice.kind &&
	       (a->notice.kind == 0 || (a->notice.at == b->notice.at &&
					   a->notice.until == b->notice.until &&
					   is_same_figures(&a->notice.figures,
					       &b->notice.figures)));
}

static bool
is_same_limits(const struct pt_activity *a, const struct pt_activity *b)
{
	return a->penalty.since == b->penalty.since &&
	       a->penalty.until == b->penalty.until &&
	       a->limit_told_at == b->limit_told_at &&
	       is_same_log(&a->refused, &b->refused);
}

static bool
is_same_observed(const struct pt_observed *a, const struct pt_observed *b)
{
	for (unsigned i = 0; i < a->count && i < b->count; i++) {
		if (a->entry[i].reason != b->entry[i].reason ||
		    a->entry[i].messages != b->entry[i].messages ||
		    a->entry[i].first_at != b->entry[i].first_at ||
		    a->entry[i].last_at != b->entry[i].last_at ||
		    !is_same_figures(&a->entry[i].peak, &b->entry[i].peak))
			return false;
	}
	for (int i = 0; i < PT_COUNTED; i++) {
		if (!is_same_log(&a->passed[i], &b->passed[i]))
			return false;
	}
	return a->count == b->count && a->hash_count == b->hash_count &&
	       memcmp(a->hash, b->hash, a->hash_count * sizeof(a->hash[0])) ==
		   0;
}

bool
is_same_activity(const struct pt_activity *a, const struct pt_activity *b)
{
	for (int i = 0; i < PT_COUNTED; i++) {
		if (!is_same_log(&a->log[i], &b->log[i]) ||
		    a->total[i] != b->total[i])
			return false;
	}
	for (unsigned i = 0; i < a->recent_count; i++) {
		if (!is_same_recent(&a->recent[i], &b->recent[i]))
			return false;
	}
	return pt_login_equal(&a->login, &b->login) &&
	       strcmp(a->login.text, b->login.text) == 0 &&
	       a->login.at == b->login.at &&
	       a->recent_count == b->recent_count &&
	       a->grant_id == b->grant_id && a->grant_used == b->grant_used &&
	       a->last_sent_at == b->last_sent_at && is_same_pending(a, b) &&
	       is_same_limits(a, b) &&
	       is_same_observed(&a->observed, &b->observed) &&
	       is_same_refusals(&a->refusals, &b->refusals);
}

static void
make(uint64_t *random, void *out)
{
	random_activity(random, out);
}

static void
make_wild(uint64_t *random, void *out)
{
	random_wild_activity(random, out);
}

static bool
is_same(const void *in, const void *out)
{
	const struct pt_activity *decoded = out;

	return decoded->exists && is_same_activity(in, out);
}

static size_t
encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_activity_encode(record, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_activity_decode(at, len, out, err);
}

const struct record_format activity_format = {
    .size = sizeof(struct pt_activity),
    .random = make,
    .random_wild = make_wild,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};
