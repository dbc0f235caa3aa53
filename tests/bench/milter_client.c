/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* mfdef.h uses names of the BSDs. */
#define _DEFAULT_SOURCE

#include "tests/bench/milter_client.h"

#include <errno.h>
#include <libmilter/mfdef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/milter_stage.h"

#define VERSION     6
#define HEAD        4 /* bytes before each packet: its length */
#define HEADER      5 /* of the stages below */
#define BODY        7
#define MACROS_ROOM 512

static void
put(struct milter_client *c, const void *bytes, size_t len)
{
	/* One message fits by far: nothing is put before the last is sent. */
	if (len == 0 || len > sizeof(c->out) - c->out_len)
		return;
	memcpy(c->out + c->out_len, bytes, len);
	c->out_len += len;
}

static void
put_u32(struct milter_client *c, uint32_t value)
{
	const unsigned char bytes[4] = {(unsigned char)(value >> 24),
	    (unsigned char)(value >> 16), (unsigned char)(value >> 8),
	    (unsigned char)value};

	put(c, bytes, sizeof(bytes));
}

static uint32_t
get_u32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | (uint32_t)at[3];
}

static void
put_packet(struct milter_client *c, char command, const char *data, size_t len)
{
	put_u32(c, (uint32_t)len + 1);
	put(c, &command, 1);
	put(c, data, len);
}

/* The socket has room for what one message is; if not, the filter hangs. */
static bool
flush(struct milter_client *c)
{
	ssize_t n = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL);
	bool whole = n == (ssize_t)c->out_len;

	c->out_len = 0;
	return whole;
}

static const char *
macro_value(const struct milter_client *c, const struct milter_macro *macro,
    char buf[MILTER_MAIL_LOGIN])
{
	if (macro->value != NULL)
		return macro->value;
	if (macro->name[0] == 'i')
		milter_mail_queue_id(c->mail.number, buf);
	else if (strcmp(macro->name, MILTER_MACRO_RECIPIENT) == 0)
		milter_mail_recipient(c->mail.recipient, buf);
	else
		milter_mail_login(c->mail.account, buf);
	return buf;
}

static void
put_macros(struct milter_client *c)
{
	char buf[MILTER_MAIL_LOGIN];
	char data[MACROS_ROOM];
	const struct milter_macro *macro;
	size_t len = 1;
	size_t i;

	if (c->macros[c->stage] == 0)
		return;
	data[0] = milter_stages[c->stage].command;
	for (i = 0; i < MILTER_STAGE_MACROS; i++) {
		macro = &milter_stages[c->stage].macros[i];
		if ((c->macros[c->stage] & 1U << i) == 0)
			continue;
		len += (size_t)snprintf(
			   data + len, sizeof(data) - len, "%s", macro->name) +
		       1;
		len += (size_t)snprintf(data + len, sizeof(data) - len, "%s",
			   macro_value(c, macro, buf)) +
		       1;
	}
	put_packet(c, SMFIC_MACRO, data, len);
}

static void
put_address(struct milter_client *c, const char *address)
{
	char data[MILTER_MAIL_LOGIN + 3];
	int len = snprintf(data, sizeof(data), "<%s>", address);

	put_packet(c, milter_stages[c->stage].command, data, (size_t)len + 1);
}

static void
put_command(struct milter_client *c)
{
	static const char connect[] = "client.example.org\0004\x30\x39"
				      "192.0.2.17";
	char address[MILTER_MAIL_LOGIN];
	const struct milter_header *h = &c->header;

	switch (milter_stages[c->stage].command) {
	case SMFIC_CONNECT:
		put_packet(c, SMFIC_CONNECT, connect, sizeof(connect));
		break;
	case SMFIC_HELO:
		put_packet(c, SMFIC_HELO, "[192.0.2.17]", 13);
		break;
	case SMFIC_MAIL:
		milter_mail_login(c->mail.account, address);
		put_address(c, address);
		break;
	case SMFIC_RCPT:
		milter_mail_recipient(c->mail.recipient, address);
		put_address(c, address);
		break;
	case SMFIC_HEADER:
		put(c, h->packets + h->starts[c->field],
		    h->starts[c->field + 1] - h->starts[c->field]);
		break;
	case SMFIC_BODY:
		put_packet(c, SMFIC_BODY, milter_mail_body(), MILTER_MAIL_BODY);
		break;
	default:
		put_packet(c, milter_stages[c->stage].command, NULL, 0);
		break;
	}
}

/* To the next header field or stage. */
static void
step(struct milter_client *c)
{
	if (c->stage == HEADER && ++c->field < MILTER_MAIL_FIELDS)
		return;
	c->stage++;
}

static bool
is_wanted(const struct milter_client *c)
{
	if (c->stage == BODY && c->skips_body)
		return false;
	return (c->steps & milter_stages[c->stage].no_step) == 0;
}

/* Sends up to what wants a reply, or until a message may come. */
static enum milter_event
go_on(struct milter_client *c)
{
	while (c->in_message || c->stage < 2) {
		if (!is_wanted(c)) {
			c->stage++;
			continue;
		}
		put_macros(c);
		put_command(c);
		if ((c->steps & milter_stages[c->stage].no_reply) == 0)
			return flush(c) ? MILTER_EVENT_NONE : MILTER_EVENT_LOST;
		step(c);
	}
	return MILTER_EVENT_READY;
}

static void
keep_symbols(
    struct milter_client *c, size_t *at, uint32_t list, const char *wanted)
{
	size_t room = sizeof(c->symbols) - 1 - *at;
	int n =
	    snprintf(c->symbols + *at, room, "%u=%s", (unsigned)list, wanted);

	if (n > 0 && (size_t)n < room)
		*at += (size_t)n + 1;
	c->symbols[*at] = '\0';
}

static enum milter_event
negotiated(struct milter_client *c, const unsigned char *data, size_t len)
{
	size_t at = 3 * sizeof(uint32_t);
	size_t kept = 0;

	if (len < at || get_u32(data) > VERSION)
		return MILTER_EVENT_LOST;
	c->steps = get_u32(data + 8);
	milter_stage_usual_macros(c->macros);
	while (len - at > sizeof(uint32_t) && data[len - 1] == '\0') {
		const char *wanted = (const char *)data + at + 4;

		milter_stage_choose_macros(
		    c->macros, get_u32(data + at), wanted);
		keep_symbols(c, &kept, get_u32(data + at), wanted);
		at += sizeof(uint32_t) + strlen(wanted) + 1;
	}
	milter_header_init(&c->header, (c->steps & SMFIP_HDR_LEADSPC) != 0);
	c->negotiated = true;
	return go_on(c);
}

static enum milter_event
end_message(struct milter_client *c, enum milter_event event)
{
	/* Postfix tells a filter of a message that ended before its end. */
	if (c->stage < MILTER_STAGES - 1 && event == MILTER_EVENT_REFUSED) {
		put_packet(c, SMFIC_ABORT, NULL, 0);
		if (!flush(c))
			return MILTER_EVENT_LOST;
	}
	c->in_message = false;
	return event;
}

static enum milter_event
take_reply(struct milter_client *c, int reply)
{
	bool at_end = c->stage == MILTER_STAGES - 1;

	c->replies++;
	switch (reply) {
	case SMFIR_SKIP:
		/* Of header fields or of the body, the rest. */
		c->skips_body = true;
		c->stage++;
		return go_on(c);
	case SMFIR_CONTINUE:
		if (at_end)
			return end_message(c, MILTER_EVENT_ACCEPTED);
		step(c);
		return go_on(c);
	case SMFIR_ACCEPT:
		if (!c->in_message)
			return MILTER_EVENT_LOST;
		return end_message(c, MILTER_EVENT_ACCEPTED);
	case SMFIR_REJECT:
	case SMFIR_TEMPFAIL:
	case SMFIR_REPLYCODE:
		if (!c->in_message)
			return MILTER_EVENT_LOST;
		return end_message(c, MILTER_EVENT_REFUSED);
	default:
		/* Changes of the message, and PROGRESS, before the reply. */
		return at_end ? MILTER_EVENT_NONE : MILTER_EVENT_LOST;
	}
}

static enum milter_event
take_packet(struct milter_client *c, const unsigned char *packet, size_t len)
{
	if (len == 0)
		return MILTER_EVENT_LOST;
	if (!c->negotiated)
		return packet[0] == SMFIC_OPTNEG
			   ? negotiated(c, packet + 1, len - 1)
			   : MILTER_EVENT_LOST;
	return take_reply(c, packet[0]);
}

enum milter_event
milter_client_read(struct milter_client *c)
{
	enum milter_event event = MILTER_EVENT_NONE;
	size_t used = 0;
	ssize_t n;
	size_t len;

	n = recv(c->fd, c->in + c->in_len, sizeof(c->in) - c->in_len, 0);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return MILTER_EVENT_NONE;
	if (n <= 0)
		return MILTER_EVENT_LOST;
	c->in_len += (size_t)n;
	while (event == MILTER_EVENT_NONE && c->in_len - used >= HEAD) {
		len = get_u32(c->in + used);
		if (len > sizeof(c->in) - HEAD)
			return MILTER_EVENT_LOST;
		if (c->in_len - used - HEAD < len)
			break;
		event = take_packet(c, c->in + used + HEAD, len);
		used += HEAD + len;
	}
	memmove(c->in, c->in + used, c->in_len - used);
	c->in_len -= used;
	return event;
}

enum milter_event
milter_client_send(struct milter_client *c, const struct milter_mail *mail)
{
	c->mail = *mail;
	c->in_message = true;
	c->skips_body = false;
	c->stage = 2;
	c->field = 0;
	milter_header_patch(&c->header, mail);
	return go_on(c);
}

int
milter_client_open(struct milter_client *c, const struct bench_address *address)
{
	memset(c, 0, sizeof(*c));
	c->fd = bench_address_connect(address);
	if (c->fd == -1)
		return -1;
	put_u32(c, 13);
	put(c, "O", 1);
	put_u32(c, VERSION);
	put_u32(c, SMFI_CURR_ACTS);
	put_u32(c, SMFI_CURR_PROT);
	return flush(c) ? 0 : -1;
}

void
milter_client_close(struct milter_client *c)
{
	if (c->fd == -1)
		return;
	put_packet(c, SMFIC_QUIT, NULL, 0);
	(void)flush(c);
	(void)close(c->fd);
	c->fd = -1;
}
