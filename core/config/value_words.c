/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/config/choice.h"
#include "core/config/config.h"
#include "core/config/value_types.h"

#define NONE "none"

/* The first of each value is how it is written. */
#define BOOL_WORDS "no=0 yes=1 off=0 on=1 false=0 true=1"

/* A choice is stored in an enum by way of unsigned. */
_Static_assert(sizeof(enum pt_mode) == sizeof(unsigned), "size of an enum");

static int
choice_parse(const char *words, const char *item, unsigned *value_out,
    struct pt_err *err)
{
	struct pt_text text;
	char why[160];

	if (pt_choice_find(words, item, value_out))
		return 0;
	pt_text_init(&text, why, sizeof(why));
	pt_text_add(&text, "is none of: ");
	pt_choice_list(words, &text);
	return pt_err_refuse(err, item, why);
}

static int
choice_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	unsigned value = 0;

	(void)count;
	if (choice_parse(key->words, items[0], &value, err) != 0)
		return -1;
	memcpy(field, &value, sizeof(value));
	return 0;
}

static bool
choice_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	struct pt_choice choice = {0};
	unsigned value;

	memcpy(&value, field, sizeof(value));
	while (index == 0 && pt_choice_next(key->words, &choice)) {
		if (choice.value != value)
			continue;
		pt_text_add_bytes(out, choice.at, choice.len);
		return true;
	}
	return false;
}

static int
flags_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	unsigned flags = 0;
	unsigned value = 0;

	if (count == 1 && strcmp(items[0], NONE) == 0)
		count = 0;
	for (size_t i = 0; i < count; i++) {
		if (choice_parse(key->words, items[i], &value, err) != 0)
			return -1;
		flags |= 1U << value;
	}
	memcpy(field, &flags, sizeof(flags));
	return 0;
}

static bool
flags_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	struct pt_choice choice = {0};
	unsigned flags;

	memcpy(&flags, field, sizeof(flags));
	while (pt_choice_next(key->words, &choice)) {
		if ((flags & (1U << choice.value)) == 0 || index-- > 0)
			continue;
		pt_text_add_bytes(out, choice.at, choice.len);
		return true;
	}
	return false;
}

static int
bool_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	unsigned value = 0;
	bool *flag = field;

	(void)key;
	(void)count;
	if (!pt_choice_find(BOOL_WORDS, items[0], &value))
		return pt_err_refuse(err, items[0], "is neither yes nor no");
	*flag = value != 0;
	return 0;
}

static bool
bool_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	const bool *flag = field;

	(void)key;
	if (index == 0)
		pt_text_add(out, *flag ? "yes" : "no");
	return index == 0;
}

const struct pt_value_type pt_value_choice = {
    .read = choice_read, .item = choice_item};

const struct pt_value_type pt_value_flags = {
    .is_list = true,
    .is_quoted = true,
    .is_each_free = true,
    .empty = NONE,
    .read = flags_read,
    .item = flags_item,
};

const struct pt_value_type pt_value_bool = {
    .read = bool_read, .item = bool_item};
