/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/request.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"

static const char *const names[] = {
    [DP_EVENT_OPEN] = "open",
    [DP_EVENT_CHECK] = "check",
    [DP_EVENT_STORED] = "stored",
    [DP_EVENT_TRAFFIC] = "traffic",
    [DP_EVENT_HIBERNATE] = "hibernate",
    [DP_EVENT_CLOSE] = "close",
};

static void
start(struct pt_text *text, char *buf, enum dp_event event)
{
	pt_text_init(text, buf, DP_REQUEST_MAX);
	pt_text_addf(
	    text, "request=%s\nevent=%s\n", PT_SESSION_REQUEST, names[event]);
}

static size_t
finish(struct pt_text *text)
{
	pt_text_add(text, "\n");
	return text->cut ? 0 : text->len;
}

static bool
is_value(const char *s)
{
	size_t len = strlen(s);

	return len <= PT_SESSION_VALUE_MAX &&
	       (pt_text_kinds(s, len) & PT_TEXT_CONTROL) == 0;
}

size_t
dp_request_open(char buf[DP_REQUEST_MAX], const char *login, const char *token,
    const char *service, const char *session)
{
	struct pt_text text;

	if (!is_value(login) || !is_value(token) || !is_value(service) ||
	    !is_value(session))
		return 0;
	start(&text, buf, DP_EVENT_OPEN);
	pt_text_addf(&text, "login=%s\ntoken=%s\nservice=%s\nsession=%s\n",
	    login, token, service, session);
	return finish(&text);
}

size_t
dp_request_mailbox(char buf[DP_REQUEST_MAX], enum dp_event event,
    uint32_t uidvalidity, uint32_t uidnext)
{
	struct pt_text text;

	if (uidvalidity == 0 || uidnext == 0)
		return 0;
	start(&text, buf, event);
	pt_text_addf(&text, "uidvalidity=%" PRIu32 "\nuidnext=%" PRIu32 "\n",
	    uidvalidity, uidnext);
	return finish(&text);
}

size_t
dp_request_traffic(char buf[DP_REQUEST_MAX], uint64_t down, uint64_t up)
{
	struct pt_text text;

	start(&text, buf, DP_EVENT_TRAFFIC);
	pt_text_addf(&text, "down=%" PRIu64 "\nup=%" PRIu64 "\n", down, up);
	return finish(&text);
}

size_t
dp_request_end(char buf[DP_REQUEST_MAX], enum dp_event event)
{
	struct pt_text text;

	start(&text, buf, event);
	return finish(&text);
}
