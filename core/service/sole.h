/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Work that one process at a time may do: who sends notices holds the lock of
 * it in the state directory, because two would send each of them twice.  The
 * kernel gives the lock back when its process ends, however it ends.
 */
#ifndef PT_SERVICE_SOLE_H
#define PT_SERVICE_SOLE_H

#include "core/base/err.h"

#define PT_SOLE_NOTICES "notices.lock"

/*
 * 1: it is ours until the descriptor *fd_out is closed, 0: another process
 * does that work, -1 with err.  Programs that are started do not inherit it.
 */
int
pt_sole_take(
    const char *state_dir, const char *name, int *fd_out, struct pt_err *err);

#endif
