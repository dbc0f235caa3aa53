/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A load generator for milters; "milter-load --help" lists its options.  It
 * prints one JSON object.  Exit code 0; 1 if the run failed, connections were
 * lost, or --expect-accept was not met; 64 for a wrong command line.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench_number.h"
#include "tests/bench/milter_loop.h"
#include "tests/bench/milter_mail.h"

#define MAX_CONNECTIONS 10000
#define MAX_MESSAGES    1000000000

static const char usage[] =
    "usage: milter-load --connect unix:PATH | inet:HOST:PORT [OPTION ...]\n"
    "  --connections N     one message at a time on each (100)\n"
    "  --accounts N        logins user0000001@example.com and on (1000)\n"
    "  --per-connection N  messages, then a new connection; 0: no end (0)\n"
    "  --messages N        so many in all, instead of by time\n"
    "  --seconds S         measure for so long (5)\n"
    "  --warmup S          and before that, unmeasured (1)\n"
    "  --seed N            of the random choices (1)\n"
    "  --pid N             of the filter, whose memory is shown\n"
    "  --expect-accept     exit 1 if a message was refused\n";

enum option_letter {
	OPT_CONNECT = 'a',
	OPT_CONNECTIONS,
	OPT_ACCOUNTS,
	OPT_PER_CONNECTION,
	OPT_MESSAGES,
	OPT_SECONDS,
	OPT_WARMUP,
	OPT_SEED,
	OPT_PID,
	OPT_EXPECT_ACCEPT,
	OPT_HELP,
};

static const struct option long_options[] = {
    {"connect", required_argument, NULL, OPT_CONNECT},
    {"connections", required_argument, NULL, OPT_CONNECTIONS},
    {"accounts", required_argument, NULL, OPT_ACCOUNTS},
    {"per-connection", required_argument, NULL, OPT_PER_CONNECTION},
    {"messages", required_argument, NULL, OPT_MESSAGES},
    {"seconds", required_argument, NULL, OPT_SECONDS},
    {"warmup", required_argument, NULL, OPT_WARMUP},
    {"seed", required_argument, NULL, OPT_SEED},
    {"pid", required_argument, NULL, OPT_PID},
    {"expect-accept", no_argument, NULL, OPT_EXPECT_ACCEPT},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

struct command_line {
	struct milter_loop_options loop;
	uint32_t pid; /* 0: none */
	bool expect_accept;
};

static bool
parse_option(struct command_line *c, int letter, const char *value)
{
	struct milter_loop_options *o = &c->loop;

	switch (letter) {
	case OPT_CONNECT:
		return bench_address_parse(value, &o->address) == 0;
	case OPT_CONNECTIONS:
		return bench_number_count(
		    value, 1, MAX_CONNECTIONS, &o->connections);
	case OPT_ACCOUNTS:
		return bench_number_count(
		    value, 1, MILTER_MAIL_ACCOUNTS, &o->accounts);
	case OPT_PER_CONNECTION:
		return bench_number_count(
		    value, 0, MAX_MESSAGES, &o->per_connection);
	case OPT_MESSAGES:
		return bench_number_count(value, 1, MAX_MESSAGES, &o->messages);
	case OPT_SECONDS:
		return bench_number_seconds(value, &o->seconds);
	case OPT_WARMUP:
		return bench_number_seconds(value, &o->warmup);
	case OPT_SEED:
		return bench_number_seed(value, &o->seed);
	case OPT_PID:
		return bench_number_count(value, 1, UINT32_MAX / 2, &c->pid);
	case OPT_EXPECT_ACCEPT:
		c->expect_accept = true;
		return true;
	default:
		return false;
	}
}

/* 1: help was asked for and given. */
static int
parse(struct command_line *c, int argc, char **argv)
{
	int letter;

	*c = (struct command_line){.loop = {.connections = 100,
				       .accounts = 1000,
				       .seconds = 5,
				       .warmup = 1,
				       .seed = 1}};
	for (;;) {
		letter = getopt_long(argc, argv, "", long_options, NULL);
		if (letter == -1)
			break;
		if (letter == OPT_HELP) {
			(void)fputs(usage, stdout);
			return 1;
		}
		if (letter == '?' || !parse_option(c, letter, optarg)) {
			(void)fprintf(stderr,
			    "milter-load: cannot use an option%s%s\n%s",
			    letter == '?' ? "" : ": its value is ",
			    letter == '?' ? "" : optarg, usage);
			return -1;
		}
	}
	if (c->loop.address.len == 0 || optind != argc) {
		(void)fputs(usage, stderr);
		return -1;
	}
	return 0;
}

/* Kilobytes that the process holds in memory; 0 if that cannot be seen. */
static unsigned long
resident(uint32_t pid)
{
	static const char name[] = "VmRSS:";
	char line[256];
	unsigned long kilobytes = 0;
	FILE *file;

	(void)snprintf(line, sizeof(line), "/proc/%" PRIu32 "/status", pid);
	file = fopen(line, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, name, strlen(name)) == 0)
			kilobytes = strtoul(line + strlen(name), NULL, 10);
	}
	(void)fclose(file);
	return kilobytes;
}

static double
quantile_us(const struct milter_loop_stats *s, double share)
{
	return (double)bench_histogram_quantile(&s->latency, share) / 1000;
}

static void
print(const struct command_line *c, const struct milter_loop_stats *s)
{
	uint64_t answers = s->accepted + s->refused;
	const char *at;

	(void)printf("{\"rate\": %.1f, \"seconds\": %.3f, \"p50_us\": %.1f, "
		     "\"p99_us\": %.1f, \"p999_us\": %.1f, \"max_us\": %.1f, "
		     "\"cpu_seconds\": %.3f, \"answers\": %" PRIu64
		     ", \"refused\": %" PRIu64 ", \"errors\": %" PRIu64
		     ", \"replies_each\": %.2f, \"resident_kb\": %lu, "
		     "\"steps\": \"%" PRIx32 "\", \"symbols\": [",
	    s->measured_seconds > 0 ? (double)s->measured / s->measured_seconds
				    : 0,
	    s->measured_seconds, quantile_us(s, 0.5), quantile_us(s, 0.99),
	    quantile_us(s, 0.999), (double)s->latency.max_ns / 1000,
	    s->cpu_seconds, answers, s->refused, s->errors,
	    answers > 0 ? (double)s->replies / (double)answers : 0,
	    c->pid > 0 ? resident(c->pid) : 0, s->steps);
	/* Names of macros hold nothing that JSON would mind. */
	for (at = s->symbols; *at != '\0'; at += strlen(at) + 1)
		(void)printf("%s\"%s\"", at == s->symbols ? "" : ", ", at);
	(void)fputs("]}\n", stdout);
}

int
main(int argc, char **argv)
{
	static struct milter_loop_stats stats;
	struct command_line c;
	int rc = parse(&c, argc, argv);

	if (rc != 0)
		return rc == -1 ? 64 : 0;
	if (milter_loop_run(&c.loop, &stats) == -1)
		return 1;
	print(&c, &stats);
	if (stats.errors > 0) {
		(void)fprintf(stderr,
		    "milter-load: connections lost or replies not "
		    "understood\n");
		return 1;
	}
	if (c.expect_accept && stats.refused > 0) {
		(void)fprintf(
		    stderr, "milter-load: not every message was accepted\n");
		return 1;
	}
	return 0;
}
