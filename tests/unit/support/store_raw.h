/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What no program of ours would write into a state. */
#ifndef PT_TESTS_STORE_RAW_H
#define PT_TESTS_STORE_RAW_H

#include "core/state/store_private.h"

void
store_raw_put(
    const struct store_env *env, enum store_db db, MDB_val key, MDB_val data);

/*
 * The record of that login in a database of the activity environment becomes
 * those three bytes.
 */
void
store_raw_damage(struct pt_store *store, enum store_db db, const char *name,
    const char *bytes);

#endif
