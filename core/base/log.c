/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"

/*
 * The sink is the one piece of state that a program cannot hand around: a
 * signal-driven level and the form of a line.  Set at start, read by all.
 */
static struct {
	char program[32];
	atomic_int level; /* enum pt_log_level; changes while others log */
	bool journal;
} sink = {"postern", PT_LOG_INFO, false};

void
pt_log_init(const char *program, enum pt_log_level level)
{
	if (pt_text_copy(sink.program, sizeof(sink.program), program) != 0)
		(void)pt_text_copy(
		    sink.program, sizeof(sink.program), "postern");
	atomic_store_explicit(&sink.level, (int)level, memory_order_relaxed);
	sink.journal = getenv("JOURNAL_STREAM") != NULL;
}

void
pt_log_set_level(enum pt_log_level level)
{
	atomic_store_explicit(&sink.level, (int)level, memory_order_relaxed);
}

bool
pt_log_is_on(enum pt_log_level level)
{
	return (int)level <=
	       atomic_load_explicit(&sink.level, memory_order_relaxed);
}

void
pt_log_begin(
    struct pt_log_line *line, enum pt_log_level level, const char *event)
{
	char stamp[PT_CLOCK_TEXT_MAX];

	line->on = pt_log_is_on(level);
	if (!line->on)
		return;
	/* One byte stays free for the end of the line. */
	pt_text_init(&line->text, line->buf, sizeof(line->buf) - 1);
	if (sink.journal) {
		pt_text_addf(&line->text, "<%d>", (int)level);
	} else {
		pt_clock_format_iso(pt_clock_now(), stamp, sizeof(stamp));
		pt_text_addf(&line->text, "%s %s[%ld]: ", stamp, sink.program,
		    (long)getpid());
	}
	pt_text_addf(&line->text, "event=%s", event);
}

void
pt_log_bytes(
    struct pt_log_line *line, const char *key, const char *at, size_t len)
{
	bool quote;

	if (!line->on)
		return;
	quote = len == 0 || memchr(at, ' ', len) != NULL ||
		memchr(at, '=', len) != NULL || memchr(at, '"', len) != NULL;
	pt_text_addf(&line->text, quote ? " %s=\"" : " %s=", key);
	pt_text_add_escaped(&line->text, at, len);
	if (quote)
		pt_text_add(&line->text, "\"");
}

void
pt_log_str(struct pt_log_line *line, const char *key, const char *value)
{
	pt_log_bytes(line, key, value, strlen(value));
}

void
pt_log_int(struct pt_log_line *line, const char *key, int64_t value)
{
	if (line->on)
		pt_text_addf(&line->text, " %s=%lld", key, (long long)value);
}

void
pt_log_time(struct pt_log_line *line, const char *key, int64_t at)
{
	char stamp[PT_CLOCK_TEXT_MAX];

	if (!line->on)
		return;
	pt_clock_format_iso(at, stamp, sizeof(stamp));
	pt_text_addf(&line->text, " %s=%s", key, stamp);
}

void
pt_log_end(struct pt_log_line *line)
{
	const char *at = line->buf;
	size_t left;
	ssize_t n;

	if (!line->on)
		return;
	line->buf[line->text.len] = '\n';
	left = line->text.len + 1;
	while (left > 0) {
		n = write(STDERR_FILENO, at, left);
		if (n < 0 && errno == EINTR)
			continue;
		/* Nobody can be told that the log is gone. */
		if (n <= 0)
			return;
		at += n;
		left -= (size_t)n;
	}
}

void
pt_log_err(enum pt_log_level level, const char *event, const struct pt_err *err)
{
	struct pt_log_line line;

	pt_log_begin(&line, level, event);
	pt_log_str(&line, "error", err->text);
	pt_log_end(&line);
}
