/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/window.h"

#include <string.h>

static bool
counts(const struct pt_window_entry *entry, int64_t seconds, int64_t now)
{
	return now - entry->at <= seconds;
}

static uint64_t
add_saturated(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t
pt_window_used(const struct pt_window_log *log, int64_t seconds, int64_t now)
{
	uint64_t used = 0;
	size_t i = log->count;

	while (i > 0 && counts(&log->entry[i - 1], seconds, now)) {
		i--;
		used = add_saturated(used, log->entry[i].amount);
	}
	return used;
}

int64_t
pt_window_free_at(const struct pt_window_log *log,
    const struct pt_window *window, uint64_t amount, int64_t now)
{
	uint64_t used = 0;
	size_t i;

	if (amount > window->limit)
		return -1;
	/* From the newest back: the first that does not fit must go first. */
	for (i = log->count; i > 0; i--) {
		if (!counts(&log->entry[i - 1], window->seconds, now))
			break;
		used = add_saturated(used, log->entry[i - 1].amount);
		if (used > window->limit - amount)
			return log->entry[i - 1].at + window->seconds + 1;
	}
	return now;
}

const struct pt_window *
pt_window_full(const struct pt_window_log *log,
    const struct pt_windows *windows, uint64_t amount, int64_t now,
    int64_t *free_at_out)
{
	const struct pt_window *last = NULL;
	int64_t free_at;
	size_t i;

	for (i = 0; i < windows->count; i++) {
		free_at = pt_window_free_at(log, &windows->at[i], amount, now);
		if (free_at == now)
			continue;
		if (last != NULL && free_at >= 0 &&
		    (*free_at_out < 0 || free_at <= *free_at_out))
			continue;
		last = &windows->at[i];
		*free_at_out = free_at;
	}
	return last;
}

static void
drop_oldest(struct pt_window_log *log, unsigned n)
{
	log->count -= n;
	memmove(log->entry, log->entry + n, log->count * sizeof(log->entry[0]));
}

/* The length of the shortest window in which an entry of that age counts. */
static int64_t
shortest_window(const struct pt_windows *windows, int64_t age)
{
	size_t i;

	for (i = 0; i + 1 < windows->count; i++) {
		if (age <= windows->at[i].seconds)
			break;
	}
	return windows->at[i].seconds;
}

/*
 * What joining entry i with its successor costs: how long the older units
 * would be held too long, as parts in 2^20 of the window that feels it.
 */
static uint64_t
join_cost(const struct pt_window_log *log, unsigned i,
    const struct pt_windows *windows, int64_t now)
{
	const struct pt_window_entry *entry = &log->entry[i];
	int64_t span = entry[1].at - entry[0].since;

	return ((uint64_t)span << 20) /
	       (uint64_t)shortest_window(windows, now - entry[1].at);
}

static void
join_cheapest(
    struct pt_window_log *log, const struct pt_windows *windows, int64_t now)
{
	uint64_t best_cost = UINT64_MAX;
	uint64_t cost;
	unsigned best = 0;
	unsigned i;

	for (i = 0; i + 1 < log->count; i++) {
		cost = join_cost(log, i, windows, now);
		if (cost < best_cost) {
			best_cost = cost;
			best = i;
		}
	}
	log->entry[best + 1].since = log->entry[best].since;
	log->entry[best + 1].amount =
	    add_saturated(log->entry[best].amount, log->entry[best + 1].amount);
	log->count--;
	memmove(log->entry + best, log->entry + best + 1,
	    (log->count - best) * sizeof(log->entry[0]));
}

void
pt_window_add(struct pt_window_log *log, const struct pt_windows *windows,
    uint64_t amount, int64_t now)
{
	struct pt_window_entry *last;
	unsigned gone = 0;

	if (windows->count == 0) {
		log->count = 0;
		return;
	}
	while (gone < log->count &&
	       !counts(&log->entry[gone],
		   windows->at[windows->count - 1].seconds, now))
		gone++;
	if (gone > 0)
		drop_oldest(log, gone);
	if (amount == 0)
		return;
	if (log->count > 0) {
		last = &log->entry[log->count - 1];
		if (last->at == now) {
			last->amount = add_saturated(last->amount, amount);
			return;
		}
	}
	if (log->count == PT_WINDOW_LOG_MAX)
		join_cheapest(log, windows, now);
	last = &log->entry[log->count++];
	last->at = now;
	last->since = now;
	last->amount = amount;
}

void
pt_window_take(struct pt_window_log *log, uint64_t amount, int64_t at)
{
	struct pt_window_entry *entry;
	unsigned i = log->count;

	while (i > 0 && log->entry[i - 1].since > at)
		i--;
	if (i == 0 || log->entry[i - 1].at < at)
		return;
	entry = &log->entry[i - 1];
	if (entry->amount > amount) {
		entry->amount -= amount;
		return;
	}
	log->count--;
	memmove(entry, entry + 1, (log->count - (i - 1)) * sizeof(*entry));
}
