/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* timegm() is neither C11 nor POSIX.1-2008, but in every libc we meet. */
#define _DEFAULT_SOURCE 1

#include "core/base/clock.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/span.h"
#include "core/base/text.h"

#define DAY_SECONDS 86400

int64_t
pt_clock_now(void)
{
	struct timespec ts;

	/* Cannot fail: the clock exists and ts is ours. */
	(void)clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec;
}

int64_t
pt_clock_ticks_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* false for a point in time whose year does not have four digits. */
static bool
tm_from_time(int64_t at, struct tm *tm)
{
	time_t t = (time_t)at;

	return (int64_t)t == at && gmtime_r(&t, tm) != NULL &&
	       tm->tm_year >= -900 && tm->tm_year <= 8099;
}

void
pt_clock_format(int64_t at, int64_t now, char *buf, size_t cap)
{
	struct tm tm;
	struct tm today;
	bool same_day;

	if (!tm_from_time(at, &tm)) {
		(void)snprintf(buf, cap, "@%" PRId64, at);
		return;
	}
	same_day = tm_from_time(now, &today) && tm.tm_year == today.tm_year &&
		   tm.tm_yday == today.tm_yday;
	if (strftime(buf, cap, same_day ? "%T UTC" : "%F %T UTC", &tm) == 0)
		buf[0] = '\0';
}

void
pt_clock_format_iso(int64_t at, char *buf, size_t cap)
{
	struct tm tm;

	if (!tm_from_time(at, &tm)) {
		(void)snprintf(buf, cap, "@%" PRId64, at);
		return;
	}
	if (strftime(buf, cap, "%FT%TZ", &tm) == 0)
		buf[0] = '\0';
}

/* Exactly n digits at *s with a value from min to max; moves *s past them. */
static bool
take_digits(const char **s, int n, int min, int max, int *out)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		char c = (*s)[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	if (value < min || value > max)
		return false;
	*s += n;
	*out = value;
	return true;
}

static bool
take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

/* YYYY-MM-DD; that the month has such a day is seen by time_from_tm(). */
static bool
take_date(const char **s, struct tm *tm)
{
	if (!take_digits(s, 4, 1970, 9999, &tm->tm_year) ||
	    !take_char(s, '-') || !take_digits(s, 2, 1, 12, &tm->tm_mon) ||
	    !take_char(s, '-') || !take_digits(s, 2, 1, 31, &tm->tm_mday))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return true;
}

/* HH:MM or HH:MM:SS, and a "Z" that changes nothing. */
static bool
take_time(const char **s, struct tm *tm)
{
	if (!take_digits(s, 2, 0, 23, &tm->tm_hour) || !take_char(s, ':') ||
	    !take_digits(s, 2, 0, 59, &tm->tm_min))
		return false;
	if (take_char(s, ':') && !take_digits(s, 2, 0, 59, &tm->tm_sec))
		return false;
	(void)take_char(s, 'Z');
	return true;
}

static bool
time_from_tm(const struct tm *tm, int64_t *out)
{
	struct tm copy = *tm;
	time_t t = timegm(&copy);

	/* timegm() makes 2 March out of 30 February; we do not. */
	if (copy.tm_mday != tm->tm_mday || copy.tm_mon != tm->tm_mon)
		return false;
	*out = (int64_t)t;
	return true;
}

static bool
parse_date_time(const char *s, int64_t *out)
{
	struct tm tm = {0};

	if (!take_date(&s, &tm))
		return false;
	if (*s != '\0') {
		if (!take_char(&s, 'T') && !take_char(&s, ' '))
			return false;
		if (!take_time(&s, &tm) || *s != '\0')
			return false;
	}
	return time_from_tm(&tm, out);
}

static bool
parse_time_of_day(const char *s, int64_t now, int64_t *out)
{
	struct tm tm = {0};
	struct tm today;
	int64_t at;

	if (!take_time(&s, &tm) || *s != '\0' || !tm_from_time(now, &today))
		return false;
	tm.tm_year = today.tm_year;
	tm.tm_mon = today.tm_mon;
	tm.tm_mday = today.tm_mday;
	if (!time_from_tm(&tm, &at))
		return false;
	*out = at > now ? at : at + DAY_SECONDS;
	return true;
}

int
pt_clock_parse(const char *s, int64_t now, int64_t *out, struct pt_err *err)
{
	struct pt_text text;
	char shown[48];
	int64_t span;

	if (s[0] == '+') {
		if (pt_span_parse(s + 1, &span, err) != 0)
			return -1;
		if (now > INT64_MAX - span)
			return pt_err_set(err, PT_ERR_INPUT,
			    "the time is too far in the future");
		*out = now + span;
		return 0;
	}
	if (parse_date_time(s, out) || parse_time_of_day(s, now, out))
		return 0;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, s, strlen(s));
	return pt_err_set(err, PT_ERR_INPUT,
	    "\"%s\" is not a time: write \"2026-11-22\", \"2026-11-22 14:05\", "
	    "\"14:05\" (UTC) or \"+2h\"",
	    shown);
}
