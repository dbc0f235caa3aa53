/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The command line, read by the table of commands.  Options of a command and
 * the global ones may stand anywhere after it; "--" ends them.
 */
#ifndef PC_ARGS_H
#define PC_ARGS_H

#include "core/base/err.h"
#include "ctl/call.h"

/*
 * Fills the command line's part of *call.  args points into argv, which is
 * rearranged.  PT_ERR_USAGE says what is wrong and what may be meant; then
 * call->command tells whose usage helps, or is NULL.
 */
int
pc_args_parse(int argc, char **argv, struct pc_call *call, struct pt_err *err);

#endif
