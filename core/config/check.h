/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a value must be beyond its type, key by key.  Internal to
 * core/config.
 */
#ifndef PT_CONFIG_CHECK_H
#define PT_CONFIG_CHECK_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/config/keys.h"

/* a-z, 0-9, "-" and "_"; PT_ERR_CONFIG. */
int
pt_check_plan_name(const char *at, size_t len, struct pt_err *err);

/*
 * One item of a key's value, after pt_value_check() was content with it.
 * The text does not name the key.
 */
int
pt_check_item(const struct pt_key *key, const char *item, struct pt_err *err);

#endif
