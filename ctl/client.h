/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a mail program has to know to be let in: the servers of the protocols
 * that an account may use, as the client block of postern.conf names them, and
 * who logs in there.  The client_*.c make documents of it.
 */
#ifndef PC_CLIENT_H
#define PC_CLIENT_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/config/plan.h"
#include "core/config/server.h"
#include "core/state/account.h"
#include "ctl/call.h"

struct pc_client {
	const struct pt_config *config;
	const struct pt_plan *plan; /* points into room or the configuration */
	struct pt_plan room;
	struct pt_account account;
	const char *provider;        /* its name, or the domain of the login */
	unsigned allowed;            /* enum pt_protocol, or-ed */
	unsigned offered;            /* of those, the ones with a server */
	struct pt_server servers[3]; /* by pc_client_server() */
	int64_t begins;              /* activation_delay; 0: it works at once */
	const char *password;        /* app password; NULL: none is written */
	const char *label;           /* of that, or "" */
};

/* NULL if the protocol is not offered. */
const struct pt_server *
pc_client_server(const struct pc_client *client, enum pt_protocol protocol);

/* IMAP if it is offered, else POP3, else 0. */
unsigned
pc_client_incoming(const struct pc_client *client);

/*
 * Reads the account of a login from the state and finds out what it is
 * offered.  *err says what to do if there is nothing: PC_NO, because external
 * access is off, blocked or not for this account, PC_FAILED, because the
 * configuration names no server.  The client stays where it was made.
 */
enum pc_answer
pc_client_find(struct pc_call *call, const struct pt_login *login,
    struct pc_client *client, struct pt_err *err);

/*
 * For documents that mail programs take whole or not at all: is there a server
 * for incoming and one for outgoing mail?  Answers as pc_client_find(); what,
 * such as "a profile", is for the error.
 */
enum pc_answer
pc_client_is_whole(
    const struct pc_client *client, const char *what, struct pt_err *err);

#endif
