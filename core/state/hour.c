/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * An hour as bytes:
 *
 *	version	1 byte: 1
 *	start	varint: hours since 1970
 *	how many counts follow	varint
 *	counts	of what was counted at all: varint distance of its number to
 *		the one before plus one (the first to 0), varint count
 *
 *	number	count
 *	0	permitted
 *	1	sessions opened
 *	2	sessions refused
 *	3	mail checks
 *	8 + 2n	refused for reason n
 *	9 + 2n	observed for reason n
 */
#include "core/state/hour.h"

#include <stdbool.h>

#include "core/state/bytes.h"

#define VERSION 1

enum number {
	NUMBER_PERMITTED,
	NUMBER_SESSIONS_OPENED,
	NUMBER_SESSIONS_REFUSED,
	NUMBER_MAIL_CHECKS,
	NUMBERS_ALONE,
	NUMBER_REASONS = 8,
	NUMBERS = NUMBER_REASONS + 2 * PT_COUNTER_REASONS,
};

/* The distances are below 256. */
_Static_assert(1 + 2 * PT_VARINT_BYTES_MAX +
		       (NUMBERS_ALONE + 2 * PT_COUNTER_REASONS) *
			   (2 + PT_VARINT_BYTES_MAX) <=
		   PT_HOUR_BYTES_MAX,
    "PT_HOUR_BYTES_MAX is too small");

/* NULL for a number that nothing has. */
static uint64_t *
find(struct pt_hour *hour, unsigned number)
{
	unsigned reason;

	switch (number) {
	case NUMBER_PERMITTED:
		return &hour->permitted;
	case NUMBER_SESSIONS_OPENED:
		return &hour->sessions_opened;
	case NUMBER_SESSIONS_REFUSED:
		return &hour->sessions_refused;
	case NUMBER_MAIL_CHECKS:
		return &hour->mail_checks;
	default:
		break;
	}
	if (number < NUMBER_REASONS || number >= NUMBERS)
		return NULL;
	reason = (number - NUMBER_REASONS) / 2;
	return number % 2 == 0 ? &hour->refused[reason]
			       : &hour->observed[reason];
}

/* Counters only grow; those of a state that was started anew count nothing
 * until they are where they were. */
static void
add(uint64_t *sum, uint64_t before, uint64_t after)
{
	uint64_t more = after > before ? after - before : 0;
	uint64_t room = UINT64_MAX - *sum;

	*sum += more < room ? more : room;
}

void
pt_hour_add(struct pt_hour *hour, const struct pt_counters *before,
    const struct pt_counters *after)
{
	add(&hour->permitted, before->permitted, after->permitted);
	add(&hour->sessions_opened, before->sessions_opened,
	    after->sessions_opened);
	add(&hour->mail_checks, before->mail_checks, after->mail_checks);
	for (unsigned i = 0; i < PT_COUNTER_REASONS; i++) {
		add(&hour->refused[i], before->refused[i], after->refused[i]);
		add(&hour->observed[i], before->observed[i],
		    after->observed[i]);
		add(&hour->sessions_refused, before->sessions_refused[i],
		    after->sessions_refused[i]);
	}
}

/* Is there something to count?  NULL for what nobody counts. */
static bool
is_any(const uint64_t *count)
{
	return count != NULL && *count != 0;
}

static void
put_counts(struct pt_bytes_writer *out, struct pt_hour *hour)
{
	unsigned next = 0;

	for (unsigned number = 0; number < NUMBERS; number++) {
		const uint64_t *count = find(hour, number);

		if (!is_any(count) ||
		    !pt_bytes_has_room(out, 2 + PT_VARINT_BYTES_MAX))
			continue;
		out->at = pt_bytes_set_varint(out->at, number - next);
		out->at = pt_bytes_set_varint(out->at, *count);
		next = number + 1;
	}
}

size_t
pt_hour_encode(const struct pt_hour *hour, unsigned char *out, size_t cap)
{
	struct pt_hour copy = *hour;
	struct pt_bytes_writer to = {.at = out, .end = out + cap};
	uint64_t start = hour->start > 0 ? (uint64_t)hour->start : 0;
	unsigned count = 0;

	if (!pt_bytes_has_room(&to, 1 + 2 * PT_VARINT_BYTES_MAX))
		return 0;
	for (unsigned number = 0; number < NUMBERS; number++)
		count += is_any(find(&copy, number));
	*to.at++ = VERSION;
	to.at = pt_bytes_set_varint(to.at, start / PT_HOUR_SECONDS);
	to.at = pt_bytes_set_varint(to.at, count);
	put_counts(&to, &copy);
	return to.bad ? 0 : (size_t)(to.at - out);
}

static int
damaged(struct pt_err *err, const char *reason)
{
	return pt_err_set(err, PT_ERR_DAMAGED,
	    "the counts of an hour are damaged: %s", reason);
}

/* The numbers of any Postern are below this. */
#define NUMBER_END 65536U

static int
take_counts(struct pt_bytes_reader *in, struct pt_hour *out, struct pt_err *err)
{
	uint64_t count_left = pt_bytes_take_varint(in);
	uint64_t next = 0;
	bool newer = false;

	for (; count_left > 0 && !in->bad; count_left--) {
		uint64_t distance = pt_bytes_take_varint(in);
		uint64_t count = pt_bytes_take_varint(in);
		uint64_t *to;

		if (in->bad || count == 0 || distance >= NUMBER_END - next)
			return damaged(err, "they cannot be read");
		to = find(out, (unsigned)(next + distance));
		if (to == NULL)
			newer = true;
		else
			*to = count;
		next += distance + 1;
	}
	if (in->bad)
		return damaged(err, "they cannot be read");
	if (in->at != in->end)
		return damaged(err, "they go on after their end");
	if (newer)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the counts of an hour were written by a later Postern: "
		    "some are not known here");
	return 0;
}

int
pt_hour_decode(
    const void *at, size_t len, struct pt_hour *out, struct pt_err *err)
{
	struct pt_bytes_reader in = {.at = at};
	struct pt_hour hour = {0};
	unsigned version;
	uint64_t hours;

	if (len == 0)
		return damaged(err, "they are empty");
	in.end = in.at + len;
	version = (unsigned)pt_bytes_take_uint(&in, 1);
	if (version == 0)
		return damaged(err, "they have no version");
	if (version > VERSION)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the counts of an hour were written by a later Postern: "
		    "they have version %u, known here is %d",
		    version, VERSION);
	hours = pt_bytes_take_varint(&in);
	if (in.bad || hours > INT64_MAX / PT_HOUR_SECONDS)
		return damaged(err, "they say no hour");
	hour.start = (int64_t)hours * PT_HOUR_SECONDS;
	if (take_counts(&in, &hour, err) != 0)
		return -1;
	*out = hour;
	return 0;
}
