/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Time zones of the tz database, for texts that owners read.
 *
 * libc knows one time zone a process (TZ), so pt_zone_format() is for
 * processes of one thread: posternctl and postern-keeper.  pt_zone_exists()
 * may be called anywhere.
 */
#ifndef PT_BASE_ZONE_H
#define PT_BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_ZONE_NAME_MAX 63
#define PT_ZONE_TEXT_MAX 40

/* How a language writes dates. */
enum pt_zone_date {
	PT_ZONE_DATE_ISO,     /* 2026-11-22 09:05 */
	PT_ZONE_DATE_DOTTED,  /* 22.11.2026 09:05 */
	PT_ZONE_DATE_LATVIAN, /* 22.11.2026. 09:05 */
	PT_ZONE_DATES,
};

/*
 * Is there a time zone of that name, such as "Europe/Riga"?  "UTC" there is
 * always, also on a machine without the database.
 */
bool
pt_zone_exists(const char *name);

/*
 * "2026-11-22 09:05 EET", the date as its language writes it.  A zone that does
 * not exist is UTC, and so is ""; a point in time beyond all calendars is
 * "@SECONDS".
 */
void
pt_zone_format(const char *zone, enum pt_zone_date date, int64_t at, char *buf,
    size_t cap);

#endif
