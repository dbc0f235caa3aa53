/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/index.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

#define FIRST_SLOTS 1024
#define FIRST_BYTES 65536
#define HEAD_BYTES  3 /* length of the key, and of the value in two bytes */
#define KEY_MAX     255

struct slot {
	uint32_t tag; /* of the key's hash, so that most others are passed by */
	uint32_t at;  /* of the entry in bytes, plus 1; 0 is a free slot */
};

struct pt_map_index {
	struct slot *slots;
	size_t slot_count; /* a power of 2, at least twice the entries */
	size_t count;
	unsigned char *bytes;
	size_t used;
	size_t room;
};

struct pt_map_index *
pt_map_index_new(void)
{
	struct pt_map_index *index = calloc(1, sizeof(*index));

	if (index == NULL)
		return NULL;
	index->slots = calloc(FIRST_SLOTS, sizeof(*index->slots));
	index->bytes = malloc(FIRST_BYTES);
	if (index->slots == NULL || index->bytes == NULL) {
		pt_map_index_free(index);
		return NULL;
	}
	index->slot_count = FIRST_SLOTS;
	index->room = FIRST_BYTES;
	return index;
}

void
pt_map_index_free(struct pt_map_index *index)
{
	if (index == NULL)
		return;
	free(index->slots);
	free(index->bytes);
	free(index);
}

static bool
is_key(const unsigned char *entry, const char *key, size_t key_len)
{
	return entry[0] == key_len &&
	       memcmp(entry + HEAD_BYTES, key, key_len) == 0;
}

/* The slot of the key, or the free one that it would get. */
static struct slot *
locate(const struct pt_map_index *index, const char *key, size_t key_len,
    uint64_t hash)
{
	size_t mask = index->slot_count - 1;
	uint32_t tag = (uint32_t)(hash >> 32);
	size_t i = (size_t)hash & mask;
	struct slot *slot = &index->slots[i];

	while (slot->at != 0 &&
	       (slot->tag != tag ||
		   !is_key(index->bytes + slot->at - 1, key, key_len))) {
		i = (i + 1) & mask;
		slot = &index->slots[i];
	}
	return slot;
}

static int
grow_slots(struct pt_map_index *index)
{
	size_t count = index->slot_count * 2;
	size_t mask = count - 1;
	struct slot *slots = calloc(count, sizeof(*slots));
	const unsigned char *entry;
	size_t i;
	size_t to;

	if (slots == NULL)
		return -1;
	for (i = 0; i < index->slot_count; i++) {
		if (index->slots[i].at == 0)
			continue;
		entry = index->bytes + index->slots[i].at - 1;
		to = (size_t)pt_hash(
			 (const char *)entry + HEAD_BYTES, entry[0]) &
		     mask;
		while (slots[to].at != 0)
			to = (to + 1) & mask;
		slots[to] = index->slots[i];
	}
	free(index->slots);
	index->slots = slots;
	index->slot_count = count;
	return 0;
}

static int
make_room(struct pt_map_index *index, size_t len, struct pt_err *err)
{
	unsigned char *bytes;
	size_t room = index->room;

	if (len > PT_MAP_INDEX_BYTES - index->used)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "the table is too big: its keys and values may have 64 "
		    "MiB");
	while (room < index->used + len)
		room *= 2;
	if (room != index->room) {
		bytes = realloc(index->bytes, room);
		if (bytes == NULL)
			return pt_err_set(err, PT_ERR_UNAVAILABLE,
			    "out of memory for the table");
		index->bytes = bytes;
		index->room = room;
	}
	if ((index->count + 1) * 2 > index->slot_count &&
	    grow_slots(index) != 0)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "out of memory for the table");
	return 0;
}

int
pt_map_index_add(struct pt_map_index *index, const char *key, size_t key_len,
    const char *value, size_t value_len, struct pt_err *err)
{
	uint64_t hash = pt_hash(key, key_len);
	unsigned char *entry;
	struct slot *slot;

	if (key_len > KEY_MAX || value_len > PT_MAP_VALUE_MAX)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "an entry is too long: a value may have %d bytes",
		    PT_MAP_VALUE_MAX);
	if (make_room(index, HEAD_BYTES + key_len + value_len, err) != 0)
		return -1;
	slot = locate(index, key, key_len, hash);
	if (slot->at != 0)
		return 0;
	entry = index->bytes + index->used;
	entry[0] = (unsigned char)key_len;
	entry[1] = (unsigned char)(value_len & 0xff);
	entry[2] = (unsigned char)(value_len >> 8);
	memcpy(entry + HEAD_BYTES, key, key_len);
	memcpy(entry + HEAD_BYTES + key_len, value, value_len);
	slot->tag = (uint32_t)(hash >> 32);
	slot->at = (uint32_t)index->used + 1;
	index->used += HEAD_BYTES + key_len + value_len;
	index->count++;
	return 1;
}

bool
pt_map_index_find(const struct pt_map_index *index, const char *key,
    size_t key_len, const char **value_out, size_t *len_out)
{
	const struct slot *slot =
	    locate(index, key, key_len, pt_hash(key, key_len));
	const unsigned char *entry;

	if (slot->at == 0)
		return false;
	entry = index->bytes + slot->at - 1;
	*value_out = (const char *)entry + HEAD_BYTES + key_len;
	*len_out = (size_t)entry[1] | (size_t)entry[2] << 8;
	return true;
}
