/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The one place where libmilter calls us and we call it: each callback finds
 * its session, lets stages.h decide, and says the step in libmilter's words.
 */
#ifndef PM_CALLBACKS_H
#define PM_CALLBACKS_H

#include "core/base/err.h"
#include "milter/filter.h"

/*
 * Registers the filter with libmilter, which has room for one in a process.
 * It must live as long as the process.
 */
int
pm_callbacks_register(struct pm_filter *shared, struct pt_err *err);

#endif
