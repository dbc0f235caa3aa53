/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Compiler attributes and small constants that every module may use.
 * The only place in core that knows about compilers.
 */
#ifndef PT_BASE_ATTR_H
#define PT_BASE_ATTR_H

#if defined(__GNUC__)
#define PT_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define PT_MUST_USE           __attribute__((warn_unused_result))
#else
#define PT_PRINTF(fmt, first)
#define PT_MUST_USE
#endif

#define PT_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
