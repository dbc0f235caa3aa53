/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Access and lists of protocols as people type and read them. */

#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/rules/external.h"

static const struct {
	const char *name;
	unsigned bit;
} words[] = {
    {"imap", PT_PROTOCOL_IMAP},
    {"pop3", PT_PROTOCOL_POP3},
    {"smtp", PT_PROTOCOL_SMTP},
};

const char *
pt_external_access_name(enum pt_access access)
{
	switch (access) {
	case PT_ACCESS_NEVER:
		return "never";
	case PT_ACCESS_ON:
		return "on";
	case PT_ACCESS_OFF:
		return "off";
	}
	return "unknown";
}

void
pt_external_protocols_format(unsigned protocols, char *buf, size_t cap)
{
	struct pt_text text;
	size_t i;

	pt_text_init(&text, buf, cap);
	for (i = 0; i < PT_ARRAY_LEN(words); i++) {
		if ((protocols & words[i].bit) == 0)
			continue;
		if (text.len > 0)
			pt_text_add(&text, ",");
		pt_text_add(&text, words[i].name);
	}
	if (text.len == 0)
		pt_text_add(&text, "none");
}

static unsigned
find(const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(words); i++) {
		if (strlen(words[i].name) == len &&
		    memcmp(words[i].name, at, len) == 0)
			return words[i].bit;
	}
	return 0;
}

int
pt_external_protocols_parse(const char *text, unsigned *out, struct pt_err *err)
{
	unsigned protocols = 0;
	struct pt_text shown;
	char buf[64];
	unsigned bit;
	size_t len;

	for (;;) {
		len = strcspn(text, ",");
		bit = find(text, len);
		if (bit == 0) {
			pt_text_init(&shown, buf, sizeof(buf));
			pt_text_add_escaped(&shown, text, len);
			return pt_err_set(err, PT_ERR_INPUT,
			    "cannot take \"%s\" for a protocol: there are "
			    "imap, pop3 and smtp, as in \"imap,smtp\"",
			    buf);
		}
		protocols |= bit;
		text += len;
		if (*text == '\0')
			break;
		text++;
	}
	*out = protocols;
	return 0;
}
