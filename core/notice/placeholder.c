/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/notice/placeholder.h"

#include <string.h>

static const char *const names[PT_PLACEHOLDERS] = {
    [PT_PLACEHOLDER_LOGIN] = "login",
    [PT_PLACEHOLDER_PROVIDER] = "provider",
    [PT_PLACEHOLDER_CONTACT] = "contact",
    [PT_PLACEHOLDER_HELP_URL] = "help_url",
    [PT_PLACEHOLDER_TIME] = "time",
    [PT_PLACEHOLDER_UNTIL] = "until",
    [PT_PLACEHOLDER_USED] = "used",
    [PT_PLACEHOLDER_LIMIT] = "limit",
    [PT_PLACEHOLDER_PERIOD] = "period",
    [PT_PLACEHOLDER_FIGURES] = "figures",
    [PT_PLACEHOLDER_PROTOCOLS] = "protocols",
    [PT_PLACEHOLDER_LABEL] = "label",
    [PT_PLACEHOLDER_IMAP] = "imap",
    [PT_PLACEHOLDER_IMAP_PORT] = "imap_port",
    [PT_PLACEHOLDER_IMAP_TLS] = "imap_tls",
    [PT_PLACEHOLDER_POP3] = "pop3",
    [PT_PLACEHOLDER_POP3_PORT] = "pop3_port",
    [PT_PLACEHOLDER_POP3_TLS] = "pop3_tls",
    [PT_PLACEHOLDER_SMTP] = "smtp",
    [PT_PLACEHOLDER_SMTP_PORT] = "smtp_port",
    [PT_PLACEHOLDER_SMTP_TLS] = "smtp_tls",
    [PT_PLACEHOLDER_CHECK] = "check",
    [PT_PLACEHOLDER_RECIPIENTS] = "recipients",
    [PT_PLACEHOLDER_SIZE] = "size",
    [PT_PLACEHOLDER_PASSWORD] = "password",
    [PT_PLACEHOLDER_THUNDERBIRD] = "thunderbird",
};

/* PT_PLACEHOLDERS if there is none of that name. */
static unsigned
find(const char *at, size_t len)
{
	unsigned i;

	for (i = 0; i < PT_PLACEHOLDERS; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], at, len) == 0)
			break;
	}
	return i;
}

static int
refuse(const char *at, size_t len, unsigned allowed, struct pt_err *err)
{
	struct pt_text text;
	char known[320];
	char shown[64];
	unsigned i;

	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, at, len);
	pt_text_init(&text, known, sizeof(known));
	for (i = 0; i < PT_PLACEHOLDERS; i++) {
		if ((allowed & 1U << i) != 0)
			pt_text_addf(&text, "%s{%s}", text.len == 0 ? "" : " ",
			    names[i]);
	}
	return pt_err_set(err, PT_ERR_CONFIG,
	    "{%s} cannot stand here: there are %s", shown, known);
}

int
pt_placeholder_check(const char *line, unsigned allowed, struct pt_err *err)
{
	const char *open = line;
	size_t len;
	unsigned i;

	while ((open = strchr(open, '{')) != NULL) {
		open++;
		len = strcspn(open, "}");
		if (open[len] == '\0')
			return pt_err_set(err, PT_ERR_CONFIG,
			    "a \"{\" begins a placeholder, and its \"}\" is "
			    "missing");
		i = find(open, len);
		if (i == PT_PLACEHOLDERS || (allowed & 1U << i) == 0)
			return refuse(open, len, allowed, err);
		open += len;
	}
	return 0;
}

bool
pt_placeholder_fill(const char *line, size_t len,
    const struct pt_placeholder_values *values, struct pt_text *out)
{
	const char *end = line + len;
	const size_t before = out->len;
	const char *close;
	const char *value;
	unsigned i;

	while (line < end) {
		close = *line == '{' ? memchr(line, '}', (size_t)(end - line))
				     : NULL;
		if (close == NULL) {
			pt_text_add_bytes(out, line++, 1);
			continue;
		}
		i = find(line + 1, (size_t)(close - line - 1));
		value = i < PT_PLACEHOLDERS ? values->at[i] : NULL;
		if (value == NULL || value[0] == '\0') {
			out->len = before;
			out->at[before] = '\0';
			return false;
		}
		pt_text_add(out, value);
		line = close + 1;
	}
	return true;
}
