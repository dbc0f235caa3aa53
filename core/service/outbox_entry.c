/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/outbox_entry.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/notice/encode.h"

#define TIDY_MAX PT_BATCH_MAX

/* After so many seconds again; the last goes on. */
static const int64_t waits[] = {60, 120, 300, 900, 1800, 3600, 7200};
#define WAIT_MAX 7200

bool
pt_outbox_is_due(const struct pt_outbox_entry *entry, int64_t now)
{
	return !entry->gave_up &&
	       (entry->next_at <= now || entry->next_at - now > WAIT_MAX);
}

bool
pt_outbox_is_too_old(const struct pt_outbox_entry *entry,
    const struct pt_limit *give_up_after, int64_t now)
{
	return !entry->gave_up && give_up_after->on &&
	       now - entry->next_at > PT_OUTBOX_LATE_SECONDS &&
	       now - entry->notice.at >= (int64_t)give_up_after->value;
}

static void
set_error(struct pt_outbox_entry *entry, const char *why)
{
	struct pt_text text;

	pt_text_init(&text, entry->error, sizeof(entry->error));
	pt_encode_clean(&text, why);
}

void
pt_outbox_give_up(struct pt_outbox_entry *entry, const char *why, int64_t now)
{
	set_error(entry, why);
	entry->gave_up = true;
	entry->next_at = now + PT_OUTBOX_KEEP_SECONDS;
}

/* In front of the next try, if all so far came in time. */
static int64_t
waited(uint32_t tries)
{
	int64_t seconds = 0;
	uint32_t i;

	for (i = 0; i < tries && i < PT_ARRAY_LEN(waits); i++)
		seconds += waits[i];
	return seconds + (int64_t)(tries - i) * WAIT_MAX;
}

/* What a clock that was ahead has stamped is as old as its tries tell. */
static int64_t
age_of(const struct pt_outbox_entry *entry, int64_t now)
{
	return entry->notice.at > now ? waited(entry->tries)
				      : now - entry->notice.at;
}

void
pt_outbox_fail(struct pt_outbox_entry *entry,
    const struct pt_limit *give_up_after, const char *why, int64_t now)
{
	size_t i;

	if (entry->tries < UINT32_MAX)
		entry->tries++;
	i = entry->tries - 1;
	if (i >= PT_ARRAY_LEN(waits))
		i = PT_ARRAY_LEN(waits) - 1;
	if (give_up_after->on && entry->tries >= PT_OUTBOX_TRIES_MIN &&
	    age_of(entry, now) >= (int64_t)give_up_after->value) {
		pt_outbox_give_up(entry, why, now);
		return;
	}
	set_error(entry, why);
	entry->next_at = now + waits[i];
}

static void
begin_change(
    const struct pt_outbox_entry *entry, struct pt_outbox_change *change)
{
	*change = (struct pt_outbox_change){
	    .entry = *entry,
	    .was_next_at = entry->next_at,
	    .was_given_up = entry->gave_up,
	};
}

void
pt_outbox_retry(const struct pt_outbox_entry *entry, int64_t now,
    struct pt_outbox_change *change_out)
{
	begin_change(entry, change_out);
	/* One that is due may be under way; it must be found where it was. */
	if (!pt_outbox_is_due(entry, now))
		change_out->entry.next_at = now;
	change_out->entry.gave_up = false;
	change_out->entry.tries = 0;
}

void
pt_outbox_drop(
    const struct pt_outbox_entry *entry, struct pt_outbox_change *change_out)
{
	begin_change(entry, change_out);
	change_out->is_done = true;
}

static int64_t
longest_wait(const struct pt_outbox_entry *entry)
{
	return entry->gave_up ? PT_OUTBOX_KEEP_SECONDS : WAIT_MAX;
}

/* No wait is that long: the clock was ahead, and was put right. */
static bool
is_ahead(const struct pt_outbox_entry *entry, int64_t now)
{
	return entry->next_at - now > longest_wait(entry);
}

/* From behind those that wait, where it is due and not found; and what was
 * given up has all its time to be seen. */
static void
move_here(const struct pt_outbox_entry *entry, int64_t now,
    struct pt_outbox_change *change)
{
	begin_change(entry, change);
	change->entry.next_at =
	    entry->gave_up ? now + PT_OUTBOX_KEEP_SECONDS : now;
}

struct tidy {
	int64_t now;
	size_t count;
	struct pt_outbox_change changes[TIDY_MAX];
};

static bool
pick_untidy(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct tidy *tidy = arg;

	(void)err;
	if (entry == NULL)
		return true;
	if (is_ahead(entry, tidy->now))
		move_here(entry, tidy->now, &tidy->changes[tidy->count]);
	else if (entry->gave_up && entry->next_at <= tidy->now)
		pt_outbox_drop(entry, &tidy->changes[tidy->count]);
	else
		return true;
	tidy->count++;
	return tidy->count < TIDY_MAX;
}

int
pt_outbox_tidy(struct pt_store *store, int64_t now, struct pt_err *err)
{
	struct tidy *tidy = calloc(1, sizeof(*tidy));
	int rc;

	if (tidy == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot tidy the outbox: out of memory");
	tidy->now = now;
	rc = pt_store_each_outbox(store, pick_untidy, tidy, err);
	if (rc == 0)
		rc = pt_store_change_outbox(
		    store, tidy->changes, tidy->count, err);
	if (rc == 0 && tidy->count == TIDY_MAX)
		rc = 1;
	free(tidy);
	return rc;
}
