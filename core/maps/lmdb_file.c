/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/lmdb_file.h"

#include <stdbool.h>
#include <stdint.h>

#define MAGIC     0xbeefc0deU
#define VERSION   1
#define DEPTH_MAX 32

/* A page begins with its number, a spare half word, flags and two bounds. */
#define PAGE_HEAD     16
#define PAGE_FLAGS_AT 10
#define PAGE_LOWER_AT 12
#define PAGE_BRANCH   0x01
#define PAGE_LEAF     0x02
#define PAGE_OVERFLOW 0x04
#define PAGE_LEAF2    0x20

/* The two first pages describe the rest. */
#define META_MAGIC_AT     16
#define META_VERSION_AT   20
#define META_PAGE_SIZE_AT 40
#define META_FLAGS_AT     92 /* of the main database */
#define META_ROOT_AT      128
#define META_TXN_AT       144
#define META_END          152
#define NO_ROOT           UINT64_MAX

/* Two half words of length, flags, the key's length; key and value follow. */
#define NODE_HEAD 8
#define NODE_BIG  0x01 /* the value is the number of its first page */

struct file {
	const unsigned char *bytes;
	size_t size;
	size_t page_size;
	size_t budget; /* pages that may still be looked at */
};

/* Where the walk is on one level of the tree. */
struct level {
	const unsigned char *page;
	size_t next;
	size_t count;
};

struct node {
	const unsigned char *at;
	size_t room; /* to the end of the page */
	size_t key_len;
	unsigned flags;
	uint64_t low; /* the first two half words */
};

static unsigned
u16(const unsigned char *at)
{
	return at[0] | (unsigned)at[1] << 8;
}

static uint64_t
u32(const unsigned char *at)
{
	return u16(at) | (uint64_t)u16(at + 2) << 16;
}

static uint64_t
u64(const unsigned char *at)
{
	return u32(at) | u32(at + 4) << 32;
}

static int
damaged(struct pt_err *err)
{
	return pt_err_set(
	    err, PT_ERR_CONFIG, "it is damaged; make it again with postmap");
}

static bool
is_meta(const unsigned char *page)
{
	return u32(page + META_MAGIC_AT) == MAGIC &&
	       u32(page + META_VERSION_AT) == VERSION;
}

/* The description that was committed last; NULL if there is none. */
static const unsigned char *
find_meta(struct file *file)
{
	const unsigned char *first = file->bytes;
	const unsigned char *second;

	if (file->size < META_END || !is_meta(first))
		return NULL;
	file->page_size = (size_t)u32(first + META_PAGE_SIZE_AT);
	if (file->page_size < 512 || file->page_size > 65536 ||
	    (file->page_size & (file->page_size - 1)) != 0 ||
	    file->size / file->page_size < 2)
		return NULL;
	second = first + file->page_size;
	if (!is_meta(second))
		return NULL;
	return u64(second + META_TXN_AT) > u64(first + META_TXN_AT) ? second
								    : first;
}

/* NULL if there is no such page. */
static const unsigned char *
find_page(struct file *file, uint64_t number)
{
	const unsigned char *page;

	if (number < 2 || number >= file->size / file->page_size ||
	    file->budget == 0)
		return NULL;
	file->budget--;
	page = file->bytes + (size_t)number * file->page_size;
	return u64(page) == number ? page : NULL;
}

static int
enter(
    struct file *file, struct level *level, uint64_t number, struct pt_err *err)
{
	unsigned lower;
	unsigned flags;

	level->page = find_page(file, number);
	if (level->page == NULL)
		return damaged(err);
	lower = u16(level->page + PAGE_LOWER_AT);
	flags = u16(level->page + PAGE_FLAGS_AT);
	if (lower < PAGE_HEAD || lower > file->page_size ||
	    (flags & PAGE_LEAF2) != 0 ||
	    (flags & (PAGE_BRANCH | PAGE_LEAF)) == 0)
		return damaged(err);
	level->next = 0;
	level->count = (lower - PAGE_HEAD) / 2;
	return 0;
}

static int
read_node(const struct file *file, const struct level *level, struct node *node,
    struct pt_err *err)
{
	size_t offset = u16(level->page + PAGE_HEAD + 2 * level->next);

	if (offset < PAGE_HEAD || offset + NODE_HEAD > file->page_size)
		return damaged(err);
	node->at = level->page + offset;
	node->room = file->page_size - offset - NODE_HEAD;
	node->low = u32(node->at);
	node->flags = u16(node->at + 4);
	node->key_len = u16(node->at + 6);
	return node->key_len <= node->room ? 0 : damaged(err);
}

/* A value that has pages of its own. */
static const unsigned char *
find_big(struct file *file, const struct node *node, size_t len)
{
	const unsigned char *page;

	if (node->room - node->key_len < 8)
		return NULL;
	page = find_page(file, u64(node->at + NODE_HEAD + node->key_len));
	if (page == NULL || (u16(page + PAGE_FLAGS_AT) & PAGE_OVERFLOW) == 0 ||
	    len > file->size - (size_t)(page - file->bytes) - PAGE_HEAD)
		return NULL;
	return page + PAGE_HEAD;
}

static int
give(struct file *file, const struct node *node, pt_lmdb_entry_fn *fn,
    void *arg, struct pt_err *err)
{
	const unsigned char *key = node->at + NODE_HEAD;
	const unsigned char *value = key + node->key_len;
	size_t len = (size_t)node->low;

	if ((node->flags & NODE_BIG) != 0)
		value = find_big(file, node, len);
	else if (len > node->room - node->key_len)
		value = NULL;
	if (value == NULL || (node->flags & ~(unsigned)NODE_BIG) != 0)
		return damaged(err);
	return fn((const char *)key, node->key_len, (const char *)value, len,
	    arg, err);
}

static int
walk(struct file *file, uint64_t root, pt_lmdb_entry_fn *fn, void *arg,
    struct pt_err *err)
{
	struct level levels[DEPTH_MAX];
	struct level *level = levels;
	struct node node = {0};
	size_t depth = 1;

	if (enter(file, level, root, err) != 0)
		return -1;
	while (depth > 0) {
		level = &levels[depth - 1];
		if (level->next == level->count) {
			depth--;
			continue;
		}
		if (read_node(file, level, &node, err) != 0)
			return -1;
		level->next++;
		if ((u16(level->page + PAGE_FLAGS_AT) & PAGE_LEAF) != 0) {
			if (give(file, &node, fn, arg, err) != 0)
				return -1;
			continue;
		}
		if (depth == DEPTH_MAX)
			return damaged(err);
		if (enter(file, &levels[depth],
			node.low | (uint64_t)node.flags << 32, err) != 0)
			return -1;
		depth++;
	}
	return 0;
}

int
pt_lmdb_file_walk(const void *bytes, size_t size, pt_lmdb_entry_fn *fn,
    void *arg, struct pt_err *err)
{
	struct file file = {.bytes = bytes, .size = size};
	const unsigned char *meta = find_meta(&file);
	uint64_t root;

	if (meta == NULL)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "it is no LMDB file that was made on a machine like this; "
		    "make it again with postmap");
	root = u64(meta + META_ROOT_AT);
	if (root == NO_ROOT)
		return 0;
	if (u16(meta + META_FLAGS_AT) != 0)
		return damaged(err);
	file.budget = size / file.page_size;
	return walk(&file, root, fn, arg, err);
}
