/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Errors: what went wrong, in words for a postmaster, and of which kind, so
 * that the program can decide (exit code, 451, close).
 *
 * A function that can fail returns -1 and fills *err; on success *err is
 * untouched.  The caller owns the struct; nothing is allocated.  Wording:
 * "cannot VERB OBJECT: reason", lower case, no full stop.
 */
#ifndef PT_BASE_ERR_H
#define PT_BASE_ERR_H

#include "core/base/attr.h"

enum pt_err_kind {
	PT_ERR_NONE,
	PT_ERR_USAGE,       /* a command was called in a wrong way */
	PT_ERR_INPUT,       /* data from outside is not what it must be */
	PT_ERR_CONFIG,      /* the configuration must be changed */
	PT_ERR_UNAVAILABLE, /* may work later: disk full, lock, no memory */
	PT_ERR_DAMAGED,     /* stored data cannot be read */
	PT_ERR_NEWER,       /* stored data of a later version of Postern */
	PT_ERR_INTERNAL,    /* a mistake of ours */
};

struct pt_err {
	enum pt_err_kind kind;
	char text[512];
};

/* Fills *err and returns -1, so that "return pt_err_set(...)" reads well. */
int
pt_err_set(struct pt_err *err, enum pt_err_kind kind, const char *fmt, ...)
    PT_PRINTF(3, 4);

/* As pt_err_set(); appends ": " and the text of the errno value code. */
int
pt_err_sys(struct pt_err *err, enum pt_err_kind kind, int code, const char *fmt,
    ...) PT_PRINTF(4, 5);

/*
 * PT_ERR_INPUT: the value that was given, escaped, in quotation marks and at
 * most 127 bytes of it, before "why".  Returns -1.
 */
int
pt_err_refuse(struct pt_err *err, const char *value, const char *why);

/* Puts "PREFIX: " before the text that is there already.  Returns -1. */
int
pt_err_prefix(struct pt_err *err, const char *fmt, ...) PT_PRINTF(2, 3);

/* The sysexits(3) code for a kind: 64, 65, 69, 70, 75, 78. */
int
pt_err_exit_code(enum pt_err_kind kind);

#endif
