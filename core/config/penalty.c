/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/penalty.h"

#include <stdio.h>
#include <string.h>

#include "core/base/span.h"
#include "core/base/text.h"

#define WORDS     5 /* WINDOW for SPAN after WINDOW */
#define TEXT_MAX  127
#define UNLIMITED "unlimited"

static int
refuse(struct pt_err *err, const char *s)
{
	struct pt_text text;
	char shown[64];

	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, s, strlen(s));
	return pt_err_set(err, PT_ERR_INPUT,
	    "\"%s\" is not a penalty: write \"4/1h for 2d after 90/1d\", or "
	    "\"unlimited\"",
	    shown);
}

/* Words separated by blanks; the buffer is cut up.  How many there are, at
 * most one more than "max". */
static size_t
split(char *at, char **words, size_t max)
{
	size_t n = 0;

	for (;;) {
		at += strspn(at, " \t");
		if (*at == '\0' || n > max)
			return n;
		if (n < max)
			words[n] = at;
		n++;
		at += strcspn(at, " \t");
		if (*at != '\0')
			*at++ = '\0';
	}
}

int
pt_penalty_parse(const char *s, struct pt_penalty *out, struct pt_err *err)
{
	struct pt_penalty penalty = {.on = true};
	char buf[TEXT_MAX + 1];
	char *words[WORDS];

	if (strlen(s) > TEXT_MAX)
		return refuse(err, s);
	(void)snprintf(buf, sizeof(buf), "%s", s);
	if (split(buf, words, WORDS) != WORDS || strcmp(words[1], "for") != 0 ||
	    strcmp(words[3], "after") != 0)
		return refuse(err, s);
	if (pt_window_parse(words[0], false, &penalty.window, err) != 0 ||
	    pt_span_parse(words[2], &penalty.seconds, err) != 0 ||
	    pt_window_parse(words[4], false, &penalty.after, err) != 0)
		return -1;
	if (penalty.seconds == 0)
		return pt_err_set(
		    err, PT_ERR_INPUT, "\"%s\" lasts no time at all", s);
	if (penalty.after.limit == 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "\"%s\" would hold for who has sent nothing", s);
	*out = penalty;
	return 0;
}

void
pt_penalty_format(const struct pt_penalty *penalty, char *buf, size_t cap)
{
	char window[64];
	char span[PT_SPAN_TEXT_MAX];
	char after[64];

	if (!penalty->on) {
		(void)snprintf(buf, cap, "%s", UNLIMITED);
		return;
	}
	pt_window_format(&penalty->window, false, window, sizeof(window));
	pt_span_format(penalty->seconds, span, sizeof(span));
	pt_window_format(&penalty->after, false, after, sizeof(after));
	(void)snprintf(buf, cap, "%s for %s after %s", window, span, after);
}
