/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/load_pick.h"

/* SplitMix64: one multiplication chain, good enough and next to free. */
static uint64_t
next_random(struct load_pick *p)
{
	uint64_t z;

	p->random += UINT64_C(0x9e3779b97f4a7c15);
	z = p->random;
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t
load_pick_below(struct load_pick *p, uint32_t limit)
{
	return (uint32_t)(((next_random(p) >> 32) * limit) >> 32);
}

static double
next_unit(struct load_pick *p)
{
	return (double)(next_random(p) >> 11) / 9007199254740992.0;
}

static uint32_t
common_divisor(uint32_t a, uint32_t b)
{
	uint32_t rest;

	while (b != 0) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static void
init_octaves(struct load_pick *p)
{
	double sum = 0;
	uint32_t rank;
	unsigned octave = 0;

	for (rank = 1; rank <= p->accounts; rank++) {
		if (rank >> (octave + 1) != 0)
			octave++;
		sum += 1.0 / rank;
		p->octave[octave] = sum;
	}
	p->octaves = octave + 1;
}

void
load_pick_init(struct load_pick *p, enum load_pick_order order,
    uint32_t accounts, uint64_t seed)
{
	*p = (struct load_pick){
	    .order = order, .accounts = accounts, .random = seed};
	/* About the golden section, so that neighbours in time lie apart. */
	p->step = (uint32_t)((double)accounts * 0.6180339887) | 1;
	while (common_divisor(accounts, p->step) != 1)
		p->step += 2;
	if (order == LOAD_PICK_ZIPF)
		init_octaves(p);
}

/* The index-th account of an order that jumps about and meets each once. */
static uint32_t
scatter(const struct load_pick *p, uint32_t index)
{
	return (uint32_t)((uint64_t)index * p->step % p->accounts) + 1;
}

/*
 * Exact without logarithms: the octave [2^i, 2^(i+1)) is drawn by its true
 * weight; within it 1/k varies by a factor of two only, so that drawing
 * evenly and rejecting costs less than two rounds.
 */
static uint32_t
zipf_rank(struct load_pick *p)
{
	unsigned octave = 0;
	uint32_t first;
	uint32_t count;
	uint32_t rank;
	double at = next_unit(p) * p->octave[p->octaves - 1];

	while (octave + 1 < p->octaves && at >= p->octave[octave])
		octave++;
	first = UINT32_C(1) << octave;
	count = p->accounts - first + 1;
	if (count > first)
		count = first;
	do {
		rank = first + load_pick_below(p, count);
	} while (next_unit(p) * rank >= first);
	return rank;
}

bool
load_pick_next(struct load_pick *p, uint32_t *account_out)
{
	switch (p->order) {
	case LOAD_PICK_UNIFORM:
		*account_out = load_pick_below(p, p->accounts) + 1;
		return true;
	case LOAD_PICK_ZIPF:
		/* Busy accounts must not be neighbours in the database. */
		*account_out = scatter(p, zipf_rank(p) - 1);
		return true;
	case LOAD_PICK_SEQUENTIAL:
		if (p->given == p->accounts)
			return false;
		*account_out = ++p->given;
		return true;
	case LOAD_PICK_SCATTERED:
		if (p->given == p->accounts)
			return false;
		*account_out = scatter(p, p->given++);
		return true;
	}
	return false;
}
