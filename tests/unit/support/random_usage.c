/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_usage.h"

#include "core/state/usage_codec.h"
#include "tests/unit/support/random_log.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

/* Unknown, IPv4 or IPv6. */
static void
random_address(uint64_t *random, unsigned char *out)
{
	unsigned from = 16;

	memset(out, 0, 16);
	if (random_chance(random, 40)) {
		out[10] = 0xff;
		out[11] = 0xff;
		from = 12;
	} else if (random_chance(random, 60)) {
		from = 0;
	}
	for (unsigned i = from; i < 16; i++)
		out[i] = (unsigned char)test_random_below(random, 256);
}

static void
random_last_uses(uint64_t *random, int64_t latest, struct pt_usage *out)
{
	unsigned count =
	    (unsigned)test_random_below(random, PT_PASSWORDS_MAX + 1);
	uint32_t id = 0;

	for (unsigned i = 0; i < count; i++) {
		struct pt_last_use *use = &out->last_uses[i];

		id += 1 + (uint32_t)random_number(random, 26);
		use->password = id;
		use->at = random_time(random, 40, latest);
		use->protocol =
		    (enum pt_protocol)(1U << test_random_below(random, 3));
		random_address(random, use->address);
	}
	out->last_use_count = count;
}

static void
random_guesses(uint64_t *random, int64_t latest, struct pt_usage *out)
{
	random_log(random, latest, &out->guesses);
	out->guess_count =
	    (unsigned)test_random_below(random, PT_GUESSES_MAX + 1);
	for (unsigned i = 0; i < out->guess_count; i++)
		out->guess[i] = (uint32_t)random_number(random, 32);
}

void
random_usage(uint64_t *state, struct pt_usage *out)
{
	struct pt_login login = random_login(state);
	int64_t latest = (int64_t)random_number(state, 40);

	memset(out, 0xee, sizeof(*out));
	pt_usage_init(out, &login);
	if (random_chance(state, 50)) {
		random_log(state, random_time(state, 40, latest), &out->logins);
		out->logins_total = random_number(state, 64);
		out->last_login_at = random_time(state, 40, latest);
	}
	for (int i = 0; i < PT_TRAFFICS; i++) {
		if (random_chance(state, 50))
			random_log(state, random_time(state, 40, latest),
			    &out->traffic[i]);
		if (random_chance(state, 50))
			out->traffic_total[i] = random_number(state, 64);
	}
	if (random_chance(state, 50))
		out->pop3_checked_at = random_time(state, 40, latest);
	if (random_chance(state, 50)) {
		out->view.checked_at = random_time(state, 40, latest);
		out->view.uidvalidity = (uint32_t)random_number(state, 32);
		out->view.uidnext = (uint32_t)random_number(state, 32);
	}
	if (random_chance(state, 50)) {
		out->sessions.life = (uint32_t)random_number(state, 32);
		out->sessions.count = (uint32_t)random_number(state, 32);
	}
	if (random_chance(state, 30))
		random_guesses(state, random_time(state, 40, latest), out);
	if (random_chance(state, 30))
		random_log(state, random_time(state, 40, latest),
		    &out->refused_logins);
	if (random_chance(state, 50))
		random_last_uses(state, latest, out);
}

void
random_wild_usage(uint64_t *state, struct pt_usage *out)
{
	random_usage(state, out);
	random_wild_log(state, &out->logins);
	random_wild_log(state, &out->refused_logins);
	for (int i = 0; i < PT_TRAFFICS; i++)
		random_wild_log(state, &out->traffic[i]);
	random_wild_log(state, &out->guesses);
	if (random_chance(state, 50))
		out->last_login_at = random_wild_time(state);
	if (random_chance(state, 50))
		out->pop3_checked_at = random_wild_time(state);
	if (random_chance(state, 50))
		out->view.checked_at = random_wild_time(state);
	for (unsigned i = 0; i < out->last_use_count; i++) {
		struct pt_last_use *use = &out->last_uses[i];

		if (random_chance(state, 50))
			use->at = random_wild_time(state);
		if (random_chance(state, 20))
			use->password = (uint32_t)random_number(state, 32);
		if (random_chance(state, 20))
			use->protocol =
			    (enum pt_protocol)test_random_below(state, 64);
	}
}

static bool
is_same_traffic(const struct pt_usage *a, const struct pt_usage *b)
{
	for (int i = 0; i < PT_TRAFFICS; i++) {
		if (!is_same_log(&a->traffic[i], &b->traffic[i]) ||
		    a->traffic_total[i] != b->traffic_total[i])
			return false;
	}
	return true;
}

static bool
is_same_guesses(const struct pt_usage *a, const struct pt_usage *b)
{
	return is_same_log(&a->guesses, &b->guesses) &&
	       a->guess_count == b->guess_count &&
	       memcmp(a->guess, b->guess,
		   a->guess_count * sizeof(a->guess[0])) == 0;
}

static bool
is_same_last_uses(const struct pt_usage *a, const struct pt_usage *b)
{
	if (a->last_use_count != b->last_use_count)
		return false;
	for (unsigned i = 0; i < a->last_use_count; i++) {
		const struct pt_last_use *x = &a->last_uses[i];
		const struct pt_last_use *y = &b->last_uses[i];

		if (x->password != y->password || x->at != y->at ||
		    x->protocol != y->protocol ||
		    memcmp(x->address, y->address, sizeof(x->address)) != 0)
			return false;
	}
	return true;
}

bool
is_same_usage(const struct pt_usage *a, const struct pt_usage *b)
{
	return pt_login_equal(&a->login, &b->login) &&
	       is_same_log(&a->logins, &b->logins) &&
	       is_same_log(&a->refused_logins, &b->refused_logins) &&
	       a->logins_total == b->logins_total &&
	       a->last_login_at == b->last_login_at && is_same_traffic(a, b) &&
	       a->pop3_checked_at == b->pop3_checked_at &&
	       a->view.checked_at == b->view.checked_at &&
	       a->view.uidvalidity == b->view.uidvalidity &&
	       a->view.uidnext == b->view.uidnext &&
	       a->sessions.life == b->sessions.life &&
	       a->sessions.count == b->sessions.count &&
	       is_same_guesses(a, b) && is_same_last_uses(a, b);
}

static void
make(uint64_t *random, void *out)
{
	random_usage(random, out);
}

static void
make_wild(uint64_t *random, void *out)
{
	random_wild_usage(random, out);
}

static bool
is_same(const void *in, const void *out)
{
	const struct pt_usage *decoded = out;

	return decoded->exists && is_same_usage(in, out);
}

static size_t
encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_usage_encode(record, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_usage_decode(at, len, out, err);
}

const struct record_format usage_format = {
    .size = sizeof(struct pt_usage),
    .random = make,
    .random_wild = make_wild,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};
