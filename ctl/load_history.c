/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/load_history.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a; 64 bits of it do not meet by chance. */
static uint64_t
hash_entry(const struct pt_history *entry)
{
	unsigned char bytes[PT_HISTORY_BYTES_MAX];
	size_t len = pt_history_encode(entry, bytes, sizeof(bytes));
	uint64_t hash = 0xcbf29ce484222325U;
	size_t i;

	for (i = 0; i < len; i++) {
		hash ^= bytes[i];
		hash *= 0x100000001b3U;
	}
	return hash;
}

static bool
collect(const struct pt_history *entry, void *arg)
{
	struct pc_load_history *known = arg;
	size_t room = known->room == 0 ? 256 : known->room * 2;
	uint64_t *hashes;

	if (known->count == known->room) {
		hashes = realloc(known->hashes, room * sizeof(*hashes));
		if (hashes == NULL) {
			known->failed = true;
			return false;
		}
		known->hashes = hashes;
		known->room = room;
	}
	known->hashes[known->count++] = hash_entry(entry);
	return true;
}

static int
compare_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int
pc_load_history_read(
    struct pc_load_history *known, struct pt_store *store, struct pt_err *err)
{
	memset(known, 0, sizeof(*known));
	if (pt_store_each_history(store, NULL, collect, known, err) != 0)
		return -1;
	if (!known->failed && known->count > 0) {
		known->taken = calloc(known->count, sizeof(*known->taken));
		known->failed = known->taken == NULL;
	}
	if (known->failed)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the history: out of memory");
	if (known->count > 1)
		qsort(known->hashes, known->count, sizeof(known->hashes[0]),
		    compare_hashes);
	return 0;
}

bool
pc_load_history_take(
    struct pc_load_history *known, const struct pt_history *entry)
{
	uint64_t hash = hash_entry(entry);
	size_t low = 0;
	size_t high = known->count;
	size_t middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (known->hashes[middle] < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < known->count && known->hashes[low] == hash; low++) {
		if (!known->taken[low]) {
			known->taken[low] = true;
			return true;
		}
	}
	return false;
}

void
pc_load_history_clear(struct pc_load_history *known)
{
	free(known->hashes);
	free(known->taken);
	memset(known, 0, sizeof(*known));
}
