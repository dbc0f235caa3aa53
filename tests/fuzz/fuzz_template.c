/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Texts of notices that anybody wrote: an error names a line, and whatever is
 * taken becomes lines that a mail may have.
 */
#include "core/notice/encode.h"
#include "core/notice/flow.h"
#include "core/notice/placeholder.h"
#include "core/notice/template_private.h"
#include "tests/fuzz/fuzz.h"

static const struct pt_placeholder_values values = {
    .at =
	{
	    [PT_PLACEHOLDER_LOGIN] = "ann@example.com",
	    [PT_PLACEHOLDER_PROVIDER] = "P\xc4\x81rbaude",
	    [PT_PLACEHOLDER_TIME] = "2026-11-22 09:05 EET",
	},
};

static void
check_text(const char *at)
{
	fuzz_check(pt_text_is_utf8(at, strlen(at)), "a text is UTF-8");
	for (; *at != '\0'; at++)
		fuzz_check(*at == '\n' ||
			       (pt_text_kinds(at, 1) & PT_TEXT_CONTROL) == 0,
		    "a text has no controls");
}

static void
check_mail(const char *at)
{
	size_t column = 0;

	for (; *at != '\0'; at++) {
		column = *at == '\n' ? 0 : column + 1;
		fuzz_check(*at == '\n' || (*at >= ' ' && *at < 0x7f),
		    "a mail is ASCII");
		fuzz_check(column <= 78, "a line of a mail is short");
	}
}

static void
check_body(const char *body)
{
	static char filled[4 * PT_TEMPLATE_BODY_MAX];
	static char encoded[16 * PT_TEMPLATE_BODY_MAX];
	char room[4 * PT_TEMPLATE_LINE_MAX];
	struct pt_text out;
	struct pt_text line;
	struct pt_flow flow;
	size_t len;

	check_text(body);
	pt_text_init(&out, filled, sizeof(filled));
	pt_flow_init(&flow, &out);
	while (*body != '\0') {
		len = strcspn(body, "\n");
		pt_text_init(&line, room, sizeof(room));
		if (pt_placeholder_fill(body, len, &values, &line))
			pt_flow_add(&flow, line.at);
		body += len;
		body += *body == '\n' ? 1 : 0;
	}
	pt_flow_end(&flow);
	check_text(filled);
	fuzz_check(strstr(filled, "\n\n\n") == NULL, "empty lines are single");
	pt_text_init(&out, encoded, sizeof(encoded));
	pt_encode_quoted(&out, filled, strlen(filled));
	check_mail(encoded);
}

static void
check_subject(const char *subject)
{
	char filled[16 * PT_TEMPLATE_SUBJECT_MAX];
	char encoded[64 * PT_TEMPLATE_SUBJECT_MAX];
	struct pt_text out;

	check_text(subject);
	pt_text_init(&out, filled, sizeof(filled));
	fuzz_check(pt_placeholder_fill(subject, strlen(subject), &values, &out),
	    "a subject has all its values");
	pt_text_init(&out, encoded, sizeof(encoded));
	pt_encode_words(&out, filled, strlen("Subject: "));
	check_mail(encoded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pt_template_language language = {.has_figures = false};
	struct pt_err err = {.kind = PT_ERR_NONE};
	size_t i;

	if (pt_template_read("t", (const char *)data, size, &language, &err) !=
	    0)
		fuzz_check(err.kind == PT_ERR_CONFIG &&
			       strncmp(err.text, "t:", 2) == 0 &&
			       err.text[2] >= '1' && err.text[2] <= '9',
		    "an error names a line");
	for (i = 0; i < PT_TEMPLATE_TEXTS; i++) {
		if (language.texts[i].body != NULL)
			check_body(language.texts[i].body);
		if (language.texts[i].subject != NULL)
			check_subject(language.texts[i].subject);
	}
	pt_template_clear(&language);
	return 0;
}
