/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A verdict as part of a log line, the same in every program: the reason, the
 * figures of its window, the block.
 */
#ifndef PT_RULES_VERDICT_LOG_H
#define PT_RULES_VERDICT_LOG_H

#include "core/base/log.h"
#include "core/rules/verdict.h"

/* "key" is reason, or would in observe mode. */
void
pt_verdict_log(struct pt_log_line *line, const char *key,
    const struct pt_verdict *verdict);

/* "permit", "defer", "refuse" */
const char *
pt_verdict_name(enum pt_verdict_code code);

#endif
