/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* putenv() belongs to XSI. */
#define _DEFAULT_SOURCE 1

#include "core/base/zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define ZONES "/usr/share/zoneinfo/"
#define NAME_CHARS                   \
	"abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789+-_"

/* Words between slashes, none of them empty; so ".." cannot be one. */
static bool
is_name(const char *name)
{
	size_t len;

	if (strlen(name) > PT_ZONE_NAME_MAX)
		return false;
	for (;;) {
		len = strspn(name, NAME_CHARS);
		if (len == 0)
			return false;
		name += len;
		if (*name == '\0')
			return true;
		if (*name++ != '/')
			return false;
	}
}

bool
pt_zone_exists(const char *name)
{
	char path[sizeof(ZONES) + PT_ZONE_NAME_MAX];
	struct stat st;

	if (strcmp(name, "UTC") == 0)
		return true;
	if (!is_name(name))
		return false;
	(void)snprintf(path, sizeof(path), "%s%s", ZONES, name);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/*
 * The string in the environment is ours and changes in place, so that environ
 * itself is moved once only, and setenv() leaks no string a call.
 */
static void
set_zone(const char *zone)
{
	static char variable[3 + PT_ZONE_NAME_MAX + 1] = "TZ=UTC";
	static bool is_put;

	if (!pt_zone_exists(zone))
		zone = "UTC";
	(void)snprintf(variable + 3, sizeof(variable) - 3, "%s", zone);
	/* Without memory the zone of the machine stays, and is named. */
	if (!is_put)
		is_put = putenv(variable) == 0;
	tzset();
}

static size_t
format(enum pt_zone_date date, const struct tm *tm, char *buf, size_t cap)
{
	switch (date) {
	case PT_ZONE_DATE_DOTTED:
		return strftime(buf, cap, "%d.%m.%Y %H:%M %Z", tm);
	case PT_ZONE_DATE_LATVIAN:
		return strftime(buf, cap, "%d.%m.%Y. %H:%M %Z", tm);
	case PT_ZONE_DATE_ISO:
	case PT_ZONE_DATES:
		break;
	}
	return strftime(buf, cap, "%F %H:%M %Z", tm);
}

void
pt_zone_format(
    const char *zone, enum pt_zone_date date, int64_t at, char *buf, size_t cap)
{
	time_t t = (time_t)at;
	struct tm tm;

	set_zone(zone);
	if ((int64_t)t != at || localtime_r(&t, &tm) == NULL ||
	    tm.tm_year < -900 || tm.tm_year > 8099) {
		(void)snprintf(buf, cap, "@%" PRId64, at);
		return;
	}
	if (format(date, &tm, buf, cap) == 0)
		buf[0] = '\0';
}
