/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Which account sends the next message: at random (uniformly or by Zipf's
 * law), or each exactly once.  Accounts are numbered 1 to N.
 */
#ifndef TESTS_BENCH_LOAD_PICK_H
#define TESTS_BENCH_LOAD_PICK_H

#include <stdbool.h>
#include <stdint.h>

enum load_pick_order {
	LOAD_PICK_UNIFORM,
	LOAD_PICK_ZIPF,       /* account of rank k with weight 1/k */
	LOAD_PICK_SEQUENTIAL, /* each once, in the order of the logins */
	LOAD_PICK_SCATTERED,  /* each once, all over the place */
};

struct load_pick {
	enum load_pick_order order;
	uint32_t accounts;
	uint64_t random;   /* state of the generator */
	uint32_t step;     /* no common divisor with accounts: visits all */
	uint32_t given;    /* of the orders that end */
	unsigned octaves;  /* Zipf: those in use */
	double octave[32]; /* Zipf: weight of all ranks below 2^(i+1) */
};

/* accounts is at least 1. */
void
load_pick_init(struct load_pick *p, enum load_pick_order order,
    uint32_t accounts, uint64_t seed);

/* False when every account has had its turn; random orders never end. */
bool
load_pick_next(struct load_pick *p, uint32_t *account_out);

/* A random number below limit. */
uint32_t
load_pick_below(struct load_pick *p, uint32_t limit);

#endif
