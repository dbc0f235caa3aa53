/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * LMDB files that somebody has damaged: whatever they say, nothing beyond
 * them is read, the walk ends, and what it gives lies in the file.
 */
#include "core/maps/lmdb_file.h"
#include "tests/fuzz/fuzz.h"

struct bounds {
	const char *from;
	const char *to;
	size_t entries;
	unsigned sum;
};

static void
check_bytes(struct bounds *bounds, const char *at, size_t len)
{
	size_t i;

	fuzz_check(at >= bounds->from && len <= (size_t)(bounds->to - at),
	    "an entry lies in the file");
	for (i = 0; i < len; i++)
		bounds->sum += (unsigned char)at[i];
}

static int
count(const char *key, size_t key_len, const char *value, size_t value_len,
    void *arg, struct pt_err *err)
{
	struct bounds *bounds = arg;

	(void)err;
	check_bytes(bounds, key, key_len);
	check_bytes(bounds, value, value_len > 4096 ? 4096 : value_len);
	bounds->entries++;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pt_err err = {.kind = PT_ERR_NONE};
	struct bounds bounds = {
	    .from = (const char *)data,
	    .to = (const char *)data + size,
	};

	if (pt_lmdb_file_walk(data, size, count, &bounds, &err) != 0)
		fuzz_check(err.kind == PT_ERR_CONFIG, "damage has a remedy");
	/* A page has room for its size by the shortest node at most. */
	fuzz_check(bounds.entries <= size, "the walk ends");
	return 0;
}
