/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The bytes of stored records: a reader and a writer with explicit widths,
 * little-endian, over the caller's memory.  Only the codecs use them.
 *
 * Both remember in "bad" that something was wrong (too short, no room, a
 * text that may not be stored) and go on harmlessly, so that one check at
 * the end is enough.  What a bad reader gives means nothing.
 *
 * A varint is a number of up to 64 bits in groups of seven bits, the lowest
 * first; each byte but the last has its top bit set.  Only the shortest form
 * of a number is taken, so that a record has one spelling.
 */
#ifndef PT_STATE_BYTES_H
#define PT_STATE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"

#define PT_VARINT_BYTES_MAX 10

/* Times in records of activity: seconds from 0 to the year 36812. */
#define PT_BYTES_TIME_WIDTH 5
#define PT_BYTES_TIME_MAX   (((int64_t)1 << 8 * PT_BYTES_TIME_WIDTH) - 1)
/* A varint of four times the distance between two of them has 42 bits. */
#define PT_BYTES_DISTANCE_MAX 6

struct pt_bytes_reader {
	const unsigned char *at;
	const unsigned char *end;
	bool bad;
};

struct pt_bytes_writer {
	unsigned char *at;
	unsigned char *end;
	bool bad;
};

/* Are there len bytes more?  If not, the reader is bad from now on. */
static inline bool
pt_bytes_has_left(struct pt_bytes_reader *in, size_t len)
{
	if ((size_t)(in->end - in->at) < len)
		in->bad = true;
	return !in->bad;
}

/*
 * width is 1 to 8 bytes.  Inline, because it is a constant wherever it is
 * called from, and compilers make one load of this then.
 */
static inline uint64_t
pt_bytes_take_uint(struct pt_bytes_reader *in, size_t width)
{
	uint64_t value = 0;

	if (!pt_bytes_has_left(in, width))
		return 0;
	for (size_t i = width; i-- > 0;)
		value = value << 8 | in->at[i];
	in->at += width;
	return value;
}

void
pt_bytes_put_uint(struct pt_bytes_writer *out, uint64_t value, size_t width);

/*
 * Four bytes, inline: there are many short hashes in a record, and compilers
 * make one load or store of this.
 */
static inline uint32_t
pt_bytes_take_hash(struct pt_bytes_reader *in)
{
	const unsigned char *at = in->at;

	if (in->end - at < 4) {
		in->bad = true;
		return 0;
	}
	in->at = at + 4;
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

/* Returns the first byte after it; there must be room for it. */
static inline unsigned char *
pt_bytes_set_hash(unsigned char *at, uint32_t hash)
{
	at[0] = (unsigned char)hash;
	at[1] = (unsigned char)(hash >> 8);
	at[2] = (unsigned char)(hash >> 16);
	at[3] = (unsigned char)(hash >> 24);
	return at + 4;
}

/* A time of 8 bytes, signed, not before 0; one before 0 is put as none. */
#define PT_BYTES_STAMP_WIDTH 8

int64_t
pt_bytes_take_stamp(struct pt_bytes_reader *in);

void
pt_bytes_put_stamp(struct pt_bytes_writer *out, int64_t time);

/* Bytes without a meaning of their own. */
void
pt_bytes_take_block(struct pt_bytes_reader *in, unsigned char *dst, size_t len);

void
pt_bytes_put_block(
    struct pt_bytes_writer *out, const unsigned char *at, size_t len);

bool
pt_bytes_is_zero(const unsigned char *at, size_t len);

/*
 * A text of len bytes: UTF-8 without ASCII control characters, no longer
 * than cap - 1.  dst is terminated in any case.
 */
void
pt_bytes_take_text(
    struct pt_bytes_reader *in, size_t len, char *dst, size_t cap);

void
pt_bytes_put_text(struct pt_bytes_writer *out, const char *text, size_t len);

/* May the text be stored? */
bool
pt_bytes_is_text(const char *at, size_t len);

/* A login: its length in one byte, then its text. */
void
pt_bytes_take_login(struct pt_bytes_reader *in, struct pt_login *out);

void
pt_bytes_put_login(struct pt_bytes_writer *out, const struct pt_login *login);

/* Any varint; the inline function below needs it for the rare ones. */
uint64_t
pt_bytes_take_long_varint(struct pt_bytes_reader *in);

/* Inline, because records of activity consist of varints. */
static inline uint64_t
pt_bytes_take_varint(struct pt_bytes_reader *in)
{
	const unsigned char *at = in->at;

	if (in->end - at >= 2) {
		if (at[0] < 0x80) {
			in->at = at + 1;
			return at[0];
		}
		if (at[1] < 0x80 && at[1] != 0) {
			in->at = at + 2;
			return (at[0] & 0x7fU) | (unsigned)at[1] << 7;
		}
	}
	return pt_bytes_take_long_varint(in);
}

/* Returns the first byte after the varint; there must be room for it. */
static inline unsigned char *
pt_bytes_set_varint(unsigned char *at, uint64_t value)
{
	while (value >= 0x80) {
		*at++ = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	*at++ = (unsigned char)value;
	return at;
}

/* A time that a record can hold, not after max. */
static inline int64_t
pt_bytes_clamp_time(int64_t at, int64_t max)
{
	if (at > max)
		return max;
	return at > 0 ? at : 0;
}

/*
 * A time by its distance to base, which is not before it: a varint, 0 for
 * never, else the distance plus one.  There must be room for it.
 */
static inline unsigned char *
pt_bytes_set_ago(unsigned char *to, int64_t base, int64_t at)
{
	if (at <= 0)
		return pt_bytes_set_varint(to, 0);
	return pt_bytes_set_varint(
	    to, (uint64_t)(base - pt_bytes_clamp_time(at, base)) + 1);
}

/* Time 0 itself would be never. */
static inline int64_t
pt_bytes_take_ago(struct pt_bytes_reader *in, int64_t base)
{
	uint64_t ago = pt_bytes_take_varint(in);

	if (ago == 0)
		return 0;
	if (ago > (uint64_t)base) {
		in->bad = true;
		return 0;
	}
	return base - (int64_t)(ago - 1);
}

/* Is there room for len bytes?  If not, the writer is bad from now on. */
static inline bool
pt_bytes_has_room(struct pt_bytes_writer *out, size_t len)
{
	if ((size_t)(out->end - out->at) < len)
		out->bad = true;
	return !out->bad;
}

#endif
