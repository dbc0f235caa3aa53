/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Text tables that anybody wrote: whatever is taken can be found again, under
 * keys and with owners that are as they are compared, and an error names a
 * line.
 */
#include <string.h>

#include "core/maps/entry.h"
#include "core/maps/text_table.h"
#include "tests/fuzz/fuzz.h"

/* Each "word" of the input that is a key by itself. */
static void
check_key(const struct pt_map_index *index, const char *word, size_t len)
{
	char folded[PT_MAP_KEY_MAX + 1];
	char again[PT_MAP_KEY_MAX + 1];
	struct pt_login login;
	const char *owner;
	const char *value;
	size_t folded_len;
	size_t value_len;
	size_t again_len;
	size_t owner_len;
	size_t owners = 0;
	struct pt_err err;

	if (pt_map_key_fold(word, len, folded, &folded_len, &err) != 1)
		return;
	fuzz_check(
	    pt_map_key_fold(folded, folded_len, again, &again_len, &err) == 1 &&
		again_len == folded_len &&
		memcmp(folded, again, folded_len) == 0,
	    "folding a key twice changes nothing");
	if (!pt_map_index_find(index, folded, folded_len, &value, &value_len))
		return;
	while (pt_map_owner_next(&value, &value_len, &owner, &owner_len)) {
		owners++;
		fuzz_check(pt_login_parse(owner, owner_len, "example.com",
			       &login, &err) == 0,
		    "every owner is a login");
	}
	fuzz_check(owners > 0, "every key has an owner");
}

static void
check_all(const struct pt_map_index *index, const char *text, size_t size)
{
	size_t from = 0;
	size_t i;

	for (i = 0; i <= size; i++) {
		if (i < size && strchr(" \t\r\n\v\f", text[i]) == NULL)
			continue;
		if (i > from)
			check_key(index, text + from, i - from);
		from = i + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pt_map_index *index = pt_map_index_new();
	const char *text = (const char *)data;
	struct pt_err err = {.kind = PT_ERR_NONE};

	if (index == NULL)
		return 0;
	if (pt_text_table_parse("t", text, size, "example.com", index, &err) ==
	    0)
		check_all(index, text, size);
	else
		fuzz_check(err.kind == PT_ERR_CONFIG &&
			       strncmp(err.text, "t:", 2) == 0 &&
			       err.text[2] >= '1' && err.text[2] <= '9',
		    "an error names a line");
	pt_map_index_free(index);
	return 0;
}
