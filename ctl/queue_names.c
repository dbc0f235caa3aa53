/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/queue_names.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

#define FIRST_SLOTS 64

void
pc_queue_names_clear(struct pc_queue_names *names)
{
	free(names->slots);
	memset(names, 0, sizeof(*names));
}

/* The slot of the name, or the free one that it would get. */
static struct pc_queue_name *
locate(struct pc_queue_name *slots, size_t slot_count, const char *text)
{
	size_t mask = slot_count - 1;
	size_t i = (size_t)pt_hash(text, strlen(text)) & mask;

	while (slots[i].text != NULL && strcmp(slots[i].text, text) != 0)
		i = (i + 1) & mask;
	return &slots[i];
}

/* Half of the slots stay free, so that searches end soon. */
static int
make_room(struct pc_queue_names *names, struct pt_err *err)
{
	size_t count =
	    names->slot_count == 0 ? FIRST_SLOTS : names->slot_count * 2;
	struct pc_queue_name *slots;
	size_t i;

	if (names->count < names->slot_count / 2)
		return 0;
	slots = calloc(count, sizeof(*slots));
	if (slots == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot look into the queue: out of memory");
	for (i = 0; i < names->slot_count; i++) {
		if (names->slots[i].text != NULL)
			*locate(slots, count, names->slots[i].text) =
			    names->slots[i];
	}
	free(names->slots);
	names->slots = slots;
	names->slot_count = count;
	return 0;
}

int
pc_queue_names_add(struct pc_queue_names *names, const char *text, size_t place,
    struct pt_err *err)
{
	struct pc_queue_name *slot;

	if (make_room(names, err) != 0)
		return -1;
	slot = locate(names->slots, names->slot_count, text);
	if (slot->text != NULL)
		return 0;
	slot->text = text;
	slot->place = place;
	names->count++;
	return 0;
}

bool
pc_queue_names_find(
    const struct pc_queue_names *names, const char *text, size_t *place_out)
{
	const struct pc_queue_name *slot;

	if (names->count == 0)
		return false;
	slot = locate(names->slots, names->slot_count, text);
	if (slot->text == NULL)
		return false;
	*place_out = slot->place;
	return true;
}
