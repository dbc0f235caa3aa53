/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/report.h"

#include <stdlib.h>
#include <string.h>

#define HOUR 3600
#define DAY  86400

/* Hours, or days, that one bar stands for, so that all of them fit. */
static unsigned
choose_step(unsigned count, unsigned most)
{
	static const unsigned steps[] = {1, 2, 3, 6, 12, 24, 48, 96};
	size_t i = 0;

	while (count / steps[i] > most)
		i++;
	return steps[i];
}

struct pc_report *
pc_report_new(int64_t now, unsigned days)
{
	struct pc_report *report = calloc(1, sizeof(*report));
	unsigned hours = days * 24;
	int64_t bar;

	if (report == NULL)
		return NULL;
	report->made_at = now;
	report->days = days;
	report->bar_hours = choose_step(hours, 168);
	report->bar_count = (hours + report->bar_hours - 1) / report->bar_hours;
	/* Bars begin at full parts of a day. */
	bar = (int64_t)report->bar_hours * HOUR;
	report->from = now - now % bar + bar - (int64_t)report->bar_count * bar;
	report->block_days = choose_step(days, 120);
	report->block_bar_count =
	    (days + report->block_days - 1) / report->block_days;
	return report;
}

void
pc_report_free(struct pc_report *report)
{
	if (report != NULL)
		free(report->one);
	free(report);
}

uint64_t
pc_report_sum(const uint64_t counts[PT_COUNTER_REASONS])
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < PT_COUNTER_REASONS; i++)
		sum += counts[i];
	return sum;
}

static bool
add_hour(const struct pt_hour *hour, void *arg)
{
	struct pc_report *report = arg;
	struct pc_report_bar *bar;
	int64_t index;
	size_t i;

	index = (hour->start - report->from) / (report->bar_hours * HOUR);
	if (hour->start < report->from || index < 0 ||
	    (uint64_t)index >= report->bar_count)
		return true;
	bar = &report->bars[index];
	bar->permitted += hour->permitted;
	bar->refused += pc_report_sum(hour->refused);
	report->permitted += hour->permitted;
	for (i = 0; i < PT_COUNTER_REASONS; i++) {
		report->refused[i] += hour->refused[i];
		report->observed[i] += hour->observed[i];
	}
	return true;
}

enum pt_block_reason
pc_report_block_of(const struct pt_history *entry)
{
	static const char key[] = "reason=";
	const char *at = entry->note.detail;
	const char *name;
	size_t len;
	unsigned i;

	if (strcmp(entry->note.what, "block") != 0 ||
	    strncmp(at, key, sizeof(key) - 1) != 0)
		return PT_BLOCK_NONE;
	at += sizeof(key) - 1;
	len = strcspn(at, " ");
	for (i = 1; i < PC_REPORT_REASONS; i++) {
		name = pt_block_reason_name((enum pt_block_reason)i);
		if (name != NULL && strlen(name) == len &&
		    memcmp(name, at, len) == 0)
			return (enum pt_block_reason)i;
	}
	return PT_BLOCK_NONE;
}

static bool
add_entry(const struct pt_history *entry, void *arg)
{
	struct pc_report *report = arg;
	enum pt_block_reason reason = pc_report_block_of(entry);
	int64_t span = (int64_t)report->block_days * DAY;
	int64_t end = report->made_at - report->made_at % DAY + DAY;
	int64_t from = end - (int64_t)report->block_bar_count * span;

	if (reason == PT_BLOCK_NONE || entry->note.at < from ||
	    entry->note.at >= end)
		return true;
	report->blocks[(entry->note.at - from) / span][reason]++;
	return true;
}

struct walk {
	struct pc_call *call;
	struct pc_report *report;
};

static bool
add_account(
    const struct pt_account *account, const struct pt_err *err, void *arg)
{
	const struct walk *walk = arg;

	if (account == NULL) {
		pc_call_skip(walk->call, err);
		return true;
	}
	walk->report->accounts++;
	walk->report->access_on += account->access == PT_ACCESS_ON;
	walk->report->locked += account->lock.at != 0;
	if ((unsigned)account->block_reason < PC_REPORT_REASONS)
		walk->report->blocked[account->block_reason]++;
	return true;
}

static int
add_counters(struct pc_call *call, const char *program,
    struct pc_report *report, struct pt_err *err)
{
	struct pt_counters counters;

	if (pt_store_get_counters(call->store, program, &counters, err) != 0)
		return -1;
	report->permitted_ever += counters.permitted;
	report->refused_ever += pc_report_sum(counters.refused);
	return 0;
}

int
pc_report_gather(
    struct pc_call *call, struct pc_report *report, struct pt_err *err)
{
	struct walk walk = {call, report};

	if (add_counters(call, "policyd", report, err) != 0 ||
	    add_counters(call, "milter", report, err) != 0 ||
	    pt_store_each_hour(
		call->store, report->from, add_hour, report, err) != 0 ||
	    pt_store_each_history(call->store, NULL, add_entry, report, err) !=
		0 ||
	    pt_store_each_account(call->store, add_account, &walk, err) != 0)
		return -1;
	return pc_report_gather_fill(call, report, err);
}
