/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/figures_codec.h"

static bool
is_unit(uint64_t unit)
{
	return unit < PT_FIGURES_UNITS;
}

bool
pt_figures_codec_any(const struct pt_figures *figures)
{
	return (figures->unit != PT_FIGURES_NONE &&
		   is_unit((uint64_t)figures->unit)) ||
	       figures->used != 0 || figures->limit != 0 ||
	       figures->seconds > 0;
}

void
pt_figures_codec_put(
    struct pt_bytes_writer *out, const struct pt_figures *figures)
{
	uint64_t unit = (uint64_t)figures->unit;
	int64_t seconds = figures->seconds;
	unsigned char *to = out->at;

	if (!pt_bytes_has_room(out, PT_FIGURES_BYTES_MAX))
		return;
	*to++ = (unsigned char)(is_unit(unit) ? unit : PT_FIGURES_NONE);
	to = pt_bytes_set_varint(to, figures->used);
	to = pt_bytes_set_varint(to, figures->limit);
	out->at = pt_bytes_set_varint(to, seconds > 0 ? (uint64_t)seconds : 0);
}

void
pt_figures_codec_take(
    struct pt_bytes_reader *in, struct pt_figures *out, bool *newer_out)
{
	uint64_t unit = pt_bytes_take_uint(in, 1);
	uint64_t seconds;

	out->unit = (enum pt_figures_unit)unit;
	out->used = pt_bytes_take_varint(in);
	out->limit = pt_bytes_take_varint(in);
	seconds = pt_bytes_take_varint(in);
	if (seconds > INT64_MAX)
		in->bad = true;
	out->seconds = (int64_t)seconds;
	if (!is_unit(unit))
		*newer_out = true;
}
