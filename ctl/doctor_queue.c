/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: where a plan says on_block = hold-queue, can orders to hold mail be
 * left, and does anybody do them?
 */

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/service/queue_order.h"
#include "ctl/doctor.h"
#include "ctl/process.h"

#define WHERE        "queue"
#define UNIT         "postern-queue.path"
#define SYSTEMD      "/run/systemd/system"
#define LATE_SECONDS 300 /* an order is done within seconds */
#define PATH_BYTES   512

/* The plan whose accounts' mail is held; NULL: none. */
static const char *
holding_plan(const struct pt_config *config)
{
	size_t i;

	for (i = 0; i < config->plan_count; i++) {
		if (config->plans[i].on_block == PT_ON_BLOCK_HOLD_QUEUE)
			return config->plans[i].name;
	}
	return NULL;
}

static bool
check_folder(struct pc_doctor *doctor, const char *orders, const char *plan)
{
	const char *slash = strrchr(orders, '/');
	struct passwd *pw = getpwuid(geteuid());
	const char *owner = pw == NULL ? "OWNER" : pw->pw_name;
	char folder[PATH_BYTES];
	char line[PATH_BYTES + 128];
	const struct pc_fix fix = {"a shell", line};

	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - orders), orders);
	if (access(folder, W_OK | X_OK) == 0)
		return true;
	snprintf(line, sizeof(line), "install -d -o %.64s -m 0755 %s", owner,
	    folder);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &fix,
	    "plan %s says on_block = hold-queue, but %s, as whom the daemons "
	    "work, cannot leave orders in %s: %s",
	    plan, owner, folder, strerror(errno));
	return false;
}

static bool
is_unit_active(void)
{
	static char is_active[] = "is-active";
	static char unit[] = UNIT;
	char systemctl[64];
	char *argv[] = {systemctl, is_active, unit, NULL};
	char *text = NULL;
	struct pt_err err;
	int rc;

	if (!pc_process_find("systemctl", systemctl, sizeof(systemctl)))
		return false;
	rc = pc_process_read(argv, &text, &err);
	free(text);
	return rc == 0;
}

static void
check_watcher(struct pc_doctor *doctor, const char *systemd, const char *plan)
{
	static const struct pc_fix start = {
	    "a shell", "systemctl enable --now " UNIT};
	static const struct pc_fix by_hand = {
	    "a shell, again and again", "posternctl queue apply"};

	if (access(systemd, F_OK) != 0)
		pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, &by_hand,
		    "plan %s says on_block = hold-queue; without systemd, mail "
		    "is held when root runs posternctl queue apply",
		    plan);
	else if (is_unit_active())
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "%s is at work: mail of accounts that are closed is held",
		    UNIT);
	else
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &start,
		    "plan %s says on_block = hold-queue, but %s was not "
		    "started: nothing is held",
		    plan, UNIT);
}

static void
check_late(struct pc_doctor *doctor, const char *orders)
{
	static const struct pc_fix fix = {"a shell", "posternctl queue apply"};
	int64_t now = doctor->call->now;
	int64_t since = pt_queue_order_waits_since(orders);
	char text[PT_CLOCK_TEXT_MAX];

	if (since == 0 || now - since < LATE_SECONDS)
		return;
	pt_clock_format(since, now, text, sizeof(text));
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &fix,
	    "orders to hold mail wait since %s: nobody does them, or it fails "
	    "(the log of postern-queue says why)",
	    text);
}

void
pc_doctor_orders(
    struct pc_doctor *doctor, const char *orders, const char *systemd)
{
	const char *plan = holding_plan(doctor->call->config);

	if (plan == NULL)
		return;
	if (check_folder(doctor, orders, plan))
		check_watcher(doctor, systemd, plan);
	check_late(doctor, orders);
}

void
pc_doctor_queue(struct pc_doctor *doctor)
{
	const char *plan = holding_plan(doctor->call->config);
	char postqueue[64];

	if (plan != NULL &&
	    !pc_process_find("postqueue", postqueue, sizeof(postqueue)))
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
		    "plan %s says on_block = hold-queue, but there is no "
		    "postqueue: only mail in Postfix's queue can be held",
		    plan);
	else
		pc_doctor_orders(doctor, PT_QUEUE_ORDER_FILE, SYSTEMD);
}
