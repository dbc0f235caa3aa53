/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/value.h"

#include <string.h>

#include "core/config/config.h"
#include "core/config/value_types.h"

/* Items in one text; more than any key that can be overridden may have. */
#define SPLIT_MAX 32

static const struct pt_value_type *const types[] = {
    [PT_KEY_CHOICE] = &pt_value_choice,
    [PT_KEY_FLAGS] = &pt_value_flags,
    [PT_KEY_BOOL] = &pt_value_bool,
    [PT_KEY_TEXT] = &pt_value_text,
    [PT_KEY_LIST] = &pt_value_list,
    [PT_KEY_NETWORKS] = &pt_value_networks,
    [PT_KEY_WINDOWS] = &pt_value_windows,
    [PT_KEY_SIZE_WINDOWS] = &pt_value_windows,
    [PT_KEY_RATE] = &pt_value_rate,
    [PT_KEY_PENALTY] = &pt_value_penalty,
    [PT_KEY_COUNT] = &pt_value_count,
    [PT_KEY_SIZE] = &pt_value_amount,
    [PT_KEY_SPAN] = &pt_value_amount,
};

/* A field of any type. */
union scratch {
	unsigned word;
	bool flag;
	char text[PT_VALUE_ITEM_MAX];
	struct pt_strings list;
	struct pt_windows windows;
	struct pt_limit limit;
};

bool
pt_value_is_list(enum pt_key_type type)
{
	return types[type]->is_list;
}

int
pt_value_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	if (!types[key->type]->is_list && count != 1)
		return pt_err_set(
		    err, PT_ERR_INPUT, "takes one value, not %zu", count);
	return types[key->type]->read(key, field, items, count, err);
}

void
pt_value_clear(const struct pt_key *key, void *field)
{
	if (types[key->type]->clear != NULL)
		types[key->type]->clear(field);
}

int
pt_value_check(const struct pt_key *key, const char *const *items, size_t count,
    struct pt_err *err)
{
	union scratch scratch;

	memset(&scratch, 0, sizeof(scratch));
	if (types[key->type]->is_each_free && count > 1) {
		items += count - 1;
		count = 1;
	}
	if (pt_value_read(key, &scratch, items, count, err) != 0)
		return -1;
	pt_value_clear(key, &scratch);
	return 0;
}

/* The item from "at" to "end" without the blanks around it. */
static const char *
trim(char *at, char *end)
{
	while (at < end && *at == ' ')
		at++;
	while (end > at && end[-1] == ' ')
		end--;
	*end = '\0';
	return at;
}

/* Cuts "text" at its commas; -1 if there are too many items. */
static int
items_split(char *text, const char **items, size_t *count_out)
{
	char *end = text + strlen(text);
	/* Empty text is no item; "," is two empty ones. */
	char *at = text == end ? end + 1 : text;
	char *comma;
	size_t count = 0;

	while (at <= end) {
		if (count == SPLIT_MAX)
			return -1;
		comma = at + strcspn(at, ",");
		items[count++] = trim(at, comma);
		at = comma + 1;
	}
	*count_out = count;
	return 0;
}

int
pt_value_read_text(
    const struct pt_key *key, void *field, const char *text, struct pt_err *err)
{
	const struct pt_value_type *type = types[key->type];
	const char *items[SPLIT_MAX];
	char copy[PT_VALUE_ITEM_MAX];
	size_t count = 1;

	if (pt_text_copy(copy, sizeof(copy), text) != 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "the value is longer than %zu bytes", sizeof(copy) - 1);
	items[0] = copy;
	if (type->is_list && items_split(copy, items, &count) != 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "there are more than %d items", SPLIT_MAX);
	if (count == 0 && type->empty != NULL)
		return pt_err_set(err, PT_ERR_INPUT,
		    "the value is missing: write \"%s\" for an empty list",
		    type->empty);
	return pt_value_read(key, field, items, count, err);
}

void
pt_value_format(
    const struct pt_key *key, const void *field, struct pt_text *out)
{
	const struct pt_value_type *type = types[key->type];
	char item[PT_VALUE_ITEM_MAX];
	struct pt_text text;
	size_t i;

	pt_text_init(&text, item, sizeof(item));
	for (i = 0; type->item(key, field, i, &text); i++) {
		if (i > 0)
			pt_text_add(out, ",");
		pt_text_add(out, item);
		pt_text_init(&text, item, sizeof(item));
	}
	if (i == 0 && type->empty != NULL)
		pt_text_add(out, type->empty);
}

static void
item_add_quoted(struct pt_text *out, const char *item)
{
	size_t len;

	pt_text_add(out, "\"");
	while (*item != '\0') {
		len = strcspn(item, "\"\\$");
		pt_text_add_bytes(out, item, len);
		item += len;
		if (*item != '\0')
			pt_text_addf(out, "\\%c", *item++);
	}
	pt_text_add(out, "\"");
}

void
pt_value_format_conf(
    const struct pt_key *key, const void *field, struct pt_text *out)
{
	const struct pt_value_type *type = types[key->type];
	char item[PT_VALUE_ITEM_MAX];
	struct pt_text text;
	size_t i;

	pt_text_addf(out, type->is_list ? "%s = {" : "%s =", key->name);
	pt_text_init(&text, item, sizeof(item));
	for (i = 0; type->item(key, field, i, &text); i++) {
		pt_text_add(out, i > 0 ? ", " : " ");
		if (type->is_quoted)
			item_add_quoted(out, item);
		else
			pt_text_add(out, item);
		pt_text_init(&text, item, sizeof(item));
	}
	if (type->is_list)
		pt_text_add(out, " }");
	else if (i == 0)
		pt_text_addf(out, " %s", type->empty);
}
