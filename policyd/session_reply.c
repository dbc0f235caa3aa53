/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session_reply.h"

#include <inttypes.h>

#include "core/base/text.h"
#include "core/rules/reason.h"

#define UNASKED "unasked=yes\n"

size_t
pd_session_reply_open(char *buf, bool holds, unsigned report)
{
	struct pt_text text;

	pt_text_init(&text, buf, PT_SESSION_REPLY_MAX);
	pt_text_addf(&text, "action=ok\nhold=%s\nreport=%u\n\n",
	    holds ? "yes" : "no", report);
	return text.len;
}

size_t
pd_session_reply_hold(char *buf, const struct pt_held_view *view,
    uint32_t uidvalidity, bool unasked)
{
	struct pt_text text;

	pt_text_init(&text, buf, PT_SESSION_REPLY_MAX);
	pt_text_addf(&text,
	    "action=hold\n%suidvalidity=%" PRIu32 "\nuidnext=%" PRIu32
	    "\ndue=%" PRId64 "\n\n",
	    unasked ? UNASKED : "", uidvalidity, view->uidnext, view->due);
	return text.len;
}

size_t
pd_session_reply_close(char *buf, const struct pt_config *config,
    const struct pt_verdict *verdict, const char *login,
    enum pt_protocol protocol, int64_t now, bool unasked)
{
	const struct pt_reply_facts facts = {
	    .login = login,
	    .sender = "",
	    .help_url = config->help_url,
	    .now = now,
	};
	struct pt_text text;
	char reply[PT_REPLY_MAX];

	pt_reason_login_reply(verdict, &facts, protocol, reply, sizeof(reply));
	pt_text_init(&text, buf, PT_SESSION_REPLY_MAX);
	pt_text_addf(&text, "action=close\n%sreason=%s\nreply=%s\n\n",
	    unasked ? UNASKED : "", pt_reason_get(verdict->reason)->name,
	    reply);
	return text.len;
}
