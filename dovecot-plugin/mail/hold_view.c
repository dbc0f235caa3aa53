/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/hold.h"

static MODULE_CONTEXT_DEFINE_INIT(view_module, &mail_index_module_register);

/*
 * For views that belong to no INBOX of ours but were copied from one; the
 * functions are the same for all views of Dovecot.
 */
static struct mail_index_view_vfuncs original;

/* NULL if the view shows everything. */
static struct dp_hold *
capped_by(struct mail_index_view *view)
{
	struct dp_hold_view *in_view = MODULE_CONTEXT(view, view_module);

	if (in_view == NULL || !dp_hold_is_capped(in_view->hold))
		return NULL;
	return in_view->hold;
}

static uint32_t
get_messages_count(struct mail_index_view *view)
{
	struct dp_hold *hold = capped_by(view);

	if (hold == NULL)
		return original.get_messages_count(view);
	return hold->visible;
}

static const struct mail_index_header *
get_header(struct mail_index_view *view)
{
	struct dp_hold *hold = capped_by(view);

	if (hold == NULL)
		return original.get_header(view);
	return &hold->header;
}

/*
 * Nobody who believes us asks for a hidden message.  The file of THREAD,
 * however, goes through the records by itself, and then wants to know.
 */
static const struct mail_index_record *
lookup_full(struct mail_index_view *view, uint32_t seq,
    struct mail_index_map **map_r, bool *expunged_r)
{
	struct dp_hold *hold = capped_by(view);
	const struct mail_index_record *rec;

	if (hold == NULL || seq <= hold->visible)
		return original.lookup_full(view, seq, map_r, expunged_r);
	hold->truthful = TRUE;
	rec = original.lookup_full(view, seq, map_r, expunged_r);
	hold->truthful = FALSE;
	return rec;
}

static void
lookup_seq_range(struct mail_index_view *view, uint32_t first_uid,
    uint32_t last_uid, uint32_t *first_seq_r, uint32_t *last_seq_r)
{
	struct dp_hold *hold = capped_by(view);

	original.lookup_seq_range(
	    view, first_uid, last_uid, first_seq_r, last_seq_r);
	if (hold == NULL || *last_seq_r <= hold->visible)
		return;
	if (*first_seq_r > hold->visible)
		*first_seq_r = *last_seq_r = 0;
	else
		*last_seq_r = hold->visible;
}

static void
lookup_first(struct mail_index_view *view, enum mail_flags flags,
    uint8_t flags_mask, uint32_t *seq_r)
{
	struct dp_hold *hold = capped_by(view);

	original.lookup_first(view, flags, flags_mask, seq_r);
	if (hold != NULL && *seq_r > hold->visible)
		*seq_r = 0;
}

void
dp_hold_view_join(struct dp_hold *hold, struct mail_index_view *view)
{
	struct dp_hold_view *in_view = &hold->in_view;

	MODULE_CONTEXT_SET(view, view_module, in_view);
}

void
dp_hold_view_install(struct dp_hold *hold, bool ours)
{
	struct mail_index_view_vfuncs *v = &hold->view->v;

	if (!ours) {
		*v = original;
		return;
	}
	if (v->get_messages_count != get_messages_count)
		original = *v;
	v->get_messages_count = get_messages_count;
	v->get_header = get_header;
	v->lookup_full = lookup_full;
	v->lookup_seq_range = lookup_seq_range;
	v->lookup_first = lookup_first;
}
