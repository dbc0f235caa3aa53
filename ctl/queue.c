/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/queue.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

void
pc_queue_clear(struct pc_queue *queue)
{
	pc_queue_owner_clear(&queue->owners);
	free(queue->items);
	queue->items = NULL;
	queue->count = 0;
	queue->room = 0;
}

/* Anybody may use the null sender, so only the proof tells whose it is. */
static const struct pc_queue_owner *
find_owner(const struct pc_queue *queue, const struct pc_queue_entry *entry)
{
	const struct pc_queue_owners *owners = &queue->owners;

	if (!pc_queue_entry_has_null_sender(entry))
		return pc_queue_owner_find(owners, entry->sender);
	return owners->count == 0 ? NULL : owners->at[0];
}

static int
add_item(struct pc_queue *queue, const struct pc_queue_entry *entry,
    const struct pc_queue_owner *owner, struct pt_err *err)
{
	size_t room = queue->room == 0 ? 64 : queue->room * 2;
	struct pc_queue_item *items;

	if (queue->count == queue->room) {
		items = realloc(queue->items, room * sizeof(*items));
		if (items == NULL)
			return pt_err_set(err, PT_ERR_UNAVAILABLE,
			    "cannot look into the queue: out of memory");
		queue->items = items;
		queue->room = room;
	}
	queue->items[queue->count++] =
	    (struct pc_queue_item){.entry = *entry, .owner = owner};
	return 0;
}

/* The first account of several that share a sender; proof decides later. */
static int
take_line(
    struct pc_queue *queue, const char *line, size_t len, struct pt_err *err)
{
	const struct pc_queue_owner *owner;
	struct pc_queue_entry entry;

	if (!pc_queue_entry_parse(line, len, &entry)) {
		queue->unreadable++;
		return 0;
	}
	owner = find_owner(queue, &entry);
	return owner == NULL ? 0 : add_item(queue, &entry, owner, err);
}

int
pc_queue_list(struct pc_queue *queue, pc_queue_line_fn *fn, struct pt_err *err)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int rc;

	rc = pc_queue_helper_ask(queue->helper, PC_QUEUE_LIST, NULL, 0, err);
	while (rc == 0 &&
	       (len = getline(&line, &room, queue->helper->answer)) > 0) {
		if (line[len - 1] == '\n')
			len--;
		if (len > 0)
			rc = fn(queue, line, (size_t)len, err);
	}
	free(line);
	return rc;
}

static int
compare_items(const void *a, const void *b)
{
	const struct pc_queue_item *x = a;
	const struct pc_queue_item *y = b;

	return strcmp(x->entry.id, y->entry.id);
}

int
pc_queue_find(struct pc_queue *queue, struct pt_err *err)
{
	queue->count = 0;
	queue->unreadable = 0;
	if (pc_queue_list(queue, take_line, err) != 0)
		return -1;
	if (queue->count > 1)
		qsort(queue->items, queue->count, sizeof(queue->items[0]),
		    compare_items);
	return 0;
}

struct pc_queue_item *
pc_queue_item(struct pc_queue *queue, const char *id)
{
	struct pc_queue_item wanted;

	if (queue->count == 0)
		return NULL;
	memcpy(wanted.entry.id, id, sizeof(wanted.entry.id));
	return bsearch(&wanted, queue->items, queue->count,
	    sizeof(queue->items[0]), compare_items);
}

size_t
pc_queue_part_end(const struct pc_queue *queue, size_t from)
{
	return queue->count - from < PC_QUEUE_IDS_MAX ? queue->count
						      : from + PC_QUEUE_IDS_MAX;
}
