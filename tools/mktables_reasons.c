/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <stdio.h>
#include <string.h>

#include "core/rules/reason.h"
#include "tools/mktables.h"

#define LINE_WIDTH 78

/*
 * Words in lines of at most LINE_WIDTH.  Two blanks end a sentence in the
 * table; in mdoc, the end of a line does.
 */
static void
print_sentences(const char *at)
{
	size_t column = 0;
	size_t len;

	while (*at != '\0') {
		len = strcspn(at, " ");
		if (column > 0 && column + 1 + len > LINE_WIDTH) {
			(void)putchar('\n');
			column = 0;
		}
		column += (size_t)printf(
		    "%s%.*s", column > 0 ? " " : "", (int)len, at);
		at += len;
		if (strncmp(at, "  ", 2) == 0) {
			(void)putchar('\n');
			column = 0;
		}
		at += strspn(at, " ");
	}
	(void)putchar('\n');
}

static void
print_codes(const struct pt_reason *reason)
{
	if (reason->imap != NULL)
		(void)printf("To IMAP:\n.Li \\&[%s] .\n", reason->imap);
	if (reason->pop3 != NULL)
		(void)printf("To POP3:\n.Li \\&[%s] .\n", reason->pop3);
}

void
mktables_reasons(void)
{
	for (unsigned id = PT_REASON_NONE + 1; id < PT_REASONS; id++) {
		const struct pt_reason *reason =
		    pt_reason_get((enum pt_reason_id)id);

		(void)printf(".It Sy %s\n", reason->name);
		(void)printf(".Li %d %s ", reason->smtp, reason->status);
		mktables_word(reason->text);
		(void)fputs("\n.br\n", stdout);
		print_sentences(reason->meaning);
		print_codes(reason);
	}
}
