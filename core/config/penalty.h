/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The plan key "penalty" as text: "4/1h for 2d after 90/1d" permits 4 messages
 * an hour, for two days, once 90 were sent within a day.
 */
#ifndef PT_CONFIG_PENALTY_H
#define PT_CONFIG_PENALTY_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/config/plan.h"

#define PT_PENALTY_TEXT_MAX 192

int
pt_penalty_parse(const char *s, struct pt_penalty *out, struct pt_err *err);

/* cap >= PT_PENALTY_TEXT_MAX; one that is off is "unlimited". */
void
pt_penalty_format(const struct pt_penalty *penalty, char *buf, size_t cap);

#endif
