/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_activity.h"

#include "core/state/account.h"
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
	if (random_chance(state, 20)) {
		out->block.reason = (unsigned char)(1 + test_random_below(state,
							    PT_BLOCK_ADMIN));
		out->block.at = random_time(state, 40, latest);
	}
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
	if (random_chance(state, 50))
		out->block.at = random_wild_time(state);
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
	       a->last_sent_at == b->last_sent_at &&
	       a->block.reason == b->block.reason &&
	       (a->block.reason == 0 || a->block.at == b->block.at) &&
	       is_same_refusals(&a->refusals, &b->refusals);
}
