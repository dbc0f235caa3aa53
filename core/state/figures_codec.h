/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Figures in records: the unit (1 byte), then as varints what was used, the
 * limit and the seconds.  Only codecs use it.
 */
#ifndef PT_STATE_FIGURES_CODEC_H
#define PT_STATE_FIGURES_CODEC_H

#include <stdbool.h>

#include "core/state/bytes.h"
#include "core/state/figures.h"

#define PT_FIGURES_BYTES_MAX (1 + 3 * PT_VARINT_BYTES_MAX)

/* Is there anything to put?  A period alone is: "unused" has just that. */
bool
pt_figures_codec_any(const struct pt_figures *figures);

/* Of a unit that has no number, and of a period before 0, nothing is put. */
void
pt_figures_codec_put(
    struct pt_bytes_writer *out, const struct pt_figures *figures);

/* A unit that is not known here is a later Postern's: *newer_out is true
 * then, and untouched otherwise. */
void
pt_figures_codec_take(
    struct pt_bytes_reader *in, struct pt_figures *out, bool *newer_out);

#endif
