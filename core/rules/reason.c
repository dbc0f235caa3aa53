/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/reason.h"

#include "core/rules/reason_private.h"
#include "core/rules/verdict.h"

/* A POP3 reply holds 512 bytes, "-ERR " and its end of line included. */
#define LOGIN_REPLY_MAX (512 - 5 - 2 + 1)

const struct pt_reason *
pt_reason_get(enum pt_reason_id id)
{
	static const struct pt_reason *const parts[] = {
	    pt_reason_table_message,
	    pt_reason_table_login,
	    pt_reason_table_header,
	};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(parts) && (unsigned)id < PT_REASONS; i++) {
		if (parts[i][id].name != NULL)
			return &parts[i][id];
	}
	return &pt_reason_table_message[PT_REASON_UNAVAILABLE];
}

void
pt_reason_smtp_reply(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, char *buf, size_t cap)
{
	const struct pt_reason *reason = pt_reason_get(verdict->reason);
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_text_addf(&text, "%d %s ", reason->smtp, reason->status);
	pt_reason_fill(&text, verdict, facts);
}

/* Reasons that only a message meets have no code of their own. */
static const char *
imap_code(const struct pt_verdict *verdict)
{
	const struct pt_reason *reason = pt_reason_get(verdict->reason);

	if (verdict->reason == PT_REASON_BLOCKED &&
	    (verdict->block == PT_BLOCK_ABUSE ||
		verdict->block == PT_BLOCK_ADMIN))
		return "CONTACTADMIN";
	if (reason->imap != NULL)
		return reason->imap;
	return reason->smtp < 500 ? "UNAVAILABLE" : "AUTHORIZATIONFAILED";
}

static const char *
pop3_code(const struct pt_verdict *verdict)
{
	const struct pt_reason *reason = pt_reason_get(verdict->reason);

	if (reason->pop3 != NULL)
		return reason->pop3;
	return reason->smtp < 500 ? "SYS/TEMP" : "SYS/PERM";
}

void
pt_reason_login_reply(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, enum pt_protocol protocol, char *buf,
    size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap < LOGIN_REPLY_MAX ? cap : LOGIN_REPLY_MAX);
	if (protocol == PT_PROTOCOL_IMAP)
		pt_text_addf(&text, "[%s] ", imap_code(verdict));
	else if (protocol == PT_PROTOCOL_POP3)
		pt_text_addf(&text, "[%s] ", pop3_code(verdict));
	pt_reason_fill(&text, verdict, facts);
}
