/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/notice/flow.h"

#include <string.h>

void
pt_flow_init(struct pt_flow *flow, struct pt_text *out)
{
	*flow = (struct pt_flow){.out = out};
}

/* Characters; near enough to columns for the scripts that we write. */
static size_t
width(const char *at, size_t len)
{
	size_t columns = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (((unsigned char)at[i] & 0xc0) != 0x80)
			columns++;
	}
	return columns;
}

void
pt_flow_end(struct pt_flow *flow)
{
	if (flow->column > 0)
		pt_text_add(flow->out, "\n");
	flow->column = 0;
	flow->has_word = false;
}

static void
add_word(struct pt_flow *flow, const char *at, size_t len)
{
	size_t columns = width(at, len);

	if (flow->column > 0) {
		pt_text_add(flow->out, " ");
		flow->column++;
		if (flow->has_word && flow->column + columns > PT_FLOW_COLUMNS)
			pt_flow_end(flow);
	}
	/* A quotation, or a line that mailboxes must change. */
	if (flow->column == 0 &&
	    (at[0] == '>' || (len >= 4 && memcmp(at, "From", 4) == 0))) {
		pt_text_add(flow->out, " ");
		flow->column++;
	}
	pt_text_add_bytes(flow->out, at, len);
	flow->column += columns;
	flow->has_word = true;
}

void
pt_flow_add(struct pt_flow *flow, const char *line)
{
	size_t indent = strspn(line, " ");
	size_t len;

	if (line[indent] == '\0') {
		pt_flow_end(flow);
		flow->is_apart = flow->is_started;
		return;
	}
	if (flow->is_apart)
		pt_text_add(flow->out, "\n");
	flow->is_apart = false;
	flow->is_started = true;
	if (indent > 0 || line[0] == '-')
		pt_flow_end(flow);
	line += indent;
	/* The first blank of a line is taken for stuffing, so one more.  The
	 * last one is added with the word. */
	if (indent > 0) {
		while (flow->column < indent) {
			pt_text_add(flow->out, " ");
			flow->column++;
		}
	}
	for (;;) {
		line += strspn(line, " ");
		len = strcspn(line, " ");
		if (len == 0)
			break;
		add_word(flow, line, len);
		line += len;
	}
}
