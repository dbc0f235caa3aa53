/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/reply.h"

#include <string.h>

#include "core/base/text.h"

/* The word before the next blank; what is after it. */
static const char *
take_word(const char *at, char *out, size_t cap)
{
	size_t len = strcspn(at, " ");
	struct pt_text text;

	pt_text_init(&text, out, cap);
	pt_text_add_bytes(&text, at, len);
	return at[len] == ' ' ? at + len + 1 : at + len;
}

/*
 * Sendmail prints the text through a format, and Postfix, which follows it,
 * undoes the doubling; libmilter leaves it to us.
 */
static void
double_percents(const char *at, char *out, size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, out, cap);
	for (; *at != '\0'; at++)
		pt_text_add_bytes(
		    &text, *at == '%' ? "%%" : at, *at == '%' ? 2 : 1);
}

void
pm_reply_make(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, struct pm_reply *out)
{
	char whole[PT_REPLY_MAX];
	const char *at;

	pt_reason_smtp_reply(verdict, facts, whole, sizeof(whole));
	at = take_word(whole, out->code, sizeof(out->code));
	at = take_word(at, out->status, sizeof(out->status));
	double_percents(at, out->text, sizeof(out->text));
}
