/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Requests of the session protocol, as a connection would take them: one after
 * the other, to the first garbage.  Read in pieces they must be the same as
 * read whole, what is no event must say why, and a reply that names what the
 * client sent must have exactly its lines.  The first byte of the input says
 * how long the pieces are.
 */
#include <string.h>

#include "policyd/event.h"
#include "policyd/session_reply.h"
#include "tests/fuzz/fuzz.h"

#define NOW 1795262400

static size_t
feed_in_pieces(struct pd_parser *parser, struct pd_record *record,
    const char *at, size_t len, unsigned seed)
{
	size_t taken = 0;
	size_t piece;

	while (taken < len && parser->state == PD_PARSER_MORE) {
		seed = seed * 1103515245U + 12345U;
		piece = 1 + (seed >> 16) % (1 + (seed & 31));
		if (piece > len - taken)
			piece = len - taken;
		taken += pd_parser_feed(parser, record, at + taken, piece);
	}
	return taken;
}

static void
check_event(const struct pd_event *event)
{
	fuzz_check(event->kind > PD_EVENT_NONE && event->kind <= PD_EVENT_CLOSE,
	    "an event that there is");
	fuzz_check(
	    strlen(event->login) == event->login_len, "login has an end");
	fuzz_check(event->login_len <= PT_SESSION_VALUE_MAX, "login is short");
	fuzz_check(strlen(event->token) < PT_TOKEN_TEXT_MAX, "token is short");
	fuzz_check(strlen(event->id) < PD_EVENT_ID_MAX, "id is short");
	if (event->kind == PD_EVENT_CHECK || event->kind == PD_EVENT_STORED)
		fuzz_check(event->uidvalidity > 0 && event->uidnext > 0,
		    "UIDs are UIDs");
	if (event->kind == PD_EVENT_OPEN)
		fuzz_check(event->protocol == PT_PROTOCOL_IMAP ||
			       event->protocol == PT_PROTOCOL_POP3,
		    "a protocol that there is");
	fuzz_check(event->bytes[PT_TRAFFIC_DOWN] <= INT64_MAX &&
		       event->bytes[PT_TRAFFIC_UP] <= INT64_MAX,
	    "bytes can be added");
}

/* The refusal is the reply that quotes what the client sent. */
static void
check_reply(const struct pd_event *event)
{
	static const struct pt_config config = {.help_url = "https://x.test/"};
	const struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = event->kind == PD_EVENT_OPEN ? PT_REASON_LOGIN_INVALID
						   : PT_REASON_PASSWORD,
	};
	char text[PT_SESSION_REPLY_MAX];
	size_t lines = 0;
	size_t len;
	size_t i;

	len = pd_session_reply_close(text, &config, &verdict, event->login,
	    PT_PROTOCOL_IMAP, NOW, false);
	fuzz_check(len == strlen(text) && len + 1 < sizeof(text), "it fits");
	for (i = 0; i < len; i++) {
		lines += text[i] == '\n';
		fuzz_check((unsigned char)text[i] >= ' ' || text[i] == '\n',
		    "no control characters");
	}
	fuzz_check(lines == 4, "three lines and an empty one");
	fuzz_check(strcmp(text + len - 2, "\n\n") == 0, "an end");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pd_parser whole;
	struct pd_parser pieces;
	struct pd_record record;
	struct pd_record other;
	struct pd_event event;
	struct pd_event same;
	const char *at = (const char *)data + 1;
	const char *why;
	size_t n;

	if (size == 0)
		return 0;
	size--;
	pd_parser_init(&whole, &pd_event_grammar, &pd_event_limits);
	pd_parser_init(&pieces, &pd_event_grammar, &pd_event_limits);
	while (size > 0) {
		pd_parser_next(&whole, &record);
		pd_parser_next(&pieces, &other);
		n = pd_parser_feed(&whole, &record, at, size);
		(void)feed_in_pieces(&pieces, &other, at, size, data[0]);
		fuzz_check(whole.state == pieces.state, "the same state");
		if (whole.state != PD_PARSER_COMPLETE)
			break;
		why = pd_event_read(&record, &event);
		fuzz_check(why == pd_event_read(&other, &same), "the same");
		if (why != NULL)
			break;
		fuzz_check(event.kind == same.kind &&
			       strcmp(event.login, same.login) == 0 &&
			       strcmp(event.token, same.token) == 0 &&
			       strcmp(event.id, same.id) == 0 &&
			       event.uidnext == same.uidnext,
		    "the same event");
		check_event(&event);
		check_reply(&event);
		at += n;
		size -= n;
	}
	return 0;
}
