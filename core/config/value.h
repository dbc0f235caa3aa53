/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The value of one key, whatever its type: text to a field of a struct and
 * back.  Internal to core/config.
 *
 * A value comes as a list of items, as many as were written; a key that is
 * no list takes exactly one.  "unlimited" stands for no limit at all, "none"
 * for an empty set of words.
 */
#ifndef PT_CONFIG_VALUE_H
#define PT_CONFIG_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/text.h"
#include "core/config/keys.h"

/* Longest item, its NUL included. */
#define PT_VALUE_ITEM_MAX 1024

/* May a key of this type be given several items? */
bool
pt_value_is_list(enum pt_key_type type);

/*
 * Checks the items and puts them into the field.  PT_ERR_INPUT or
 * PT_ERR_CONFIG with a text that does not name the key; PT_ERR_UNAVAILABLE
 * when memory is short.  On failure the field is as before.
 */
int
pt_value_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err);

/* Frees what the field holds, and empties it. */
void
pt_value_clear(const struct pt_key *key, void *field);

/*
 * As pt_value_read() without a field.  Of a list whose items do not depend
 * on each other only the last is looked at, so that checking a long list
 * after every item stays cheap.
 */
int
pt_value_check(const struct pt_key *key, const char *const *items, size_t count,
    struct pt_err *err);

/*
 * As pt_value_read(); the items stand in one text, separated by commas if
 * the key is a list.
 */
int
pt_value_read_text(const struct pt_key *key, void *field, const char *text,
    struct pt_err *err);

/* What pt_value_read_text() reads back. */
void
pt_value_format(
    const struct pt_key *key, const void *field, struct pt_text *out);

/* "key = value" as it stands in postern.conf. */
void
pt_value_format_conf(
    const struct pt_key *key, const void *field, struct pt_text *out);

#endif
