/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Prints how many bytes the activity record of a typical account takes: the
 * windows 5/1m, 15/1h and 100/1d half full, filled by the rule itself with
 * messages at irregular times.
 */
#include <stdio.h>
#include <string.h>

#include "core/rules/quota.h"
#include "core/state/activity_codec.h"

#define NOW    INT64_C(1800000000)
#define DAY    86400
#define HOUR   3600
#define MINUTE 60

struct stretch {
	int64_t begins; /* seconds before NOW */
	int64_t ends;
	int messages;
};

/* 50 of the day, 7 of these in its last hour, 2 in its last minute. */
static const struct stretch stretches[] = {
    {DAY, HOUR, 43},
    {HOUR, MINUTE, 5},
    {MINUTE, 0, 2},
};

static int
add_window(struct pt_plan *plan, uint64_t limit, int64_t seconds)
{
	struct pt_window window = {.limit = limit, .seconds = seconds};
	struct pt_err err;

	if (pt_windows_add(&plan->messages, &window, &err) == -1) {
		(void)fprintf(stderr, "record-size: %s\n", err.text);
		return -1;
	}
	return 0;
}

static int
charge_at(const struct pt_plan *plan, struct pt_activity *activity, int64_t at)
{
	static struct pt_account account;
	struct pt_charge charge = {.amount = {1, 1, 40000}};
	struct pt_verdict verdict;
	char id[32];
	int len = snprintf(id, sizeof(id), "4YkPq%llxz3c9f", (long long)at);

	pt_account_init(&account, &activity->login);
	charge.hash = pt_charge_hash(id, (size_t)len);
	verdict = pt_quota_charge(plan, &account, activity, &charge, at);
	if (verdict.code != PT_VERDICT_PERMIT) {
		(void)fprintf(stderr, "record-size: a message was refused\n");
		return -1;
	}
	return 0;
}

/* Evenly over the stretch, each moved by up to half a step. */
static int
fill(const struct pt_plan *plan, struct pt_activity *activity,
    const struct stretch *s)
{
	int64_t step = (s->begins - s->ends) / s->messages;
	uint32_t random = 1;
	int64_t moved;
	int i;

	for (i = 0; i < s->messages; i++) {
		random = random * 1664525 + 1013904223;
		moved = (int64_t)(random >> 8) % (step / 2);
		if (charge_at(plan, activity,
			NOW - s->begins + i * step + moved) == -1)
			return -1;
	}
	return 0;
}

int
main(void)
{
	static struct pt_plan plan;
	static struct pt_activity activity;
	static unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	const char *login_text = "user0000001@example.com";
	struct pt_login login;
	struct pt_err err;
	size_t i;

	if (pt_login_parse(
		login_text, strlen(login_text), NULL, &login, &err) == -1) {
		(void)fprintf(stderr, "record-size: %s\n", err.text);
		return 1;
	}
	if (add_window(&plan, 5, MINUTE) == -1 ||
	    add_window(&plan, 15, HOUR) == -1 ||
	    add_window(&plan, 100, DAY) == -1)
		return 1;
	pt_activity_init(&activity, &login);
	for (i = 0; i < sizeof(stretches) / sizeof(stretches[0]); i++) {
		if (fill(&plan, &activity, &stretches[i]) == -1)
			return 1;
	}
	(void)printf(
	    "%zu\n", pt_activity_encode(&activity, bytes, sizeof(bytes)));
	return 0;
}
