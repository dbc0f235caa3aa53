/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/queue_proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* What postcat wrote about one or several messages. */
static void
read_evidence(struct pc_queue *queue)
{
	struct pc_queue_item *item = NULL;
	char id[PC_QUEUE_ID_MAX + 1];
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, queue->helper->answer)) > 0) {
		if (pc_queue_evidence_begins(line, (size_t)len, id)) {
			item = pc_queue_item(queue, id);
			if (item != NULL)
				item->is_proven = true;
		} else if (item != NULL) {
			pc_queue_evidence_take(&item->by, line, (size_t)len,
			    queue->call->config->default_domain);
		}
	}
	free(line);
}

/* One that left the queue meanwhile must not stand in the way of others. */
static int
prove_singly(struct pc_queue *queue, const char *const *ids, size_t n,
    struct pt_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (pc_queue_helper_ask(
			queue->helper, PC_QUEUE_SHOW, &ids[i], 1, err) == 0)
			read_evidence(queue);
		else if (err->kind == PT_ERR_UNAVAILABLE)
			pc_queue_item(queue, ids[i])->fate = PC_QUEUE_GONE;
		else
			return -1;
	}
	return 0;
}

int
pc_queue_proof_look(
    struct pc_queue *queue, size_t from, size_t to, struct pt_err *err)
{
	const char *ids[PC_QUEUE_IDS_MAX];
	size_t n = 0;
	size_t i;

	for (i = from; i < to; i++) {
		if (queue->items[i].fate == PC_QUEUE_SEEN)
			ids[n++] = queue->items[i].entry.id;
	}
	if (n == 0)
		return 0;
	if (pc_queue_helper_ask(queue->helper, PC_QUEUE_SHOW, ids, n, err) != 0)
		return err->kind == PT_ERR_UNAVAILABLE
			   ? prove_singly(queue, ids, n, err)
			   : -1;
	read_evidence(queue);
	return 0;
}

bool
pc_queue_proof_is_theirs(struct pc_queue *queue, struct pc_queue_item *item)
{
	const struct pc_queue_owner *owner;

	if (item->by.proof != PC_QUEUE_LOGIN)
		return false;
	owner = pc_queue_owner_by_login(&queue->owners, &item->by.login);
	if (owner == NULL)
		return false;
	item->owner = owner;
	return pc_queue_entry_has_null_sender(&item->entry) ||
	       pc_queue_owner_has(&queue->owners, owner, item->entry.sender);
}

void
pc_queue_proof_drop_foreign(struct pc_queue *queue)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < queue->count; i++) {
		if (!pc_queue_entry_has_null_sender(&queue->items[i].entry) ||
		    pc_queue_proof_is_theirs(queue, &queue->items[i]))
			queue->items[n++] = queue->items[i];
	}
	queue->count = n;
}

int
pc_queue_proof_look_all(struct pc_queue *queue, struct pt_err *err)
{
	size_t from;
	size_t to;

	for (from = 0; from < queue->count; from = to) {
		to = pc_queue_part_end(queue, from);
		if (pc_queue_proof_look(queue, from, to, err) != 0)
			return -1;
	}
	pc_queue_proof_drop_foreign(queue);
	return 0;
}
