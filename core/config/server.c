/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/server.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/login.h"
#include "core/base/text.h"

/* The first of a protocol is the one that need not be written. */
static const struct {
	enum pt_protocol protocol;
	unsigned short port;
	enum pt_server_security security;
} ports[] = {
    {PT_PROTOCOL_IMAP, 993, PT_SERVER_TLS},
    {PT_PROTOCOL_IMAP, 143, PT_SERVER_STARTTLS},
    {PT_PROTOCOL_POP3, 995, PT_SERVER_TLS},
    {PT_PROTOCOL_POP3, 110, PT_SERVER_STARTTLS},
    {PT_PROTOCOL_SMTP, 587, PT_SERVER_STARTTLS},
    {PT_PROTOCOL_SMTP, 465, PT_SERVER_TLS},
};

/* port 0: none was written.  false: it is none of the protocol's. */
static bool
set_port(enum pt_protocol protocol, uint64_t port, struct pt_server *out)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(ports); i++) {
		if (ports[i].protocol != protocol ||
		    (port != 0 && ports[i].port != port))
			continue;
		out->port = ports[i].port;
		out->security = ports[i].security;
		return true;
	}
	return false;
}

static int
refuse_port(enum pt_protocol protocol, const char *text, struct pt_err *err)
{
	switch (protocol) {
	case PT_PROTOCOL_IMAP:
		return pt_err_refuse(err, text,
		    "has another port than 993 (TLS) and 143 (STARTTLS)");
	case PT_PROTOCOL_POP3:
		return pt_err_refuse(err, text,
		    "has another port than 995 (TLS) and 110 (STARTTLS)");
	case PT_PROTOCOL_SMTP:
		break;
	}
	return pt_err_refuse(
	    err, text, "has another port than 465 (TLS) and 587 (STARTTLS)");
}

/* An address is a domain, too, but certificates are for names. */
static bool
is_address(const char *text, size_t len)
{
	return text[0] == '[' || strspn(text, "0123456789.") >= len;
}

int
pt_server_parse(enum pt_protocol protocol, const char *text,
    struct pt_server *out, struct pt_err *err)
{
	size_t len = strcspn(text, ":");
	struct pt_server server = {.port = 0};
	struct pt_err why;
	uint64_t port = 0;

	if (len == 0 || is_address(text, len) || strchr(text, '/') != NULL ||
	    pt_login_domain(
		text, len, server.host, sizeof(server.host), &why) != 0)
		return pt_err_refuse(err, text,
		    "is not a server: write its name, such as "
		    "\"mail.example.com\" or \"mail.example.com:993\"");
	if (text[len] == ':' &&
	    (!pt_text_to_u64(text + len + 1, UINT16_MAX, &port) || port == 0))
		return refuse_port(protocol, text, err);
	if (!set_port(protocol, port, &server))
		return refuse_port(protocol, text, err);
	*out = server;
	return 0;
}
