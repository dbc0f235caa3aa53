/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Fills lines as format=flowed wants them (RFC 3676): 72 columns, and a blank
 * at the end of a line that was broken here, so that a small screen can break
 * elsewhere and an old program shows decent lines all the same.
 *
 * Lines that follow each other are one paragraph.  A line that begins with a
 * blank or a hyphen begins anew, the blanks kept; an empty one ends the
 * paragraph, and several are one.
 */
#ifndef PT_NOTICE_FLOW_H
#define PT_NOTICE_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"

#define PT_FLOW_COLUMNS 72

struct pt_flow {
	struct pt_text *out;
	size_t column;   /* of the line that is open; 0: none */
	bool has_word;   /* in that line */
	bool is_started; /* something was written */
	bool is_apart;   /* an empty line comes before the next */
};

void
pt_flow_init(struct pt_flow *flow, struct pt_text *out);

/* UTF-8 without line ends and controls. */
void
pt_flow_add(struct pt_flow *flow, const char *line);

/* Ends the last line. */
void
pt_flow_end(struct pt_flow *flow);

#endif
