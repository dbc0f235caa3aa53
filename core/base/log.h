/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Log lines for programs (core itself never logs): one event a line on
 * standard error, "event=NAME key=value ...".  A value with a blank, '=' or
 * '"' in it stands in quotation marks, and what could forge a line or a
 * quotation is escaped (pt_text_add_escaped()).  With the journal behind
 * standard error (JOURNAL_STREAM) a line starts with "<N>" for its level,
 * else with the time.
 *
 *	struct pt_log_line line;
 *	pt_log_begin(&line, PT_LOG_WARN, "refused");
 *	pt_log_str(&line, "login", login);
 *	pt_log_int(&line, "used", 5);
 *	pt_log_end(&line);
 *
 * Below the level a line costs a comparison.  Lines are cut at 2 kB.  One
 * write(2) a line; safe from several threads.
 */
#ifndef PT_BASE_LOG_H
#define PT_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/text.h"

enum pt_log_level {
	PT_LOG_ERROR = 3, /* numbers as in syslog(3) */
	PT_LOG_WARN = 4,
	PT_LOG_INFO = 6,
	PT_LOG_DEBUG = 7,
};

struct pt_log_line {
	struct pt_text text;
	bool on;
	char buf[2048];
};

/* At start: program name, level; also looks at JOURNAL_STREAM. */
void
pt_log_init(const char *program, enum pt_log_level level);

void
pt_log_set_level(enum pt_log_level level);

bool
pt_log_is_on(enum pt_log_level level);

void
pt_log_begin(
    struct pt_log_line *line, enum pt_log_level level, const char *event);

void
pt_log_str(struct pt_log_line *line, const char *key, const char *value);

void
pt_log_bytes(
    struct pt_log_line *line, const char *key, const char *at, size_t len);

void
pt_log_int(struct pt_log_line *line, const char *key, int64_t value);

/* as 2026-11-22T14:05:10Z */
void
pt_log_time(struct pt_log_line *line, const char *key, int64_t at);

void
pt_log_end(struct pt_log_line *line);

/* A whole line: event=EVENT error="..." with the text of err. */
void
pt_log_err(
    enum pt_log_level level, const char *event, const struct pt_err *err);

#endif
