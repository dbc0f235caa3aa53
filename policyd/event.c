/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/event.h"

#include "core/base/attr.h"
#include "core/base/session_protocol.h"

enum attribute_id {
	REQUEST,
	EVENT,
	LOGIN,
	TOKEN,
	SERVICE,
	SESSION,
	UIDVALIDITY,
	UIDNEXT,
	DOWN,
	UP,
};

#define WORD(s)                   \
	{                         \
		sizeof(s) - 1, s, \
	}

static const struct pd_word kinds[] = {
    WORD("none"),
    WORD(PT_SESSION_REQUEST),
    {0, ""},
};

static const struct pd_word events[] = {
    [PD_EVENT_NONE] = WORD("none"),
    [PD_EVENT_OPEN] = WORD("open"),
    [PD_EVENT_CHECK] = WORD("check"),
    [PD_EVENT_STORED] = WORD("stored"),
    [PD_EVENT_TRAFFIC] = WORD("traffic"),
    [PD_EVENT_HIBERNATE] = WORD("hibernate"),
    [PD_EVENT_CLOSE] = WORD("close"),
    {0, ""},
};

static const struct pd_word services[] = {
    WORD("none"),
    WORD("imap"),
    WORD("pop3"),
    {0, ""},
};

static const enum pt_protocol protocols[] = {
    (enum pt_protocol)0, PT_PROTOCOL_IMAP, PT_PROTOCOL_POP3};

/* Few and small enough that expecting one saves nothing. */
static const struct pd_expected order[] = {{0, -1, ""}};

/* The longest texts together must fit into PD_RECORD_BYTES. */
const struct pd_grammar pd_event_grammar = {
    .rows =
	{
	    [2] = {{"up", UP, PD_KIND_NUMBER, 0, NULL}},
	    [4] = {{"down", DOWN, PD_KIND_NUMBER, 0, NULL}},
	    [5] = {{"event", EVENT, PD_KIND_FIXED, 0, events},
		{"login", LOGIN, PD_KIND_TEXT, PT_SESSION_VALUE_MAX, NULL},
		{"token", TOKEN, PD_KIND_TEXT, PT_TOKEN_TEXT_MAX - 1, NULL}},
	    [7] = {{"request", REQUEST, PD_KIND_FIXED, 0, kinds},
		{"uidnext", UIDNEXT, PD_KIND_NUMBER, 0, NULL},
		{"service", SERVICE, PD_KIND_FIXED, 0, services},
		{"session", SESSION, PD_KIND_LONG_TEXT, PD_EVENT_ID_MAX - 1,
		    NULL}},
	    [11] = {{"uidvalidity", UIDVALIDITY, PD_KIND_NUMBER, 0, NULL}},
	},
    .required = 1U << REQUEST | 1U << EVENT,
    .order = order,
};

/* A later plugin may say a little more. */
const struct pd_limits pd_event_limits = {
    .line_bytes = 1024,
    .attributes = 32,
    .bytes = 8192,
};

/* What each event must come with. */
static const uint32_t wanted[] = {
    [PD_EVENT_OPEN] = 1U << LOGIN | 1U << TOKEN | 1U << SERVICE,
    [PD_EVENT_CHECK] = 1U << UIDVALIDITY | 1U << UIDNEXT,
    [PD_EVENT_STORED] = 1U << UIDVALIDITY | 1U << UIDNEXT,
    [PD_EVENT_TRAFFIC] = 1U << DOWN | 1U << UP,
    [PD_EVENT_HIBERNATE] = 0,
    [PD_EVENT_CLOSE] = 0,
};

static bool
is_uid(const struct pd_record *record, enum attribute_id id)
{
	uint64_t number = pd_record_number(record, id);

	return !pd_record_has(record, id) ||
	       (number > 0 && number <= UINT32_MAX);
}

const char *
pd_event_read(const struct pd_record *record, struct pd_event *out)
{
	size_t unused;
	unsigned kind = (unsigned)pd_record_number(record, EVENT);

	if (kind >= PT_ARRAY_LEN(wanted) ||
	    (record->seen & wanted[kind]) != wanted[kind])
		return "attribute of the event missing";
	if (!is_uid(record, UIDVALIDITY) || !is_uid(record, UIDNEXT))
		return "not a UID";
	out->kind = (enum pd_event_kind)kind;
	out->login = pd_record_text(record, LOGIN, &out->login_len);
	out->token = pd_record_text(record, TOKEN, &unused);
	out->protocol = protocols[pd_record_number(record, SERVICE)];
	out->id = pd_record_text(record, SESSION, &unused);
	out->uidvalidity = (uint32_t)pd_record_number(record, UIDVALIDITY);
	out->uidnext = (uint32_t)pd_record_number(record, UIDNEXT);
	out->bytes[PT_TRAFFIC_DOWN] = pd_record_number(record, DOWN);
	out->bytes[PT_TRAFFIC_UP] = pd_record_number(record, UP);
	return NULL;
}
