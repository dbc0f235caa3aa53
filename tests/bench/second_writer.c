/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A second program that changes the state beside policyd, as a milter does:
 * small transactions at a steady rate, each timed from before it waits for
 * the writer lock until its commit is done.
 *
 *     second-writer STATE_DIR SECONDS RATE ACCOUNTS
 *
 * Logins are drawn evenly from user0000001@example.com and on.  Prints one
 * JSON object.  A transaction that takes longer than its turn also counts for
 * the turns that it made late.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/state/store.h"
#include "tests/bench/bench_histogram.h"
#include "tests/bench/load_pick.h"

struct writer {
	struct pt_store *store;
	struct load_pick pick;
	struct pt_err err;
};

/* A change that every program may make and that is in nobody's way. */
static void
note_sent(struct pt_records *records, void *arg)
{
	const int64_t *now = arg;

	records->activity->total[PT_COUNT_MESSAGES]++;
	records->activity->last_sent_at = *now;
	records->activity_changed = true;
}

static int
write_once(struct writer *w)
{
	char text[64];
	struct pt_login login;
	uint32_t account;
	int64_t now = pt_clock_now();
	int len;

	(void)load_pick_next(&w->pick, &account);
	len = snprintf(
	    text, sizeof(text), "user%07" PRIu32 "@example.com", account);
	if (pt_login_parse(text, (size_t)len, NULL, &login, &w->err) == -1)
		return -1;
	return pt_store_update_one(
	    w->store, PT_UPDATE_ACTIVITY, &login, note_sent, &now, &w->err);
}

static void
sleep_until(uint64_t at_ns)
{
	struct timespec ts = {.tv_sec = (time_t)(at_ns / 1000000000),
	    .tv_nsec = (long)(at_ns % 1000000000)};

	while (
	    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		continue;
}

static int
write_steadily(struct writer *w, double seconds, uint64_t interval_ns,
    struct bench_histogram *waits)
{
	uint64_t due = bench_histogram_clock_ns();
	uint64_t until = due + (uint64_t)(seconds * 1e9);
	uint64_t begun;
	uint64_t done = due;

	while (done < until) {
		sleep_until(due);
		begun = bench_histogram_clock_ns();
		if (write_once(w) == -1)
			return -1;
		done = bench_histogram_clock_ns();
		bench_histogram_add_paced(waits, done - begun, interval_ns);
		due += interval_ns;
		/* Turns that were missed are counted, not caught up on. */
		while (due < done)
			due += interval_ns;
	}
	return 0;
}

static void
print_waits(const struct bench_histogram *h)
{
	(void)printf("{\"transactions\": %" PRIu64 ", \"p50_us\": %.1f, "
		     "\"p99_us\": %.1f, \"p999_us\": %.1f, "
		     "\"max_us\": %.1f}\n",
	    h->total, (double)bench_histogram_quantile(h, 0.5) / 1000,
	    (double)bench_histogram_quantile(h, 0.99) / 1000,
	    (double)bench_histogram_quantile(h, 0.999) / 1000,
	    (double)h->max_ns / 1000);
}

/* A number within bounds, or 0. */
static double
parse_number(const char *text, double min, double max)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !(value >= min && value <= max))
		return 0;
	return value;
}

int
main(int argc, char **argv)
{
	static struct bench_histogram waits;
	struct writer w = {0};
	double seconds = argc == 5 ? parse_number(argv[2], 0.001, 3600) : 0;
	double rate = argc == 5 ? parse_number(argv[3], 1, 1e6) : 0;
	double accounts = argc == 5 ? parse_number(argv[4], 1, 9999999) : 0;
	int rc;

	if (seconds <= 0 || rate <= 0 || accounts <= 0) {
		(void)fprintf(stderr,
		    "usage: second-writer STATE_DIR SECONDS RATE ACCOUNTS\n");
		return 64;
	}
	load_pick_init(&w.pick, LOAD_PICK_UNIFORM, (uint32_t)accounts,
	    bench_histogram_clock_ns());
	rc = pt_store_open(argv[1], PT_STORE_WRITE, &w.store, &w.err);
	if (rc == 0)
		rc =
		    write_steadily(&w, seconds, (uint64_t)(1e9 / rate), &waits);
	if (rc == -1)
		(void)fprintf(stderr, "second-writer: %s\n", w.err.text);
	else
		print_waits(&waits);
	pt_store_close(w.store);
	return rc == -1 ? 1 : 0;
}
