/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/figures.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/base/span.h"
#include "core/base/text.h"

static const struct {
	const char *name;
	const char *one; /* of them, in words */
	const char *many;
} units[PT_FIGURES_UNITS] = {
    [PT_FIGURES_MESSAGES] = {"messages", "message", "messages"},
    [PT_FIGURES_RECIPIENTS] = {"recipients", "recipient", "recipients"},
    [PT_FIGURES_BYTES] = {"bytes", "byte", "bytes"},
    [PT_FIGURES_REFUSALS] = {"refusals", "refused message", "refused messages"},
    [PT_FIGURES_BOUNCES] = {"bounces", "bounced recipient",
	"bounced recipients"},
    [PT_FIGURES_GUESSES] = {"guesses", "wrong password", "wrong passwords"},
    [PT_FIGURES_LOGINS] = {"logins", "login", "logins"},
    [PT_FIGURES_ADDRESSES] = {"client-addresses", "client address",
	"client addresses"},
    [PT_FIGURES_STRANGERS] = {"new-recipients", "first-time recipient",
	"first-time recipients"},
};

static bool
is_known(enum pt_figures_unit unit)
{
	return (size_t)unit < PT_FIGURES_UNITS && unit != PT_FIGURES_NONE;
}

const char *
pt_figures_name(enum pt_figures_unit unit)
{
	return is_known(unit) ? units[unit].name : NULL;
}

struct pt_figures
pt_figures_of(
    enum pt_figures_unit unit, uint64_t used, const struct pt_window *window)
{
	struct pt_figures figures = {
	    .unit = unit,
	    .used = used,
	    .limit = window->limit,
	    .seconds = window->seconds,
	};

	return figures;
}

void
pt_figures_format(const struct pt_figures *figures, char *buf, size_t cap)
{
	struct pt_window window = {figures->limit, figures->seconds};
	struct pt_text text;
	char limit[64];

	pt_text_init(&text, buf, cap);
	if (is_known(figures->unit)) {
		pt_text_addf(&text,
		    "%s=%" PRIu64 " limit=", units[figures->unit].name,
		    figures->used);
		if (figures->seconds > 0)
			pt_window_format(&window,
			    figures->unit == PT_FIGURES_BYTES, limit,
			    sizeof(limit));
		else
			(void)snprintf(
			    limit, sizeof(limit), "%" PRIu64, figures->limit);
		pt_text_add(&text, limit);
	} else if (figures->seconds > 0) {
		pt_span_format(figures->seconds, limit, sizeof(limit));
		pt_text_addf(&text, "period=%s", limit);
	}
}

static void
add_amount(struct pt_text *text, enum pt_figures_unit unit, uint64_t amount)
{
	char size[PT_SPAN_TEXT_MAX];

	if (unit == PT_FIGURES_BYTES) {
		pt_size_format(amount, size, sizeof(size));
		pt_text_add(text, size);
	} else {
		pt_text_addf(text, "%" PRIu64, amount);
	}
}

void
pt_figures_words(const struct pt_figures *figures, char *buf, size_t cap)
{
	char period[PT_SPAN_TEXT_MAX] = "";
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	if (figures->seconds > 0)
		pt_span_words(figures->seconds, period, sizeof(period));
	if (!is_known(figures->unit)) {
		pt_text_add(&text, period);
		return;
	}
	add_amount(&text, figures->unit, figures->used);
	pt_text_addf(&text, " %s%s%s (limit ",
	    figures->used == 1 ? units[figures->unit].one
			       : units[figures->unit].many,
	    period[0] == '\0' ? "" : " in ", period);
	add_amount(&text, figures->unit, figures->limit);
	pt_text_add(&text, ")");
}
