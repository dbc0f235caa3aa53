/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The servers that mail programs are told to use, as they stand in the client
 * block of postern.conf: "HOST" or "HOST:PORT".  The port says how the
 * connection is encrypted, so only ports with one meaning are taken: 993, 995
 * and 465 begin with TLS, 143, 110 and 587 begin it with STARTTLS.  Without a
 * port it is 993, 995 or 587.
 */
#ifndef PT_CONFIG_SERVER_H
#define PT_CONFIG_SERVER_H

#include "core/base/err.h"
#include "core/config/plan.h"

#define PT_SERVER_HOST_MAX 253

enum pt_server_security {
	PT_SERVER_TLS,
	PT_SERVER_STARTTLS,
};

struct pt_server {
	char host[PT_SERVER_HOST_MAX + 1]; /* a name, lower-case A-labels */
	unsigned short port;
	enum pt_server_security security;
};

/* PT_ERR_INPUT: the text in quotation marks, and what is wrong. */
int
pt_server_parse(enum pt_protocol protocol, const char *text,
    struct pt_server *out, struct pt_err *err);

#endif
