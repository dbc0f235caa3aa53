/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/span.h"
#include "core/base/text.h"

/* Longer than any number with its unit. */
#define PART_MAX 32

static int
amount_parse(
    const char *s, bool is_size, uint64_t *amount_out, struct pt_err *err)
{
	if (is_size)
		return pt_size_parse(s, amount_out, err);
	if (!pt_text_to_u64(s, PT_SIZE_MAX, amount_out))
		return pt_err_refuse(
		    err, s, "is not a number up to 1125899906842624");
	return 0;
}

int
pt_window_parse(
    const char *s, bool is_size, struct pt_window *out, struct pt_err *err)
{
	const char *slash = strchr(s, '/');
	struct pt_window window = {0};
	char amount[PART_MAX];

	if (slash == NULL || slash == s ||
	    (size_t)(slash - s) >= sizeof(amount))
		return pt_err_refuse(err, s,
		    is_size ? "is not a window: write a size, \"/\" and a "
			      "span, such as \"500M/1d\""
			    : "is not a window: write a number, \"/\" and a "
			      "span, such as \"15/1h\"");
	memcpy(amount, s, (size_t)(slash - s));
	amount[slash - s] = '\0';
	if (amount_parse(amount, is_size, &window.limit, err) != 0 ||
	    pt_span_parse(slash + 1, &window.seconds, err) != 0)
		return -1;
	if (window.seconds == 0)
		return pt_err_refuse(err, s, "is a window of no length");
	*out = window;
	return 0;
}

void
pt_window_format(
    const struct pt_window *window, bool is_size, char *buf, size_t cap)
{
	char amount[PT_SPAN_TEXT_MAX];
	char span[PT_SPAN_TEXT_MAX];

	if (is_size)
		pt_size_format(window->limit, amount, sizeof(amount));
	else
		(void)snprintf(
		    amount, sizeof(amount), "%" PRIu64, window->limit);
	pt_span_format(window->seconds, span, sizeof(span));
	(void)snprintf(buf, cap, "%s/%s", amount, span);
}

/*
 * "shorter" must let less pass than "longer", or it never decides anything:
 * then one of the two is not what was meant.
 */
static int
neighbours_check(const struct pt_window *shorter,
    const struct pt_window *longer, struct pt_err *err)
{
	char short_span[PT_SPAN_TEXT_MAX];
	char long_span[PT_SPAN_TEXT_MAX];

	if (shorter->limit < longer->limit)
		return 0;
	pt_span_words(shorter->seconds, short_span, sizeof(short_span));
	pt_span_words(longer->seconds, long_span, sizeof(long_span));
	return pt_err_set(err, PT_ERR_CONFIG,
	    "%" PRIu64 " in %s has no effect beside %" PRIu64
	    " in %s: raise the limit of the longer window, or leave out the "
	    "shorter one",
	    shorter->limit, short_span, longer->limit, long_span);
}

int
pt_windows_add(
    struct pt_windows *list, const struct pt_window *window, struct pt_err *err)
{
	char span[PT_SPAN_TEXT_MAX];
	size_t place = 0;

	if (list->count == PT_WINDOWS_MAX)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "there are more than %d windows", PT_WINDOWS_MAX);
	while (place < list->count && list->at[place].seconds < window->seconds)
		place++;
	if (place < list->count && list->at[place].seconds == window->seconds) {
		pt_span_words(window->seconds, span, sizeof(span));
		return pt_err_set(
		    err, PT_ERR_CONFIG, "there are two windows of %s", span);
	}
	if (place > 0 &&
	    neighbours_check(&list->at[place - 1], window, err) != 0)
		return -1;
	if (place < list->count &&
	    neighbours_check(window, &list->at[place], err) != 0)
		return -1;
	memmove(&list->at[place + 1], &list->at[place],
	    (list->count - place) * sizeof(list->at[0]));
	list->at[place] = *window;
	list->count++;
	return 0;
}
