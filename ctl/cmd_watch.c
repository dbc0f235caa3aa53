/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* watch: the history as it is written. */

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/span.h"
#include "core/base/text.h"
#include "ctl/call.h"
#include "ctl/handlers.h"
#include "ctl/history_row.h"

#define COUNT_MAX 100000

/* So many entries are shown at a time, in the order of their numbers. */
#define ENTRIES_MAX 1024

/*
 * How often it looks whether anything was written; and the part of its time
 * that it spends with looking for what, where the history is long.
 */
#define TICK_MS    250
#define WALK_SHARE 20

struct numbered {
	uint64_t number;
	struct pt_history entry;
};

struct watch {
	struct pc_call *call;
	const struct pt_login *login; /* NULL: all */
	int64_t since;                /* 0: of any time */
	uint64_t after;               /* the last that was shown */
	struct numbered *entries;     /* ENTRIES_MAX of them, owned */
	size_t count;
	sigset_t signals;
};

static bool
keep(uint64_t number, const struct pt_history *entry, void *arg)
{
	struct watch *watch = arg;

	if (entry->note.at < watch->since)
		return true;
	watch->entries[watch->count].number = number;
	watch->entries[watch->count].entry = *entry;
	watch->count++;
	/* Those of one login come in their order. */
	return watch->login == NULL || watch->count < ENTRIES_MAX;
}

static int
compare(const void *a, const void *b)
{
	const struct numbered *x = a;
	const struct numbered *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* Shows what is there beyond watch->after; *walk_ms: how long a walk took. */
static int
show_new(struct watch *watch, int64_t *walk_ms, struct pt_err *err)
{
	int64_t began;
	uint64_t until;
	uint64_t last;
	size_t i;

	do {
		began = pt_clock_ticks_ms();
		until = watch->login == NULL ? watch->after + ENTRIES_MAX
					     : UINT64_MAX;
		watch->count = 0;
		if (pt_store_follow_history(watch->call->store, watch->login,
			watch->after, until, keep, watch, &last, err) != 0)
			return -1;
		*walk_ms = pt_clock_ticks_ms() - began;
		if (watch->count > 1)
			qsort(watch->entries, watch->count,
			    sizeof(watch->entries[0]), compare);
		for (i = 0; i < watch->count; i++)
			pc_history_row(watch->call, &watch->entries[i].entry);
		if (watch->count > 0)
			pc_output_settle(watch->call->out);
		if (last > watch->after)
			watch->after = last < until ? last : until;
	} while (last > until || watch->count == ENTRIES_MAX);
	return 0;
}

/* The numbers of the last entries, to begin with the first of them. */
struct start {
	int64_t since;
	uint64_t first; /* of since; UINT64_MAX: none yet */
	uint64_t *ring;
	size_t room;
	uint64_t seen;
};

static bool
note_start(uint64_t number, const struct pt_history *entry, void *arg)
{
	struct start *start = arg;

	if (start->room > 0) {
		start->ring[start->seen % start->room] = number;
		start->seen++;
	}
	if (start->since > 0 && entry->note.at >= start->since &&
	    number < start->first)
		start->first = number;
	return true;
}

static uint64_t
last_before(const struct watch *watch, const struct start *start, uint64_t last)
{
	uint64_t after = last;

	if (start->since > 0)
		return start->first == UINT64_MAX ? last : start->first - 1;
	if (start->room == 0)
		return last;
	/* No number is left out, so they can be counted. */
	if (watch->login == NULL)
		return last > start->room ? last - start->room : 0;
	if (start->seen > 0)
		after = start->ring[start->seen > start->room
					? start->seen % start->room
					: 0] -
			1;
	return after;
}

/* Where it begins: behind what is there, or before some of that. */
static int
find_start(struct watch *watch, uint64_t count, struct pt_err *err)
{
	struct start start = {
	    .since = watch->since,
	    .first = UINT64_MAX,
	    .room = (size_t)count,
	};
	bool is_asked = watch->since > 0 || count > 0;
	uint64_t last;
	int rc;

	if (count > 0) {
		start.ring = calloc(start.room, sizeof(*start.ring));
		if (start.ring == NULL)
			return pt_err_set(err, PT_ERR_UNAVAILABLE,
			    "cannot watch: out of memory");
	}
	rc = pt_store_follow_history(watch->call->store, watch->login,
	    is_asked ? 0 : UINT64_MAX, UINT64_MAX, note_start, &start, &last,
	    err);
	if (rc == 0)
		watch->after = last_before(watch, &start, last);
	free(start.ring);
	return rc;
}

static bool
is_closed(const struct watch *watch)
{
	struct pollfd one = {.fd = fileno(watch->call->stream)};

	if (ferror(watch->call->stream) != 0)
		return true;
	return one.fd >= 0 && poll(&one, 1, 0) > 0 &&
	       (one.revents & (POLLERR | POLLHUP)) != 0;
}

/* false: it is to end. */
static bool
wait_a_tick(const struct watch *watch, int64_t ms)
{
	struct timespec span = {
	    .tv_sec = (time_t)(ms / 1000),
	    .tv_nsec = (long)(ms % 1000) * 1000000,
	};

	if (sigtimedwait(&watch->signals, NULL, &span) >= 0)
		return false;
	return !is_closed(watch);
}

static int
follow(struct watch *watch, struct pt_err *err)
{
	uint64_t shown;
	uint64_t version;
	int64_t walk_ms = 0;

	if (pt_store_accounts_version(watch->call->store, &shown, err) != 0 ||
	    show_new(watch, &walk_ms, err) != 0)
		return -1;
	while (wait_a_tick(watch, TICK_MS + walk_ms * WALK_SHARE)) {
		if (pt_store_accounts_version(
			watch->call->store, &version, err) != 0)
			return -1;
		if (version == shown)
			continue;
		shown = version;
		if (show_new(watch, &walk_ms, err) != 0)
			return -1;
	}
	return 0;
}

static int
read_options(struct watch *watch, uint64_t *count_out, struct pt_err *err)
{
	const char *count = pc_call_option(watch->call, "n");
	const char *since = pc_call_option(watch->call, "since");
	int64_t now = watch->call->now;
	struct pt_err no_span;
	int64_t span;

	if (count != NULL &&
	    (!pt_text_to_u64(count, COUNT_MAX, count_out) || *count_out == 0))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot read -n: it is a number from 1 to %d", COUNT_MAX);
	if (since == NULL)
		return 0;
	if (count != NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot watch: take --since or -n, not both");
	if (pt_span_parse(since, &span, &no_span) == 0) {
		watch->since = now - span;
	} else if (pt_clock_parse(since, now, &watch->since, err) != 0) {
		err->kind = PT_ERR_USAGE;
		return pt_err_prefix(err, "cannot read --since");
	}
	return 0;
}

/* They end it between two rows, and not by killing it. */
static void
take_signals(struct watch *watch, sigset_t *before)
{
	(void)sigemptyset(&watch->signals);
	(void)sigaddset(&watch->signals, SIGINT);
	(void)sigaddset(&watch->signals, SIGTERM);
	(void)sigaddset(&watch->signals, SIGHUP);
	(void)sigaddset(&watch->signals, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &watch->signals, before);
}

enum pc_answer
pc_cmd_watch(struct pc_call *call, struct pt_err *err)
{
	struct watch watch = {.call = call};
	struct pt_login login;
	uint64_t count = 0;
	sigset_t before;
	int rc = -1;

	if (read_options(&watch, &count, err) != 0)
		return PC_FAILED;
	if (call->arg_count > 0) {
		if (pc_call_login(call, 0, &login, err) != 0)
			return PC_FAILED;
		watch.login = &login;
	}
	watch.entries = calloc(ENTRIES_MAX, sizeof(*watch.entries));
	if (watch.entries == NULL) {
		(void)pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot watch: out of memory");
		return PC_FAILED;
	}
	take_signals(&watch, &before);
	pc_output_live(call->out);
	pc_history_begin(call);
	if (find_start(&watch, count, err) == 0 && follow(&watch, err) == 0)
		rc = 0;
	free(watch.entries);
	/* Who reads it no more, has it all. */
	if (rc == 0 && !is_closed(&watch))
		rc = pc_output_end(call->out, err);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc == 0 ? PC_YES : PC_FAILED;
}
