/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The two halves of an entry of a table: its key, folded as addresses are
 * compared, and the logins in its value.
 */
#ifndef PT_MAPS_ENTRY_H
#define PT_MAPS_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/login.h"

#define PT_MAP_KEY_MAX PT_LOGIN_MAX

/*
 * Folds "user@domain" or "@domain"; out has PT_MAP_KEY_MAX + 1 bytes.
 * 1: it is one; 0: a name without a domain, which no address is looked up by;
 * -1: PT_ERR_INPUT.
 */
int
pt_map_key_fold(const char *key, size_t len, char *out, size_t *len_out,
    struct pt_err *err);

/*
 * The next login of a value, whose rest is (*at, *len): separated by commas
 * and blanks.  false at the end.
 */
bool
pt_map_owner_next(
    const char **at, size_t *len, const char **owner_out, size_t *owner_len);

#endif
