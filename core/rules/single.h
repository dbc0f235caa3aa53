/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The limits of a single message, whatever was sent before: one table, with a
 * row for each.  Nothing is charged against them.
 */
#ifndef PT_RULES_SINGLE_H
#define PT_RULES_SINGLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/config/plan.h"
#include "core/rules/quota.h"
#include "core/rules/verdict.h"

/*
 * What the limit in row "i" of the table says, counted from 0; one that the
 * plan does not set permits.  Rows come in the order in which they decide.
 * false: there is no such row.  A size of 0 is one that is not known yet.
 */
bool
pt_single_judge(const struct pt_plan *plan, size_t i,
    const struct pt_charge *charge, struct pt_verdict *verdict_out);

/* Must the size of a message be known for one of the plan's limits? */
bool
pt_single_needs_size(const struct pt_plan *plan);

#endif
