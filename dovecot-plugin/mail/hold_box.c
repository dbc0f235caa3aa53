/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/hold.h"

#include <index-storage.h>
#include <index-sync-private.h>
#include <llist.h>
#include <mail-user.h>

#include "dovecot-plugin/mail/session.h"

static MODULE_CONTEXT_DEFINE_INIT(hold_module, &mail_storage_module_register);

static struct dp_hold *
hold_of(struct mailbox *box)
{
	return MODULE_CONTEXT_REQUIRE(box, hold_module);
}

static int
hold_open(struct mailbox *box)
{
	struct dp_hold *hold = hold_of(box);

	if (hold->module_ctx.super.open(box) < 0)
		return -1;
	hold->view = box->view;
	hold->synced = FALSE;
	hold->counted_map = NULL;
	/* Until the first sync it is not known what may be shown. */
	hold->limit = dp_session_holds(hold->session) ? 1 : UINT32_MAX;
	hold->stale = TRUE;
	dp_hold_view_join(hold, hold->view);
	dp_hold_view_install(hold, TRUE);
	return 0;
}

static void
hold_close(struct mailbox *box)
{
	struct dp_hold *hold = hold_of(box);

	hold->view = NULL;
	hold->hidden = 0;
	hold->module_ctx.super.close(box);
}

static void
hold_free(struct mailbox *box)
{
	struct dp_hold *hold = hold_of(box);
	struct dp_hold **boxes = dp_session_boxes(hold->session);

	DLLIST_REMOVE(boxes, hold);
	hold->module_ctx.super.free(box);
}

/*
 * Everything about messages beyond the old number of them concerns hidden
 * ones, of which the client has not been told.
 */
static void
cut_hidden(struct mailbox_sync_context *ctx)
{
	/* Of all three storages for which there is a hold. */
	struct index_mailbox_sync_context *sync =
	    (struct index_mailbox_sync_context *)ctx;
	uint32_t first = sync->messages_count + 1;

	seq_range_array_remove_range(
	    &sync->flag_updates, first, UINT32_MAX - 1);
	seq_range_array_remove_range(
	    &sync->hidden_updates, first, UINT32_MAX - 1);
	if (sync->expunges != NULL) {
		/* It belongs to the view's sync, which has read it. */
		ARRAY_TYPE(seq_range) *expunges =
		    (ARRAY_TYPE(seq_range) *)sync->expunges;

		seq_range_array_remove_range(expunges, first, UINT32_MAX - 1);
		sync->expunge_pos = array_count(expunges);
	}
}

static struct mailbox_sync_context *
hold_sync_init(struct mailbox *box, enum mailbox_sync_flags flags)
{
	struct dp_hold *hold = hold_of(box);
	struct mailbox_sync_context *ctx =
	    hold->module_ctx.super.sync_init(box, flags);
	const struct mail_index_header *header;
	bool is_check;

	/* Otherwise it has failed, and the view stays as it is. */
	if (hold->view == NULL || !hold->view->syncing)
		return ctx;
	cut_hidden(ctx);
	/* The storage was looked at just now, up to here: */
	header = &box->index->map->hdr;
	/* Dovecot ends many commands with a fast sync, which need not look. */
	is_check = (flags & MAILBOX_SYNC_FLAG_FAST) == 0 || !hold->synced;
	hold->limit = dp_session_look(
	    hold->session, header->uid_validity, header->next_uid, is_check);
	hold->synced = TRUE;
	hold->stale = TRUE;
	dp_hold_view_install(hold, TRUE);
	return ctx;
}

static void
tell(struct dp_hold *hold)
{
	struct event_passthrough *e;

	(void)dp_hold_is_capped(hold);
	if (hold->hidden == hold->told_hidden)
		return;
	e = event_create_passthrough(dp_session_event(hold->session))
		->set_name("postern_hold")
		->add_int("hidden", hold->hidden)
		->add_int("shown", hold->visible);
	e_debug(e->event(),
	    "INBOX: %u messages shown, %u hidden until the "
	    "next mail check",
	    hold->visible, hold->hidden);
	hold->told_hidden = hold->hidden;
}

static int
hold_sync_deinit(
    struct mailbox_sync_context *ctx, struct mailbox_sync_status *status_r)
{
	struct dp_hold *hold = hold_of(ctx->box);

	if (hold->module_ctx.super.sync_deinit(ctx, status_r) < 0)
		return -1;
	tell(hold);
	return 0;
}

/*
 * The mailbox is not open, and what Dovecot says may come from the list of
 * mailboxes, which knows everything.  1: it may be told as it is.
 */
static int
status_unopened(struct dp_hold *hold, enum mailbox_status_items items,
    struct mailbox_status *status_r)
{
	struct mailbox *box = hold->box;
	uint32_t limit;

	items |= STATUS_UIDVALIDITY | STATUS_UIDNEXT;
	if (hold->module_ctx.super.get_status(box, items, status_r) < 0)
		return -1;
	if (box->opened)
		return 0;
	limit = dp_session_look(
	    hold->session, status_r->uidvalidity, status_r->uidnext, TRUE);
	if (status_r->uidnext <= limit) {
		dp_session_shown(
		    hold->session, status_r->uidvalidity, status_r->uidnext);
		return 1;
	}
	return mailbox_sync(box, MAILBOX_SYNC_FLAG_FAST);
}

static int
hold_get_status(struct mailbox *box, enum mailbox_status_items items,
    struct mailbox_status *status_r)
{
	struct dp_hold *hold = hold_of(box);
	int ret = 0;

	if (!box->opened && items != 0 && dp_session_holds(hold->session))
		ret = status_unopened(hold, items, status_r);
	if (ret != 0)
		return ret < 0 ? -1 : 0;
	if (hold->module_ctx.super.get_status(box, items, status_r) < 0)
		return -1;
	if ((items & STATUS_HIGHESTMODSEQ) != 0)
		dp_hold_modseq_lower(hold, status_r);
	return 0;
}

static struct mailbox_transaction_context *
hold_transaction_begin(struct mailbox *box,
    enum mailbox_transaction_flags flags, const char *reason)
{
	struct dp_hold *hold = hold_of(box);
	struct mailbox_transaction_context *t =
	    hold->module_ctx.super.transaction_begin(box, flags, reason);

	if (hold->view != NULL && t->view != hold->view)
		dp_hold_view_join(hold, t->view);
	return t;
}

static int
hold_transaction_commit(struct mailbox_transaction_context *t,
    struct mail_transaction_commit_changes *changes_r)
{
	struct dp_hold *hold = hold_of(t->box);
	const struct seq_range *uids;
	unsigned count;

	if (hold->module_ctx.super.transaction_commit(t, changes_r) < 0)
		return -1;
	uids = array_get(&changes_r->saved_uids, &count);
	if (count > 0)
		dp_session_stored(hold->session, changes_r->uid_validity,
		    uids[count - 1].seq2 + 1);
	return 0;
}

static bool
is_held_storage(const struct mailbox *box)
{
	static const char *const names[] = {"maildir", "sdbox", "mdbox"};
	unsigned i;

	for (i = 0; i < N_ELEMENTS(names); i++) {
		if (strcmp(box->storage->name, names[i]) == 0)
			return TRUE;
	}
	return FALSE;
}

void
dp_hold_mailbox_allocated(struct mailbox *box)
{
	struct dp_session *session = dp_session_of(box->storage->user);
	struct mailbox_vfuncs *v = box->vlast;
	struct dp_hold **boxes;
	struct dp_hold *hold;

	if (session == NULL || !box->inbox_user || !is_held_storage(box) ||
	    strcmp(box->storage->user->service, "imap") != 0)
		return;
	hold = p_new(box->pool, struct dp_hold, 1);
	hold->module_ctx.super = *v;
	box->vlast = &hold->module_ctx.super;
	hold->session = session;
	hold->box = box;
	hold->in_view.hold = hold;
	hold->limit = UINT32_MAX;
	v->open = hold_open;
	v->close = hold_close;
	v->free = hold_free;
	v->get_status = hold_get_status;
	v->sync_init = hold_sync_init;
	v->sync_deinit = hold_sync_deinit;
	v->transaction_begin = hold_transaction_begin;
	v->transaction_commit = hold_transaction_commit;
	boxes = dp_session_boxes(session);
	DLLIST_PREPEND(boxes, hold);
	MODULE_CONTEXT_SET(box, hold_module, hold);
}
