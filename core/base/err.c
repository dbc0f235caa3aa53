/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/base/text.h"

static void
fill(struct pt_err *err, enum pt_err_kind kind, const char *fmt, va_list args)
    PT_PRINTF(3, 0);

static void
fill(struct pt_err *err, enum pt_err_kind kind, const char *fmt, va_list args)
{
	err->kind = kind;
	if (vsnprintf(err->text, sizeof(err->text), fmt, args) < 0)
		err->text[0] = '\0';
}

int
pt_err_set(struct pt_err *err, enum pt_err_kind kind, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fill(err, kind, fmt, args);
	va_end(args);
	return -1;
}

int
pt_err_sys(
    struct pt_err *err, enum pt_err_kind kind, int code, const char *fmt, ...)
{
	struct pt_text text;
	char reason[128];
	va_list args;

	va_start(args, fmt);
	fill(err, kind, fmt, args);
	va_end(args);
	if (strerror_r(code, reason, sizeof(reason)) != 0)
		(void)snprintf(reason, sizeof(reason), "error %d", code);
	text.at = err->text;
	text.cap = sizeof(err->text);
	text.len = strlen(err->text);
	text.cut = false;
	pt_text_addf(&text, ": %s", reason);
	return -1;
}

int
pt_err_refuse(struct pt_err *err, const char *value, const char *why)
{
	struct pt_text text;
	char shown[128];

	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, value, strlen(value));
	return pt_err_set(err, PT_ERR_INPUT, "\"%s\" %s", shown, why);
}

int
pt_err_prefix(struct pt_err *err, const char *fmt, ...)
{
	char old[sizeof(err->text)];
	struct pt_text text;
	va_list args;

	memcpy(old, err->text, sizeof(old));
	va_start(args, fmt);
	fill(err, err->kind, fmt, args);
	va_end(args);
	text.at = err->text;
	text.cap = sizeof(err->text);
	text.len = strlen(err->text);
	text.cut = false;
	pt_text_add(&text, ": ");
	pt_text_add(&text, old);
	return -1;
}

int
pt_err_exit_code(enum pt_err_kind kind)
{
	switch (kind) {
	case PT_ERR_NONE:
		return 0;
	case PT_ERR_USAGE:
		return EX_USAGE;
	case PT_ERR_INPUT:
		return EX_DATAERR;
	case PT_ERR_CONFIG:
		return EX_CONFIG;
	case PT_ERR_UNAVAILABLE:
		return EX_TEMPFAIL;
	case PT_ERR_DAMAGED:
	case PT_ERR_NEWER:
		return EX_UNAVAILABLE;
	case PT_ERR_INTERNAL:
		break;
	}
	return EX_SOFTWARE;
}
