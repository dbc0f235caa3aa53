/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Read before every file that clang-tidy looks at.  The analyzer sees one
 * file at a time and so cannot know that these functions always return -1;
 * without that it believes that callers go on after an error.
 */
#ifndef TOOLS_ANALYZER_H
#define TOOLS_ANALYZER_H

#include "core/base/err.h"

static inline int
tools_analyzer_failed(int rc)
{
	(void)rc;
	return -1;
}

#define pt_err_set(...)    tools_analyzer_failed(pt_err_set(__VA_ARGS__))
#define pt_err_sys(...)    tools_analyzer_failed(pt_err_sys(__VA_ARGS__))
#define pt_err_prefix(...) tools_analyzer_failed(pt_err_prefix(__VA_ARGS__))

#endif
