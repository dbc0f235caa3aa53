/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of keys in its two parts.  Internal to keys_find.c. */
#ifndef PT_CONFIG_KEYS_PRIVATE_H
#define PT_CONFIG_KEYS_PRIVATE_H

#include "core/config/keys.h"

struct pt_key_table {
	const struct pt_key *keys;
	size_t count;
};

extern const struct pt_key_table pt_key_table_general;
extern const struct pt_key_table pt_key_table_plan;

#endif
