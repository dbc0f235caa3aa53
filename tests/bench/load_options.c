/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/load_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/bench_number.h"
#include "tests/bench/load_request.h"

#define MAX_CONNECTIONS 20000

static const char usage[] =
    "usage: load --connect unix:PATH | inet:HOST:PORT [OPTION ...]\n"
    "  --connections N   one outstanding request on each (100)\n"
    "  --accounts N      logins user0000001@example.com and on (1000)\n"
    "  --zipf            accounts by Zipf's law, exponent 1; else uniform\n"
    "  --sequential      each account once, in order, then end\n"
    "  --scattered       each account once, all over the place, then end\n"
    "  --mix charge      END-OF-MESSAGE only (default)\n"
    "  --mix postfix     RCPT and END-OF-MESSAGE of each message\n"
    "  --seconds S       measure for so long (5)\n"
    "  --warmup S        and before that, unmeasured (1)\n"
    "  --seed N          of the random choices (1)\n"
    "  --expect-dunno    exit 1 if anything but DUNNO is answered\n"
    "  --json            figures as one JSON object\n";

enum option_letter {
	OPT_CONNECT = 'a',
	OPT_CONNECTIONS,
	OPT_ACCOUNTS,
	OPT_ZIPF,
	OPT_SEQUENTIAL,
	OPT_SCATTERED,
	OPT_MIX,
	OPT_SECONDS,
	OPT_WARMUP,
	OPT_SEED,
	OPT_EXPECT_DUNNO,
	OPT_JSON,
	OPT_HELP,
};

static const struct option long_options[] = {
    {"connect", required_argument, NULL, OPT_CONNECT},
    {"connections", required_argument, NULL, OPT_CONNECTIONS},
    {"accounts", required_argument, NULL, OPT_ACCOUNTS},
    {"zipf", no_argument, NULL, OPT_ZIPF},
    {"sequential", no_argument, NULL, OPT_SEQUENTIAL},
    {"scattered", no_argument, NULL, OPT_SCATTERED},
    {"mix", required_argument, NULL, OPT_MIX},
    {"seconds", required_argument, NULL, OPT_SECONDS},
    {"warmup", required_argument, NULL, OPT_WARMUP},
    {"seed", required_argument, NULL, OPT_SEED},
    {"expect-dunno", no_argument, NULL, OPT_EXPECT_DUNNO},
    {"json", no_argument, NULL, OPT_JSON},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static bool
parse_mix(const char *text, enum load_mix *out)
{
	if (strcmp(text, "charge") == 0)
		*out = LOAD_MIX_CHARGE;
	else if (strcmp(text, "postfix") == 0)
		*out = LOAD_MIX_POSTFIX;
	else
		return false;
	return true;
}

static int
parse_value(struct load_options *o, int letter, const char *value)
{
	bool fits = false;

	switch (letter) {
	case OPT_CONNECT:
		fits = bench_address_parse(value, &o->address) == 0;
		break;
	case OPT_CONNECTIONS:
		fits = bench_number_count(
		    value, 1, MAX_CONNECTIONS, &o->connections);
		break;
	case OPT_ACCOUNTS:
		fits = bench_number_count(
		    value, 1, LOAD_REQUEST_MAX_ACCOUNTS, &o->accounts);
		break;
	case OPT_MIX:
		fits = parse_mix(value, &o->mix);
		break;
	case OPT_SECONDS:
		fits = bench_number_seconds(value, &o->seconds);
		break;
	case OPT_WARMUP:
		fits = bench_number_seconds(value, &o->warmup);
		break;
	case OPT_SEED:
		fits = bench_number_seed(value, &o->seed);
		break;
	default:
		break;
	}
	if (!fits)
		(void)fprintf(
		    stderr, "load: cannot use the value \"%s\"\n", value);
	return fits ? 0 : -1;
}

/* Options without a value; false if it is none of them. */
static bool
set_flag(struct load_options *o, int letter)
{
	switch (letter) {
	case OPT_ZIPF:
		o->order = LOAD_PICK_ZIPF;
		return true;
	case OPT_SEQUENTIAL:
		o->order = LOAD_PICK_SEQUENTIAL;
		return true;
	case OPT_SCATTERED:
		o->order = LOAD_PICK_SCATTERED;
		return true;
	case OPT_EXPECT_DUNNO:
		o->expect_dunno = true;
		return true;
	case OPT_JSON:
		o->json = true;
		return true;
	default:
		return false;
	}
}

int
load_options_parse(struct load_options *o, int argc, char **argv)
{
	int letter;

	*o = (struct load_options){.connections = 100,
	    .accounts = 1000,
	    .order = LOAD_PICK_UNIFORM,
	    .mix = LOAD_MIX_CHARGE,
	    .seconds = 5,
	    .warmup = 1,
	    .seed = 1};
	for (;;) {
		letter = getopt_long(argc, argv, "", long_options, NULL);
		if (letter == -1)
			break;
		if (letter == OPT_HELP) {
			(void)fputs(usage, stdout);
			return 1;
		}
		if (letter == '?')
			return -1;
		if (!set_flag(o, letter) &&
		    parse_value(o, letter, optarg) == -1)
			return -1;
	}
	if (o->address.len == 0 || optind != argc) {
		(void)fputs(usage, stderr);
		return -1;
	}
	return 0;
}
