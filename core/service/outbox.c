/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/outbox.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/notice/compose.h"
#include "core/notice/template.h"
#include "core/service/doubt.h"
#include "core/service/mailer.h"
#include "core/service/outbox_entry.h"

#define CLOSE_MS      5000
#define CLOSE_LOOK_MS 20
#define TIDY_MS       3600000 /* so often */

/* An entry that this process is at. */
struct slot {
	bool is_used;
	bool has_result; /* in change and what, and not stored yet */
	struct pt_mailer mailer;
	struct pt_outbox_change change;
	const char *what;
};

struct pt_outbox {
	const struct pt_config *config;
	struct pt_store *store;
	struct pt_templates *templates; /* NULL: notices are off */
	struct slot slots[PT_OUTBOX_CHILDREN];
	bool is_tidy;
	int64_t tidied_ms;
	char mail[PT_COMPOSE_MAX];
};

int
pt_outbox_open(const struct pt_config *config, struct pt_store *store,
    struct pt_outbox **outbox_out, struct pt_err *err)
{
	struct pt_outbox *outbox = calloc(1, sizeof(*outbox));

	if (outbox == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot open the outbox: out of memory");
	outbox->config = config;
	outbox->store = store;
	if (config->notice.from[0] != '\0' &&
	    pt_templates_open(config, &outbox->templates, err) != 0) {
		free(outbox);
		return -1;
	}
	*outbox_out = outbox;
	return 0;
}

static void
set_done(struct slot *slot, const char *what)
{
	slot->has_result = true;
	slot->what = what;
	slot->change.is_done = true;
	slot->change.entry.error[0] = '\0';
}

static void
set_failed(const struct pt_outbox *outbox, struct slot *slot, int64_t now,
    const struct pt_err *why)
{
	pt_outbox_fail(&slot->change.entry,
	    &outbox->config->notice.give_up_after, why->text, now);
	slot->has_result = true;
	slot->what = slot->change.entry.gave_up ? "gave-up" : "failed";
}

static void
set_too_old(struct slot *slot, int64_t now)
{
	pt_outbox_give_up(&slot->change.entry, "too old", now);
	slot->has_result = true;
	slot->what = "gave-up";
}

static void
reap(struct pt_outbox *outbox, int64_t now)
{
	int64_t now_ms = pt_clock_ticks_ms();
	struct slot *slot;
	struct pt_err err;
	size_t i;

	for (i = 0; i < PT_OUTBOX_CHILDREN; i++) {
		slot = &outbox->slots[i];
		if (!slot->is_used || slot->has_result)
			continue;
		switch (pt_mailer_look(&slot->mailer, now_ms, &err)) {
		case PT_MAILER_NONE:
		case PT_MAILER_RUNS:
			break;
		case PT_MAILER_DONE:
			set_done(slot, "sent");
			break;
		case PT_MAILER_FAILED:
			set_failed(outbox, slot, now, &err);
			break;
		}
	}
}

static void
count(const struct slot *slot, struct pt_outbox_done *done)
{
	if (slot->change.is_done && strcmp(slot->what, "sent") == 0)
		done->sent++;
	else if (slot->change.is_done)
		done->dropped++;
	else if (slot->change.entry.gave_up)
		done->gave_up++;
	else
		done->failed++;
}

/* All results in one commit; if that fails, they stay for the next turn. */
static int
store_results(struct pt_outbox *outbox, pt_outbox_report_fn *report, void *arg,
    struct pt_outbox_done *done, struct pt_err *err)
{
	struct pt_outbox_change changes[PT_OUTBOX_CHILDREN];
	struct slot *slot;
	size_t n = 0;
	size_t i;

	for (i = 0; i < PT_OUTBOX_CHILDREN; i++) {
		if (outbox->slots[i].has_result)
			changes[n++] = outbox->slots[i].change;
	}
	if (n == 0)
		return 0;
	if (pt_store_change_outbox(outbox->store, changes, n, err) != 0)
		return -1;
	for (i = 0; i < PT_OUTBOX_CHILDREN; i++) {
		slot = &outbox->slots[i];
		if (!slot->has_result)
			continue;
		count(slot, done);
		if (report != NULL)
			report(&slot->change.entry, slot->what, arg);
		*slot = (struct slot){.is_used = false};
	}
	return 0;
}

static struct slot *
find_free(struct pt_outbox *outbox)
{
	size_t i;

	for (i = 0; i < PT_OUTBOX_CHILDREN; i++) {
		if (!outbox->slots[i].is_used)
			return &outbox->slots[i];
	}
	return NULL;
}

static bool
is_taken(const struct pt_outbox *outbox, uint64_t id)
{
	size_t i;

	for (i = 0; i < PT_OUTBOX_CHILDREN; i++) {
		if (outbox->slots[i].is_used &&
		    outbox->slots[i].change.entry.id == id)
			return true;
	}
	return false;
}

struct pick {
	struct pt_outbox *outbox;
	int64_t now;
	bool more;
	bool is_doubted; /* the clock is: nobody can tell what is too old */
	bool waits;      /* so does all of its rank behind it */
	enum pt_outbox_rank rank;
};

static bool
is_too_old(const struct pt_outbox *outbox, const struct pt_outbox_entry *entry,
    int64_t now)
{
	return pt_outbox_is_too_old(
	    entry, &outbox->config->notice.give_up_after, now);
}

static bool
pick_entry(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct pick *pick = arg;
	struct slot *slot;

	(void)err;
	/* A damaged one is shown by posternctl. */
	if (entry == NULL || is_taken(pick->outbox, entry->id))
		return true;
	if (!pt_outbox_is_due(entry, pick->now)) {
		pick->waits = true;
		pick->rank = pt_outbox_rank(entry->notice.kind, entry->gave_up);
		return false;
	}
	if (pick->is_doubted && is_too_old(pick->outbox, entry, pick->now))
		return true;
	slot = find_free(pick->outbox);
	if (slot == NULL) {
		pick->more = true;
		return false;
	}
	*slot = (struct slot){.is_used = true};
	slot->change.entry = *entry;
	slot->change.was_next_at = entry->next_at;
	return true;
}

static int
run_command(struct pt_outbox *outbox, struct slot *slot,
    const struct pt_account *account, int64_t now, struct pt_err *err)
{
	const struct pt_notice_config *config = &outbox->config->notice;
	const char *recipients[2] = {
	    slot->change.entry.login.text, config->copy};
	const struct pt_compose compose = {
	    .config = outbox->config,
	    .templates = outbox->templates,
	    .account = account,
	    .entry = &slot->change.entry,
	    .now = now,
	};
	size_t len;

	if (pt_compose(&compose, outbox->mail, &len, err) != 0)
		return -1;
	return pt_mailer_start(&slot->mailer, config->command, recipients,
	    config->copy[0] == '\0' ? 1 : 2, outbox->mail, len,
	    pt_clock_ticks_ms(), err);
}

/* -1: the state cannot be used, and the entry is left as it is. */
static int
begin(struct pt_outbox *outbox, struct slot *slot, int64_t now,
    struct pt_err *err)
{
	struct pt_account account;
	struct pt_err why;

	if (pt_store_read(outbox->store, &slot->change.entry.login, &account,
		NULL, NULL, &why) != 0) {
		if (why.kind == PT_ERR_UNAVAILABLE) {
			*slot = (struct slot){.is_used = false};
			*err = why;
			return -1;
		}
		set_failed(outbox, slot, now, &why);
		return 0;
	}
	if (!account.exists)
		set_done(slot, "dropped");
	else if (is_too_old(outbox, &slot->change.entry, now))
		set_too_old(slot, now);
	else if (run_command(outbox, slot, &account, now, &why) != 0)
		set_failed(outbox, slot, now, &why);
	return 0;
}

/* What waits of one rank holds up no other. */
static int
pick_due(
    struct pt_outbox *outbox, int64_t now, bool *more_out, struct pt_err *err)
{
	struct pick pick = {.outbox = outbox, .now = now};
	int64_t since;
	int rc;

	rc = pt_doubt_look(outbox->store, now, &since, err);
	if (rc < 0)
		return -1;
	pick.is_doubted = rc > 0;
	rc = pt_store_each_outbox(outbox->store, pick_entry, &pick, err);
	if (rc == 0 && pick.waits && pick.rank < PT_OUTBOX_OTHER)
		rc = pt_store_each_outbox_from(
		    outbox->store, PT_OUTBOX_OTHER, pick_entry, &pick, err);
	*more_out = pick.more;
	return rc;
}

static int
begin_due(
    struct pt_outbox *outbox, int64_t now, bool *more_out, struct pt_err *err)
{
	struct slot *slot;
	int rc;
	size_t i;

	rc = pick_due(outbox, now, more_out, err);
	for (i = 0; i < PT_OUTBOX_CHILDREN; i++) {
		slot = &outbox->slots[i];
		if (!slot->is_used || slot->has_result ||
		    slot->mailer.state != PT_MAILER_NONE)
			continue;
		if (rc != 0)
			*slot = (struct slot){.is_used = false};
		else
			rc = begin(outbox, slot, now, err);
	}
	return rc;
}

/* The given-up ones stand last, so all are passed: seldom is enough. */
static int
tidy(struct pt_outbox *outbox, int64_t now, struct pt_err *err)
{
	int64_t now_ms = pt_clock_ticks_ms();
	int rc;

	if (outbox->is_tidy && now_ms - outbox->tidied_ms < TIDY_MS)
		return 0;
	rc = pt_outbox_tidy(outbox->store, now, err);
	outbox->is_tidy = rc == 0;
	outbox->tidied_ms = now_ms;
	return rc < 0 ? -1 : 0;
}

static unsigned
count_running(const struct pt_outbox *outbox)
{
	unsigned running = 0;
	size_t i;

	for (i = 0; i < PT_OUTBOX_CHILDREN; i++)
		running += outbox->slots[i].mailer.state == PT_MAILER_RUNS;
	return running;
}

int
pt_outbox_turn(struct pt_outbox *outbox, int64_t now,
    pt_outbox_report_fn *report, void *arg, struct pt_outbox_done *done_out,
    struct pt_err *err)
{
	int rc;

	*done_out = (struct pt_outbox_done){.sent = 0};
	reap(outbox, now);
	rc = store_results(outbox, report, arg, done_out, err);
	/* In front of the rest, because it may move what is due. */
	if (rc == 0)
		rc = tidy(outbox, now, err);
	if (rc == 0 && outbox->templates != NULL)
		rc = begin_due(outbox, now, &done_out->more, err);
	/* Of those that could not even begin. */
	if (rc == 0)
		rc = store_results(outbox, report, arg, done_out, err);
	done_out->running = count_running(outbox);
	return rc;
}

void
pt_outbox_close(struct pt_outbox *outbox)
{
	const struct timespec pause = {.tv_nsec = CLOSE_LOOK_MS * 1000000L};
	struct pt_outbox_done done = {.sent = 0};
	struct pt_err err;
	int64_t until_ms;
	size_t i;

	if (outbox == NULL)
		return;
	until_ms = pt_clock_ticks_ms() + CLOSE_MS;
	reap(outbox, pt_clock_now());
	while (count_running(outbox) > 0 && pt_clock_ticks_ms() < until_ms) {
		(void)nanosleep(&pause, NULL);
		reap(outbox, pt_clock_now());
	}
	for (i = 0; i < PT_OUTBOX_CHILDREN; i++) {
		pt_mailer_kill(&outbox->slots[i].mailer);
		/* Only that something was sent is worth keeping now. */
		if (!outbox->slots[i].change.is_done)
			outbox->slots[i].has_result = false;
	}
	/* What cannot be stored is sent once more by the next process. */
	(void)store_results(outbox, NULL, NULL, &done, &err);
	pt_templates_free(outbox->templates);
	free(outbox);
}
