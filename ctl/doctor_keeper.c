/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: postern-keeper, by what it leaves in the state: its life, blocks that
 * wait to be completed, notices that wait to be sent.
 */

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/service/doubt.h"
#include "core/service/pending.h"
#include "ctl/doctor.h"

#define WHERE           "keeper"
#define PENDING_SECONDS 60  /* blocks are completed within a second or two */
#define DUE_SECONDS     900 /* then a notice is late */

static const struct pc_fix start = {
    "a shell", "systemctl enable --now postern-keeper"};

struct pending {
	struct pc_doctor *doctor;
	struct pt_account account; /* big */
	struct pt_activity activity;
	size_t count;
	struct pt_login logins[PT_PENDING_MAX];
};

static bool
note_login(const struct pt_login *login, void *arg)
{
	struct pending *pending = arg;

	pending->logins[pending->count++] = *login;
	return pending->count < PT_PENDING_MAX;
}

/* Since when has anything been pending too long?  0: nothing is. */
static int64_t
oldest_of(struct pending *pending, uint64_t *late_out)
{
	struct pt_store *store = pending->doctor->call->store;
	int64_t now = pending->doctor->call->now;
	const struct pt_activity *activity = &pending->activity;
	int64_t oldest = 0;
	struct pt_err err;
	int64_t at;
	size_t i;

	*late_out = 0;
	for (i = 0; i < pending->count; i++) {
		if (pt_store_read(store, &pending->logins[i], &pending->account,
			&pending->activity, NULL, &err) != 0)
			continue;
		at = activity->block.reason != PT_BLOCK_NONE
			 ? activity->block.at
			 : activity->notice.at;
		if (at == 0 || now - at < PENDING_SECONDS)
			continue;
		(*late_out)++;
		if (oldest == 0 || at < oldest)
			oldest = at;
	}
	return oldest;
}

static void
check_pending(struct pc_doctor *doctor, bool is_alive)
{
	static struct pending pending;
	char since[PT_CLOCK_TEXT_MAX];
	struct pt_err err;
	int64_t oldest;
	uint64_t late;

	pending.doctor = doctor;
	pending.count = 0;
	if (pt_store_each_pending(
		doctor->call->store, NULL, note_login, &pending, &err) != 0) {
		pc_doctor_say(
		    doctor, PC_LEVEL_PROBLEM, WHERE, NULL, "%s", err.text);
		return;
	}
	oldest = oldest_of(&pending, &late);
	if (late == 0)
		return;
	pt_clock_format(oldest, doctor->call->now, since, sizeof(since));
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, is_alive ? NULL : &start,
	    "%" PRIu64 "%s blocks or notices wait to be completed, the oldest "
	    "since %s; such a block holds, but its owner is not told%s",
	    late, pending.count == PT_PENDING_MAX ? " or more" : "", since,
	    is_alive ? ": the log of postern-keeper says why" : "");
}

/* Notices of one sort. */
struct heap {
	uint64_t count;
	int64_t oldest;              /* when it happened that they tell of */
	struct pt_outbox_entry last; /* for example */
};

struct outbox {
	int64_t now;
	struct heap late;    /* nobody has tried */
	struct heap failing; /* tried in vain, and again later */
	struct heap given_up;
	uint64_t count; /* of all but those */
};

static bool
look_at_entry(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct outbox *outbox = arg;
	struct heap *heap;

	(void)err;
	if (entry == NULL)
		return true;
	if (!entry->gave_up)
		outbox->count++;
	if (entry->gave_up)
		heap = &outbox->given_up;
	else if (entry->tries > 0)
		heap = &outbox->failing;
	else if (outbox->now - entry->next_at >= DUE_SECONDS)
		heap = &outbox->late;
	else
		return true;
	if (heap->count++ == 0 || entry->notice.at < heap->oldest)
		heap->oldest = entry->notice.at;
	heap->last = *entry;
	return true;
}

static void
check_clock(struct pc_doctor *doctor)
{
	static const struct pc_fix set_it = {
	    "a shell, if the time is wrong", "timedatectl set-ntp true"};
	int64_t now = doctor->call->now;
	char until[PT_CLOCK_TEXT_MAX];
	struct pt_err err;
	int64_t since;
	int doubted = pt_doubt_look(doctor->call->store, now, &since, &err);

	if (doubted < 0)
		pc_doctor_say(
		    doctor, PC_LEVEL_PROBLEM, WHERE, NULL, "%s", err.text);
	if (doubted <= 0)
		return;
	pt_clock_format(since + PT_DOUBT_SECONDS, 0, until, sizeof(until));
	pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, &set_it,
	    "the clock is doubted: it was set, or nobody looked after the "
	    "accounts for long; nothing is swept before %s; if the time is "
	    "right now, nothing is to be done",
	    until);
}

static const char *
plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void
say_late(struct pc_doctor *doctor, const struct heap *late, bool is_alive)
{
	char since[PT_CLOCK_TEXT_MAX];

	if (late->count == 0)
		return;
	pt_clock_format(late->oldest, doctor->call->now, since, sizeof(since));
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, is_alive ? NULL : &start,
	    "%" PRIu64 " notice%s to be sent wait, the oldest since %s%s",
	    late->count, plural(late->count), since,
	    is_alive ? ": the log of postern-keeper says why" : "");
}

/* "what": what became of those that the command did not take. */
static void
say_failed(struct pc_doctor *doctor, enum pc_level level,
    const struct heap *heap, const char *what)
{
	char shown[256];
	struct pt_text text;

	if (heap->count == 0)
		return;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, heap->last.error, strlen(heap->last.error));
	pc_doctor_say(doctor, level, WHERE, NULL,
	    "%" PRIu64
	    " notice%s could not be sent and %s (posternctl notice list shows "
	    "them), for example to %s%s%s",
	    heap->count, plural(heap->count), what, heap->last.login.text,
	    shown[0] == '\0' ? "" : ": ", shown);
}

static void
say_outbox(struct pc_doctor *doctor, const struct outbox *outbox, bool is_alive)
{
	/* What fails once may be a mail server that is being started. */
	bool is_lasting = outbox->now - outbox->failing.oldest >= DUE_SECONDS;

	say_late(doctor, &outbox->late, is_alive);
	say_failed(doctor, is_lasting ? PC_LEVEL_PROBLEM : PC_LEVEL_NOTE,
	    &outbox->failing, "will be tried again");
}

static void
check_outbox(struct pc_doctor *doctor, bool is_alive)
{
	const struct pt_config *config = doctor->call->config;
	struct outbox outbox = {.now = doctor->call->now};
	struct pt_err err;

	if (pt_store_each_outbox(
		doctor->call->store, look_at_entry, &outbox, &err) != 0) {
		pc_doctor_say(
		    doctor, PC_LEVEL_PROBLEM, WHERE, NULL, "%s", err.text);
		return;
	}
	if (config->notice.from[0] != '\0')
		say_outbox(doctor, &outbox, is_alive);
	else if (outbox.count > 0)
		pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, NULL,
		    "%" PRIu64 " notice%s from before notices were switched "
		    "off will be sent when notice { from } is set again within "
		    "two weeks",
		    outbox.count, plural(outbox.count));
	say_failed(doctor, PC_LEVEL_NOTE, &outbox.given_up, "were given up");
}

void
pc_doctor_keeper(struct pc_doctor *doctor)
{
	const struct pc_call *call = doctor->call;
	bool sends = call->config->notice.from[0] != '\0';
	bool is_alive = pt_pending_is_kept(call->store, call->now);

	if (is_alive)
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "postern-keeper is at work; notices are %s",
		    sends ? "sent" : "switched off (notice { from })");
	else
		pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, &start,
		    "postern-keeper does not run: %saccounts that are not used "
		    "keep their access, and expired app passwords and old "
		    "history stay, unless posternctl sweep runs now and then",
		    sends ? "no notice is sent, " : "");
	check_clock(doctor);
	check_pending(doctor, is_alive);
	check_outbox(doctor, is_alive);
	pc_doctor_notices_of_keeper(doctor);
}
