/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Alias domains: "example.com = example.net example.org".  Internal to
 * core/config.
 */
#ifndef PT_CONFIG_ALIAS_H
#define PT_CONFIG_ALIAS_H

#include "core/base/err.h"
#include "core/config/config.h"

/*
 * Domains come out as lower-case A-labels.  Free the result with
 * pt_alias_clear(), which takes a zeroed struct as well.
 */
int
pt_alias_parse(const char *s, struct pt_alias_domain *out, struct pt_err *err);

void
pt_alias_clear(struct pt_alias_domain *alias);

#endif
