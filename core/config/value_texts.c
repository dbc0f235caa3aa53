/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <stdlib.h>
#include <string.h>

#include "core/base/network.h"
#include "core/config/config.h"
#include "core/config/value.h"
#include "core/config/value_types.h"

/* What may stand in any text: it must be shown and logged without harm. */
static int
text_check(const char *item, size_t cap, struct pt_err *err)
{
	size_t len = strlen(item);

	if (len >= cap)
		return pt_err_set(err, PT_ERR_INPUT,
		    "the value is longer than %zu bytes", cap - 1);
	if (!pt_text_is_utf8(item, len))
		return pt_err_refuse(err, item, "is not UTF-8");
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)item[i];

		if (c < 0x20 || c == 0x7f)
			return pt_err_refuse(
			    err, item, "has a control character in it");
	}
	return 0;
}

static int
text_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	(void)count;
	if (text_check(items[0], key->size, err) != 0)
		return -1;
	memcpy(field, items[0], strlen(items[0]) + 1);
	return 0;
}

static bool
text_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	(void)key;
	if (index == 0)
		pt_text_add(out, field);
	return index == 0;
}

static void
list_clear(void *field)
{
	struct pt_strings *list = field;

	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	list->at = NULL;
	list->count = 0;
}

static int
list_add(struct pt_strings *list, const char *item, struct pt_err *err)
{
	char *copy;

	if (text_check(item, PT_VALUE_ITEM_MAX, err) != 0)
		return -1;
	copy = strdup(item);
	if (copy == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the list: out of memory");
	list->at[list->count++] = copy;
	return 0;
}

static int
list_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	struct pt_strings list = {0};

	(void)key;
	if (count > 0) {
		list.at = calloc(count, sizeof(*list.at));
		if (list.at == NULL)
			return pt_err_set(err, PT_ERR_UNAVAILABLE,
			    "cannot keep the list: out of memory");
	}
	for (size_t i = 0; i < count; i++) {
		if (list_add(&list, items[i], err) != 0) {
			list_clear(&list);
			return -1;
		}
	}
	list_clear(field);
	memcpy(field, &list, sizeof(list));
	return 0;
}

static bool
list_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	const struct pt_strings *list = field;

	(void)key;
	if (index >= list->count)
		return false;
	pt_text_add(out, list->at[index]);
	return true;
}

static int
networks_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	struct pt_network network;

	for (size_t i = 0; i < count; i++) {
		if (pt_network_parse(items[i], &network, err) != 0)
			return -1;
	}
	return list_read(key, field, items, count, err);
}

const struct pt_value_type pt_value_text = {
    .is_quoted = true, .read = text_read, .item = text_item};

const struct pt_value_type pt_value_list = {
    .is_list = true,
    .is_quoted = true,
    .is_each_free = true,
    .read = list_read,
    .item = list_item,
    .clear = list_clear,
};

const struct pt_value_type pt_value_networks = {
    .is_list = true,
    .is_quoted = true,
    .is_each_free = true,
    .read = networks_read,
    .item = list_item,
    .clear = list_clear,
};
