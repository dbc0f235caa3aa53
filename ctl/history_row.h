/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Rows of the history, for history and watch. */
#ifndef PC_HISTORY_ROW_H
#define PC_HISTORY_ROW_H

#include "core/state/history.h"
#include "ctl/call.h"

void
pc_history_begin(struct pc_call *call);

void
pc_history_row(struct pc_call *call, const struct pt_history *entry);

#endif
