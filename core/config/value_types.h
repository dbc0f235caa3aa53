/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What each type of key accepts, and how it is written.  Internal to
 * core/config: only value.c uses it.
 */
#ifndef PT_CONFIG_VALUE_TYPES_H
#define PT_CONFIG_VALUE_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/text.h"
#include "core/config/keys.h"

struct pt_value_type {
	bool is_list;
	bool is_quoted;    /* in postern.conf */
	bool is_each_free; /* no item depends on another */
	const char *empty; /* the word for a value without items, or NULL */

	/* All items at once; the field changes only on success. */
	int (*read)(const struct pt_key *key, void *field,
	    const char *const *items, size_t count, struct pt_err *err);

	/* Adds the item number "index"; false if there is none. */
	bool (*item)(const struct pt_key *key, const void *field, size_t index,
	    struct pt_text *out);

	/* Frees what read() allocated; NULL if it never does. */
	void (*clear)(void *field);
};

extern const struct pt_value_type pt_value_choice;
extern const struct pt_value_type pt_value_flags;
extern const struct pt_value_type pt_value_bool;
extern const struct pt_value_type pt_value_text;
extern const struct pt_value_type pt_value_list;
extern const struct pt_value_type pt_value_networks;
extern const struct pt_value_type pt_value_windows;
extern const struct pt_value_type pt_value_rate;
extern const struct pt_value_type pt_value_penalty;
extern const struct pt_value_type pt_value_count;
extern const struct pt_value_type pt_value_amount; /* sizes and spans */

#endif
