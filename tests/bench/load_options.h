/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The load generator's command line. */
#ifndef TESTS_BENCH_LOAD_OPTIONS_H
#define TESTS_BENCH_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/bench_address.h"
#include "tests/bench/load_pick.h"

enum load_mix {
	LOAD_MIX_CHARGE,  /* END-OF-MESSAGE only: every request is charged */
	LOAD_MIX_POSTFIX, /* RCPT, then END-OF-MESSAGE of the same message */
};

struct load_options {
	struct bench_address address;
	uint32_t connections;
	uint32_t accounts;
	enum load_pick_order order;
	enum load_mix mix;
	double seconds; /* measured; of no effect if order visits each once */
	double warmup;  /* before that, not measured */
	uint64_t seed;
	bool expect_dunno;
	bool json;
};

/*
 * Fills *o.  Returns 0; 1 if help was asked for and printed; -1 after
 * telling on standard error what is wrong.
 */
int
load_options_parse(struct load_options *o, int argc, char **argv);

#endif
