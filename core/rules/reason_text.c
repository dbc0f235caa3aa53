/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The texts of the table of reasons, filled with their figures. */

#include <string.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/span.h"
#include "core/rules/reason_private.h"
#include "core/rules/verdict.h"

const char *
pt_counted_name(unsigned counted)
{
	static const char *const names[PT_COUNTED] = {
	    [PT_COUNT_MESSAGES] = "messages",
	    [PT_COUNT_RECIPIENTS] = "recipients",
	    [PT_COUNT_BYTES] = "bytes",
	};

	return counted < PT_COUNTED ? names[counted] : "units";
}

/* The owner's words: what happened, and what to do. */
static const char *
block_words(enum pt_block_reason block)
{
	switch (block) {
	case PT_BLOCK_QUOTA:
		return "too much mail beyond the sending limit; switch it on "
		       "again in your account's settings";
	case PT_BLOCK_CRACKED:
		return "somebody else seems to use your account; change your "
		       "main password, then switch it on again in your "
		       "account's settings";
	case PT_BLOCK_CONNECTIONS:
		return "far too many logins by a mail program; switch it on "
		       "again in your account's settings";
	case PT_BLOCK_INACTIVE:
		return "the account was not active; switch it on again in "
		       "your account's settings";
	case PT_BLOCK_UNUSED:
		return "it was not used for a long time; switch it on again "
		       "in your account's settings";
	case PT_BLOCK_ABUSE:
		return "the account was abused; contact your mail provider";
	case PT_BLOCK_ADMIN:
	case PT_BLOCK_NONE:
		break;
	}
	return "contact your mail provider";
}

static const char *
ending_words(enum pt_ending ending)
{
	switch (ending) {
	case PT_ENDING_DISABLED:
		return ", when external access was switched off";
	case PT_ENDING_BLOCKED:
		return ", when external access was blocked";
	case PT_ENDING_NONE:
	case PT_ENDING_REVOKED:
	case PT_ENDING_CHANGED:
	case PT_ENDING_EXPIRED:
		break;
	}
	return "";
}

static const char *
protocol_name(enum pt_protocol protocol)
{
	switch (protocol) {
	case PT_PROTOCOL_IMAP:
		return "IMAP";
	case PT_PROTOCOL_POP3:
		return "POP3";
	case PT_PROTOCOL_SMTP:
		return "SMTP";
	}
	return "This protocol";
}

/* What a text is filled from. */
struct figures {
	const struct pt_verdict *verdict;
	const struct pt_reply_facts *facts;
};

static bool
is_in_bytes(const struct pt_verdict *verdict)
{
	return pt_reason_get(verdict->reason)->unit == PT_FIGURES_BYTES ||
	       (verdict->seconds > 0 && verdict->counted == PT_COUNT_BYTES);
}

/* "5 messages", "1 message", "2500M", "30" */
static void
add_amount(
    struct pt_text *text, const struct pt_verdict *verdict, uint64_t amount)
{
	char size[PT_SPAN_TEXT_MAX];
	const char *name;

	if (is_in_bytes(verdict)) {
		pt_size_format(amount, size, sizeof(size));
		pt_text_addf(text, "%s%s", size,
		    size[strlen(size) - 1] <= '9' ? " bytes" : "");
		return;
	}
	pt_text_addf(text, "%llu", (unsigned long long)amount);
	if (verdict->seconds == 0 ||
	    pt_reason_get(verdict->reason)->unit != PT_FIGURES_NONE)
		return;
	name = pt_counted_name(verdict->counted);
	pt_text_addf(
	    text, " %.*s", (int)(strlen(name) - (amount == 1 ? 1 : 0)), name);
}

/* "WORDS14:05:10 UTC"; nothing for a time that is not known. */
static void
add_time(struct pt_text *text, const char *words, int64_t at, int64_t now)
{
	char buf[PT_CLOCK_TEXT_MAX];

	if (at == 0)
		return;
	pt_clock_format(at, now, buf, sizeof(buf));
	pt_text_add(text, words);
	pt_text_add(text, buf);
}

static void
add_limit(struct pt_text *text, const struct figures *f)
{
	add_amount(text, f->verdict, f->verdict->limit);
}

static void
add_added(struct pt_text *text, const struct figures *f)
{
	add_amount(text, f->verdict, f->verdict->amount);
}

static void
add_window(struct pt_text *text, const struct figures *f)
{
	char buf[PT_SPAN_TEXT_MAX];

	pt_span_words(f->verdict->seconds, buf, sizeof(buf));
	pt_text_add(text, buf);
}

static void
add_until(struct pt_text *text, const struct figures *f)
{
	char buf[PT_CLOCK_TEXT_MAX];

	pt_clock_format(f->verdict->until, f->facts->now, buf, sizeof(buf));
	pt_text_add(text, buf);
}

static void
add_term(struct pt_text *text, const struct figures *f)
{
	add_time(text, "", f->verdict->term_until, f->facts->now);
}

static void
add_plan(struct pt_text *text, const struct figures *f)
{
	add_time(text, "; your new plan holds from ", f->verdict->plan_from,
	    f->facts->now);
}

static void
add_again(struct pt_text *text, const struct figures *f)
{
	add_time(text, "; try again after ", f->verdict->until, f->facts->now);
}

static void
add_left(struct pt_text *text, const struct figures *f)
{
	long long left = (long long)(f->verdict->until - f->facts->now);

	if (left < 0)
		left = 0;
	pt_text_addf(text, "%lld second%s", left, left == 1 ? "" : "s");
}

static void
add_at(struct pt_text *text, const struct figures *f)
{
	add_time(text, " at ", f->verdict->since, f->facts->now);
}

static void
add_block(struct pt_text *text, const struct figures *f)
{
	pt_text_add(text, block_words(f->verdict->block));
}

static void
add_ending(struct pt_text *text, const struct figures *f)
{
	pt_text_add(text, ending_words(f->verdict->ending));
}

static void
add_protocol(struct pt_text *text, const struct figures *f)
{
	pt_text_add(text, protocol_name(f->verdict->protocol));
}

static void
add_traffic(struct pt_text *text, const struct figures *f)
{
	pt_text_add(
	    text, f->verdict->traffic == PT_TRAFFIC_UP ? "Upload" : "Download");
}

/* From outside; what is longer than an address may be is cut. */
static void
add_outside(struct pt_text *text, const char *s)
{
	if (s != NULL)
		pt_text_add_escaped(text, s, strnlen(s, PT_LOGIN_MAX));
}

static void
add_sender(struct pt_text *text, const struct figures *f)
{
	add_outside(text, f->facts->sender);
}

static void
add_field(struct pt_text *text, const struct figures *f)
{
	add_outside(text, f->facts->field);
}

static void
add_address(struct pt_text *text, const struct figures *f)
{
	add_outside(text, f->facts->address);
}

static void
add_detail(struct pt_text *text, const struct figures *f)
{
	add_outside(text, f->facts->detail);
}

static void
add_url(struct pt_text *text, const struct figures *f)
{
	if (f->facts->help_url == NULL || f->facts->help_url[0] == '\0')
		return;
	pt_text_add(text, "; see ");
	pt_text_add(text, f->facts->help_url);
}

#define FIGURE(name, add)                   \
	{                                   \
		name, sizeof(name) - 1, add \
	}

static const struct {
	const char *name;
	size_t len;
	void (*add)(struct pt_text *text, const struct figures *f);
} figure_table[] = {
    FIGURE("limit", add_limit),
    FIGURE("amount", add_added),
    FIGURE("window", add_window),
    FIGURE("until", add_until),
    FIGURE("term", add_term),
    FIGURE("plan", add_plan),
    FIGURE("again", add_again),
    FIGURE("left", add_left),
    FIGURE("at", add_at),
    FIGURE("block", add_block),
    FIGURE("ending", add_ending),
    FIGURE("protocol", add_protocol),
    FIGURE("traffic", add_traffic),
    FIGURE("sender", add_sender),
    FIGURE("field", add_field),
    FIGURE("address", add_address),
    FIGURE("detail", add_detail),
    FIGURE("url", add_url),
};

static void
add_figure(
    struct pt_text *text, const char *name, size_t len, const struct figures *f)
{
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(figure_table); i++) {
		if (figure_table[i].len == len &&
		    memcmp(figure_table[i].name, name, len) == 0) {
			figure_table[i].add(text, f);
			return;
		}
	}
}

void
pt_reason_fill(struct pt_text *text, const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts)
{
	const struct figures f = {verdict, facts};
	const char *at = pt_reason_get(verdict->reason)->text;
	const char *open;
	const char *close;

	while ((open = strchr(at, '{')) != NULL) {
		close = strchr(open, '}');
		if (close == NULL)
			break;
		pt_text_add_bytes(text, at, (size_t)(open - at));
		add_figure(text, open + 1, (size_t)(close - open - 1), &f);
		at = close + 1;
	}
	pt_text_add(text, at);
}

void
pt_reason_text(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, char *buf, size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_reason_fill(&text, verdict, facts);
}
