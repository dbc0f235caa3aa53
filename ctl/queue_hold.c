/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/queue_hold.h"

#include "ctl/queue_proof.h"

static bool
was_so(const struct pc_queue_item *item, bool release)
{
	return pc_queue_entry_is_held(&item->entry) != release;
}

static void
choose(struct pc_queue *queue, struct pc_queue_item *item, bool release)
{
	if (item->fate != PC_QUEUE_SEEN)
		return;
	if (pc_queue_proof_is_theirs(queue, item))
		item->fate =
		    was_so(item, release) ? PC_QUEUE_WAS_SO : PC_QUEUE_CHOSEN;
	else
		item->fate = item->by.proof == PC_QUEUE_NOBODY
				 ? PC_QUEUE_NO_LOGIN
				 : PC_QUEUE_OTHER_LOGIN;
}

static int
order_part(struct pc_queue *queue, size_t from, size_t to, bool release,
    struct pt_err *err)
{
	enum pc_queue_deed deed = release ? PC_QUEUE_RELEASE : PC_QUEUE_HOLD;
	const char *ids[PC_QUEUE_IDS_MAX];
	size_t n = 0;
	size_t i;

	for (i = from; i < to; i++) {
		choose(queue, &queue->items[i], release);
		if (queue->items[i].fate == PC_QUEUE_CHOSEN)
			ids[n++] = queue->items[i].entry.id;
	}
	return n == 0 ? 0
		      : pc_queue_helper_ask(queue->helper, deed, ids, n, err);
}

/* What was chosen is looked up again: only what is so is told as done. */
static int
check_line(
    struct pc_queue *queue, const char *line, size_t len, struct pt_err *err)
{
	struct pc_queue_entry entry;
	struct pc_queue_item *item;

	(void)err;
	if (!pc_queue_entry_parse(line, len, &entry))
		return 0;
	item = pc_queue_item(queue, entry.id);
	if (item == NULL || item->fate != PC_QUEUE_CHOSEN)
		return 0;
	item->entry = entry;
	item->fate = PC_QUEUE_STAYED;
	return 0;
}

static void
tell_fates(struct pc_queue *queue, bool release)
{
	struct pc_queue_item *item;
	size_t i;

	for (i = 0; i < queue->count; i++) {
		item = &queue->items[i];
		if (item->fate == PC_QUEUE_CHOSEN)
			item->fate =
			    release ? PC_QUEUE_RELEASED : PC_QUEUE_GONE;
		else if (item->fate == PC_QUEUE_STAYED && was_so(item, release))
			item->fate =
			    release ? PC_QUEUE_RELEASED : PC_QUEUE_HELD;
	}
}

static bool
has_chosen(const struct pc_queue *queue)
{
	size_t i;

	for (i = 0; i < queue->count; i++) {
		if (queue->items[i].fate == PC_QUEUE_CHOSEN)
			return true;
	}
	return false;
}

int
pc_queue_hold(struct pc_queue *queue, bool release, struct pt_err *err)
{
	struct pc_queue_item *item;
	size_t from;
	size_t to;
	size_t i;

	for (i = 0; i < queue->count; i++) {
		item = &queue->items[i];
		if (was_so(item, release) &&
		    !pc_queue_entry_has_null_sender(&item->entry))
			item->fate = PC_QUEUE_WAS_SO;
	}
	/* Part by part, because all the while mail goes out. */
	for (from = 0; from < queue->count; from = to) {
		to = pc_queue_part_end(queue, from);
		if (pc_queue_proof_look(queue, from, to, err) != 0 ||
		    order_part(queue, from, to, release, err) != 0)
			return -1;
	}
	if (has_chosen(queue) && pc_queue_list(queue, check_line, err) != 0)
		return -1;
	tell_fates(queue, release);
	pc_queue_proof_drop_foreign(queue);
	return 0;
}
