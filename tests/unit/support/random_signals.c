/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_signals.h"

#include "core/state/signals_codec.h"
#include "tests/unit/support/random_log.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

static void
random_clients(uint64_t *random, int64_t latest, struct pt_signals *out)
{
	int64_t at = latest;

	out->client_count =
	    (unsigned)test_random_below(random, PT_CLIENTS_MAX + 1);
	for (unsigned i = out->client_count; i-- > 0;) {
		out->clients[i].at = at;
		out->clients[i].hash = (uint32_t)random_number(random, 32);
		at = random_time(random, 9, at);
	}
}

/* Each recipient sets up to four bits. */
static void
random_sketch(uint64_t *random, struct pt_sketch *out)
{
	out->count = 1 + (uint32_t)test_random_below(random, 300);
	for (unsigned i = 0; i < 4 * out->count; i++) {
		uint64_t bit = test_random_below(random, 8 * PT_SKETCH_BYTES);

		out->bits[bit / 8] |= (unsigned char)(1U << bit % 8);
	}
}

void
random_signals(uint64_t *state, struct pt_signals *out)
{
	struct pt_login login = random_login(state);
	int64_t latest = (int64_t)random_number(state, 40);

	memset(out, 0xee, sizeof(*out));
	pt_signals_init(out, &login);
	if (random_chance(state, 60))
		random_clients(state, random_time(state, 40, latest), out);
	if (random_chance(state, 60))
		random_log(
		    state, random_time(state, 40, latest), &out->strangers);
	if (random_chance(state, 40))
		random_sketch(state, &out->now);
	if (random_chance(state, 20))
		random_sketch(state, &out->before);
}

/* One without recipients, one without bits. */
static void
random_wild_sketch(uint64_t *random, struct pt_sketch *out)
{
	if (random_chance(random, 20))
		out->count = (uint32_t)random_number(random, 32);
	if (random_chance(random, 20))
		memset(out->bits, 0, sizeof(out->bits));
}

void
random_wild_signals(uint64_t *state, struct pt_signals *out)
{
	random_signals(state, out);
	for (unsigned i = 0; i < out->client_count; i++) {
		if (random_chance(state, 50))
			out->clients[i].at = random_wild_time(state);
	}
	random_wild_log(state, &out->strangers);
	random_wild_sketch(state, &out->now);
	random_wild_sketch(state, &out->before);
}

static bool
is_same_sketch(const struct pt_sketch *a, const struct pt_sketch *b)
{
	return a->count == b->count &&
	       memcmp(a->bits, b->bits, sizeof(a->bits)) == 0;
}

bool
is_same_signals(const struct pt_signals *a, const struct pt_signals *b)
{
	if (a->client_count != b->client_count)
		return false;
	for (unsigned i = 0; i < a->client_count; i++) {
		if (a->clients[i].hash != b->clients[i].hash ||
		    a->clients[i].at != b->clients[i].at)
			return false;
	}
	return pt_login_equal(&a->login, &b->login) &&
	       is_same_log(&a->strangers, &b->strangers) &&
	       is_same_sketch(&a->now, &b->now) &&
	       is_same_sketch(&a->before, &b->before);
}

static void
make(uint64_t *random, void *out)
{
	random_signals(random, out);
}

static void
make_wild(uint64_t *random, void *out)
{
	random_wild_signals(random, out);
}

static bool
is_same(const void *in, const void *out)
{
	const struct pt_signals *decoded = out;

	return decoded->exists && is_same_signals(in, out);
}

static size_t
encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_signals_encode(record, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_signals_decode(at, len, out, err);
}

const struct record_format signals_format = {
    .size = sizeof(struct pt_signals),
    .random = make,
    .random_wild = make_wild,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};
