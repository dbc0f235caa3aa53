/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Hold: INBOX is shown only up to the cap, the UID up to which the account
 * has last checked its mail.
 *
 * The idea.  UIDs ascend, so what is hidden is always the end of the mailbox.
 * Dovecot's IMAP code sees a mailbox through an index view (struct
 * mail_index_view), and asks it through a table of functions.  We replace
 * some of them on the view of INBOX (hold_view.c): how many messages, the
 * header, and from UIDs to sequence numbers.  They answer as if the mailbox
 * ended before the first hidden message.  Everything above (SELECT, SEARCH,
 * FETCH, STATUS, IDLE, ...) follows.  The index itself, and what is written
 * into it, stays whole: other processes and the mailbox list see everything.
 *
 * What must always be true:
 *
 * 1. What a view shows changes only while Dovecot synchronises it, between
 *    mailbox sync_init and sync_deinit, because clients number messages by
 *    what they were told.  dp_hold.visible is therefore a number that is kept,
 *    not one that is worked out when asked; a new cap waits for the next sync.
 *    This is also what keeps transactions right: none is open during a sync.
 * 2. It never shrinks but by expunges: no sync may end with fewer messages
 *    than the client was told of.  The cap never falls (cap.h), and before
 *    the first sync, when the cap is not known yet, nothing is shown.
 * 3. While view->syncing is set the view answers truthfully, since Dovecot
 *    maps log records of hidden messages, too.  What it collects about hidden
 *    messages (flag changes, expunges) is cut off at the end of sync_init,
 *    while the old sequence numbers are still those of the client.
 * 4. Transactions look through a copy of the view that calls our functions
 *    with its own address; it is told to which INBOX it belongs when the
 *    transaction begins.  A view that belongs to none answers truthfully.
 *
 * HIGHESTMODSEQ (hold_modseq.c) is said to be lower than that of each hidden
 * message, so that a client that asks for changes since then is told of them
 * when they are shown.
 */
#ifndef DP_HOLD_H
#define DP_HOLD_H

#include "dovecot-plugin/compat.h"

#include <mail-index-modseq.h>
#include <mail-index-private.h>
#include <mail-index-view-private.h>
#include <mail-storage-private.h>
#include <module-context.h>

struct dp_session;

/* How a view finds its INBOX. */
struct dp_hold_view {
	union mail_index_view_module_context module_ctx;
	struct dp_hold *hold;
};

/* One mailbox object of INBOX; a session may have several. */
struct dp_hold {
	union mailbox_module_context module_ctx;
	struct dp_hold *prev, *next; /* of the session */
	struct dp_session *session;
	struct mailbox *box;
	struct dp_hold_view in_view;

	struct mail_index_view *view; /* box->view while it is open */

	uint32_t limit; /* UIDs from here on are hidden */
	bool stale;     /* count anew once the view is synchronised */
	bool synced;    /* at least once since it was opened */
	bool truthful;  /* for a moment, show everything */
	bool wake;      /* IDLE is to look again */

	/* What is shown, since the last count. */
	bool capped;
	uint32_t visible;     /* messages */
	uint32_t hidden;      /* messages */
	uint32_t told_hidden; /* in the last event */
	uint64_t modseq;      /* lowest of a hidden one; 0: not yet */
	struct mail_index_header header; /* if capped */

	/* Of which state of the index that is. */
	const struct mail_index_map *counted_map;
	uint32_t counted_seq;
	uoff_t counted_offset;
	uint32_t counted_limit;
};

/* mailbox_allocated of the storage hooks. */
void
dp_hold_mailbox_allocated(struct mailbox *box);

/* ---- hold_view.c ---- */

/*
 * The view asks us from now on; or, without "ours", Dovecot's own functions
 * again, which is what a view costs that hides nothing: no more than others.
 */
void
dp_hold_view_install(struct dp_hold *hold, bool ours);

/* The view of a transaction on INBOX. */
void
dp_hold_view_join(struct dp_hold *hold, struct mail_index_view *view);

/* ---- hold_count.c ---- */

/* Counts what is hidden, if the index has changed; is there any? */
bool
dp_hold_count(struct dp_hold *hold);

/* Does the view end earlier than the index at the moment? */
static inline bool
dp_hold_is_capped(struct dp_hold *hold)
{
	if (hold->view == NULL || hold->view->syncing || hold->truthful)
		return FALSE;
	return hold->stale ? dp_hold_count(hold) : hold->capped;
}

/* ---- hold_modseq.c ---- */

void
dp_hold_modseq_lower(struct dp_hold *hold, struct mailbox_status *status);

#endif
