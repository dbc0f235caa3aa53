/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Prints how many bytes the activity record of a typical account takes: the
 * windows 5/1m, 15/1h and 100/1d half full, filled by the rule itself with
 * messages at irregular times.  With the argument "usage", the usage record:
 * two app passwords, each looking for mail every five minutes.
 */
#include <stdio.h>
#include <string.h>

#include "core/rules/quota.h"
#include "core/state/activity_codec.h"
#include "core/state/usage_codec.h"

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

static size_t
activity_size(const struct pt_login *login)
{
	static struct pt_plan plan;
	static struct pt_activity activity;
	static unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	size_t i;

	if (add_window(&plan, 5, MINUTE) == -1 ||
	    add_window(&plan, 15, HOUR) == -1 ||
	    add_window(&plan, 100, DAY) == -1)
		return 0;
	pt_activity_init(&activity, login);
	for (i = 0; i < sizeof(stretches) / sizeof(stretches[0]); i++) {
		if (fill(&plan, &activity, &stretches[i]) == -1)
			return 0;
	}
	return pt_activity_encode(&activity, bytes, sizeof(bytes));
}

static void
add(struct pt_window_log *log, int64_t at, uint64_t amount)
{
	log->entry[log->count++] = (struct pt_window_entry){at, at, amount};
}

/* The logins of the last hour, the traffic of its checks. */
static size_t
usage_size(const struct pt_login *login)
{
	static const unsigned char addresses[2][16] = {
	    {[10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = 1},
	    {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
	};
	static struct pt_usage usage;
	static unsigned char bytes[PT_USAGE_BYTES_MAX];
	struct pt_last_use use = {.protocol = PT_PROTOCOL_IMAP};
	int64_t at;
	uint32_t i;

	pt_usage_init(&usage, login);
	for (at = NOW - HOUR; at < NOW; at += 5 * MINUTE) {
		add(&usage.logins, at + at / 7 % 60, 1);
		add(&usage.traffic[PT_TRAFFIC_DOWN], at + at / 7 % 60,
		    (uint64_t)(20000 + at / 11 % 30000));
		add(&usage.traffic[PT_TRAFFIC_UP], at + at / 7 % 60, 700);
	}
	usage.logins_total = 20000;
	usage.traffic_total[PT_TRAFFIC_DOWN] = 900000000;
	usage.traffic_total[PT_TRAFFIC_UP] = 15000000;
	usage.last_login_at = NOW - MINUTE;
	usage.view = (struct pt_view){NOW - MINUTE, 1700000000, 12345};
	usage.sessions = (struct pt_open_sessions){0x12345678, 2};
	for (i = 0; i < 2; i++) {
		use.password = i + 3;
		use.at = NOW - MINUTE * (int64_t)(i + 1);
		memcpy(use.address, addresses[i], sizeof(use.address));
		pt_usage_note(&usage, &use);
	}
	return pt_usage_encode(&usage, bytes, sizeof(bytes));
}

int
main(int argc, char **argv)
{
	const char *login_text = "user0000001@example.com";
	bool is_usage = argc == 2 && strcmp(argv[1], "usage") == 0;
	struct pt_login login;
	struct pt_err err;
	size_t size;

	if (argc > 1 && !is_usage) {
		(void)fprintf(stderr, "usage: record-size [usage]\n");
		return 64;
	}
	if (pt_login_parse(
		login_text, strlen(login_text), NULL, &login, &err) == -1) {
		(void)fprintf(stderr, "record-size: %s\n", err.text);
		return 1;
	}
	size = is_usage ? usage_size(&login) : activity_size(&login);
	if (size == 0)
		return 1;
	(void)printf("%zu\n", size);
	return 0;
}
