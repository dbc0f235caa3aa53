/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/client_code.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of that format. */
enum {
	CODE_FORMAT = 1,
	CODE_IMAP = 0,
	CODE_POP3 = 1,
	CODE_SMTP = 0,
	CODE_STARTTLS = 2,
	CODE_TLS = 3,
	CODE_PASSWORD = 1, /* in clear, inside of TLS */
};

/* [protocol, host, port, security, authentication, user name] */
static json_t *
make_server(const struct pc_client *client, enum pt_protocol protocol, int kind)
{
	const struct pt_server *server = pc_client_server(client, protocol);

	return json_pack("[i, s, i, i, i, s]", kind, server->host,
	    (int)server->port,
	    server->security == PT_SERVER_TLS ? CODE_TLS : CODE_STARTTLS,
	    CODE_PASSWORD, client->account.login.text);
}

/* An empty name of the account stands for its address. */
static json_t *
make_incoming(const struct pc_client *client)
{
	enum pt_protocol protocol =
	    (enum pt_protocol)pc_client_incoming(client);
	json_t *server = make_server(client, protocol,
	    protocol == PT_PROTOCOL_IMAP ? CODE_IMAP : CODE_POP3);

	if (client->password != NULL &&
	    (json_array_append_new(server, json_string("")) != 0 ||
		json_array_append_new(server, json_string(client->password)) !=
		    0)) {
		json_decref(server);
		return NULL;
	}
	return server;
}

static json_t *
make_outgoing(const struct pc_client *client)
{
	json_t *server = make_server(client, PT_PROTOCOL_SMTP, CODE_SMTP);

	if (client->password != NULL &&
	    json_array_append_new(server, json_string(client->password)) != 0) {
		json_decref(server);
		return NULL;
	}
	return server;
}

/* The owner's name is not known here; the program asks for it. */
static json_t *
make_all(const struct pc_client *client)
{
	return json_pack("[i, [i, i], o, [[o, [s, s]]]]", CODE_FORMAT, 1, 1,
	    make_incoming(client), make_outgoing(client),
	    client->account.login.text, "");
}

int
pc_client_code_add(
    const struct pc_client *client, struct pt_text *out, struct pt_err *err)
{
	const struct pt_login *login = &client->account.login;
	char *text = NULL;
	json_t *all;

	if ((pt_text_kinds(login->text, login->len) & PT_TEXT_HIGH) != 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot write a QR code: Thunderbird takes addresses of "
		    "ASCII characters alone from one; --text without --qr "
		    "tells what to type");
	all = make_all(client);
	if (all != NULL)
		text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	if (text == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot write a QR code: out of memory");
	pt_text_add(out, text);
	sodium_memzero(text, strlen(text));
	free(text);
	return 0;
}
