/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/history_order.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct place {
	int64_t at;
	uint64_t number;
};

struct item {
	struct place place;
	size_t len;
	unsigned char bytes[]; /* the entry, encoded */
};

/*
 * The first of what comes after a place, or the last of all.  A heap whose top
 * is the next to go, so that an entry costs a comparison if it has no place.
 */
struct choice {
	struct item **items; /* owned, as each of them is */
	size_t count;
	size_t cap;
	bool is_last;
	struct place after; /* of no use with is_last */
	bool failed;
	size_t room;
};

static int
compare(const struct place *a, const struct place *b)
{
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return 0;
}

static int
compare_items(const void *a, const void *b)
{
	const struct item *const *x = a;
	const struct item *const *y = b;

	return compare(&(*x)->place, &(*y)->place);
}

/* Does a go before b does? */
static bool
goes_first(
    const struct choice *choice, const struct place *a, const struct place *b)
{
	int order = compare(a, b);

	return choice->is_last ? order < 0 : order > 0;
}

static void
sink(struct choice *choice)
{
	struct item **items = choice->items;
	struct item *item = items[0];
	size_t i = 0;
	size_t child;

	for (;;) {
		child = 2 * i + 1;
		if (child >= choice->count)
			break;
		if (child + 1 < choice->count &&
		    goes_first(
			choice, &items[child + 1]->place, &items[child]->place))
			child++;
		if (!goes_first(choice, &items[child]->place, &item->place))
			break;
		items[i] = items[child];
		i = child;
	}
	items[i] = item;
}

static void
rise(struct choice *choice)
{
	struct item **items = choice->items;
	size_t i = choice->count - 1;
	struct item *item = items[i];
	size_t parent;

	while (i > 0) {
		parent = (i - 1) / 2;
		if (!goes_first(choice, &item->place, &items[parent]->place))
			break;
		items[i] = items[parent];
		i = parent;
	}
	items[i] = item;
}

static struct item *
copy(const struct place *place, const struct pt_history *entry)
{
	unsigned char bytes[PT_HISTORY_BYTES_MAX];
	size_t len = pt_history_encode(entry, bytes, sizeof(bytes));
	struct item *item = malloc(sizeof(*item) + len);

	if (item == NULL)
		return NULL;
	item->place = *place;
	item->len = len;
	memcpy(item->bytes, bytes, len);
	return item;
}

static bool
has_room(struct choice *choice)
{
	size_t room = choice->room == 0 ? 256 : choice->room * 2;
	struct item **items;

	if (choice->count < choice->room)
		return true;
	items = realloc(choice->items, room * sizeof(struct item *));
	if (items == NULL)
		return false;
	choice->items = items;
	choice->room = room;
	return true;
}

static bool
choose(uint64_t number, const struct pt_history *entry, void *arg)
{
	struct choice *choice = arg;
	struct place place = {.at = entry->note.at, .number = number};
	bool is_full = choice->count == choice->cap;
	struct item *item;

	if (!choice->is_last && compare(&place, &choice->after) <= 0)
		return true;
	if (is_full && !goes_first(choice, &choice->items[0]->place, &place))
		return true;
	item = copy(&place, entry);
	if (item == NULL || !has_room(choice)) {
		free(item);
		choice->failed = true;
		return false;
	}
	if (is_full) {
		free(choice->items[0]);
		choice->items[0] = item;
		sink(choice);
	} else {
		choice->items[choice->count++] = item;
		rise(choice);
	}
	return true;
}

/* Calls the function for what was chosen, and lets go of it; false: stop. */
static bool
tell(struct choice *choice, pt_history_fn *fn, void *arg)
{
	struct pt_history entry;
	struct pt_err err;
	bool goes_on = true;
	size_t i;

	if (choice->count > 1)
		qsort(choice->items, choice->count, sizeof(struct item *),
		    compare_items);
	for (i = 0; i < choice->count; i++) {
		choice->after = choice->items[i]->place;
		if (goes_on && pt_history_decode(choice->items[i]->bytes,
				   choice->items[i]->len, &entry, &err) == 0)
			goes_on = fn(&entry, arg);
		free(choice->items[i]);
	}
	choice->count = 0;
	return goes_on;
}

static int
walk(struct pt_store *store, const struct pt_login *login,
    struct choice *choice, struct pt_err *err)
{
	uint64_t last;

	if (pt_store_follow_history(
		store, login, 0, UINT64_MAX, choose, choice, &last, err) != 0)
		return -1;
	if (choice->failed)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the history: out of memory");
	return 0;
}

static void
clear(struct choice *choice)
{
	size_t i;

	for (i = 0; i < choice->count; i++)
		free(choice->items[i]);
	free(choice->items);
}

int
pc_history_order_each(struct pt_store *store, const struct pt_login *login,
    size_t part, pt_history_fn *fn, void *arg, struct pt_err *err)
{
	struct choice choice = {.cap = part, .after = {.at = -1}};
	bool is_more;
	int rc;

	do {
		rc = walk(store, login, &choice, err);
		is_more = choice.count == part;
	} while (rc == 0 && tell(&choice, fn, arg) && is_more);
	clear(&choice);
	return rc;
}

int
pc_history_order_last(struct pt_store *store, const struct pt_login *login,
    size_t count, pt_history_fn *fn, void *arg, struct pt_err *err)
{
	struct choice choice = {.cap = count, .is_last = true};
	int rc = walk(store, login, &choice, err);

	if (rc == 0)
		(void)tell(&choice, fn, arg);
	clear(&choice);
	return rc;
}
