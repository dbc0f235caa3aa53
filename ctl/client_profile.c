/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/client_profile.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "ctl/client_xml.h"

#define UUID_BYTES    16
#define UUID_TEXT_MAX 37
#define TITLE_MAX     512

#define DOCTYPE                                                   \
	"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" " \
	"\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"

struct ids {
	char profile[UUID_TEXT_MAX];
	char account[UUID_TEXT_MAX];
};

/*
 * A UUID of version 8 (RFC 9562): the bits are ours, here those of a hash of
 * what the thing is and for which address, so that a later profile replaces the
 * one before, also after the provider's name or servers have changed.
 */
static void
make_uuid(
    const struct pc_client *client, const char *what, char out[UUID_TEXT_MAX])
{
	const char *parts[] = {what, client->account.login.text};
	unsigned char bytes[UUID_BYTES];
	crypto_generichash_state state;
	struct pt_text text;
	size_t i;

	(void)crypto_generichash_init(&state, NULL, 0, sizeof(bytes));
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		/* The NUL keeps parts apart. */
		(void)crypto_generichash_update(&state,
		    (const unsigned char *)parts[i], strlen(parts[i]) + 1);
	}
	(void)crypto_generichash_final(&state, bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x80);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	pt_text_init(&text, out, UUID_TEXT_MAX);
	for (i = 0; i < sizeof(bytes); i++)
		pt_text_addf(&text, "%s%02X",
		    i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
}

static void
add_string(struct pc_client_xml *xml, const char *key, const char *value)
{
	pc_client_xml_text(xml, "key", key);
	pc_client_xml_text(xml, "string", value);
}

static void
add_number(struct pc_client_xml *xml, const char *key, unsigned number)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", number);
	pc_client_xml_text(xml, "key", key);
	pc_client_xml_text(xml, "integer", text);
}

static void
add_true(struct pc_client_xml *xml, const char *key)
{
	pc_client_xml_text(xml, "key", key);
	pc_client_xml_empty(xml, "true", NULL, NULL);
}

/* Both ways to begin TLS are "SSL" there; the port tells which it is. */
static void
add_server(struct pc_client_xml *xml, const char *way,
    const struct pt_server *server, const char *user)
{
	char key[64];

	(void)snprintf(key, sizeof(key), "%sMailServerHostName", way);
	add_string(xml, key, server->host);
	(void)snprintf(key, sizeof(key), "%sMailServerPortNumber", way);
	add_number(xml, key, server->port);
	(void)snprintf(key, sizeof(key), "%sMailServerUseSSL", way);
	add_true(xml, key);
	(void)snprintf(key, sizeof(key), "%sMailServerAuthentication", way);
	add_string(xml, key, "EmailAuthPassword");
	(void)snprintf(key, sizeof(key), "%sMailServerUsername", way);
	add_string(xml, key, user);
}

/* What each payload says of itself; "type" is what it is for Apple. */
static void
add_head(struct pc_client_xml *xml, const char *title, const char *type,
    const char *uuid)
{
	char identifier[UUID_TEXT_MAX + 16];

	(void)snprintf(identifier, sizeof(identifier), "postern.%s", uuid);
	add_string(xml, "PayloadDisplayName", title);
	add_string(xml, "PayloadIdentifier", identifier);
	add_string(xml, "PayloadType", type);
	add_string(xml, "PayloadUUID", uuid);
	add_number(xml, "PayloadVersion", 1);
}

static void
add_account(struct pc_client_xml *xml, const struct pc_client *client,
    const char *title, const char *uuid)
{
	const char *login = client->account.login.text;
	enum pt_protocol incoming =
	    (enum pt_protocol)pc_client_incoming(client);

	pc_client_xml_open(xml, "dict", NULL, NULL);
	add_string(xml, "EmailAccountDescription", client->provider);
	add_string(xml, "EmailAccountType",
	    incoming == PT_PROTOCOL_IMAP ? "EmailTypeIMAP" : "EmailTypePOP");
	add_string(xml, "EmailAddress", login);
	add_server(xml, "Incoming", pc_client_server(client, incoming), login);
	/* Without it, the device asks. */
	if (client->password != NULL)
		add_string(xml, "IncomingPassword", client->password);
	add_server(
	    xml, "Outgoing", pc_client_server(client, PT_PROTOCOL_SMTP), login);
	add_true(xml, "OutgoingPasswordSameAsIncomingPassword");
	add_head(xml, title, "com.apple.mail.managed", uuid);
	pc_client_xml_close(xml, "dict");
}

int
pc_client_profile_add(
    const struct pc_client *client, struct pt_text *out, struct pt_err *err)
{
	struct pc_client_xml xml;
	char title[TITLE_MAX];
	struct ids ids;

	(void)snprintf(title, sizeof(title), "%s (%s)", client->provider,
	    client->account.login.text);
	make_uuid(client, "profile", ids.profile);
	make_uuid(client, "account", ids.account);
	pc_client_xml_begin(&xml, out);
	pc_client_xml_raw(&xml, DOCTYPE);
	pc_client_xml_open(&xml, "plist", "version", "1.0");
	pc_client_xml_open(&xml, "dict", NULL, NULL);
	pc_client_xml_text(&xml, "key", "PayloadContent");
	pc_client_xml_open(&xml, "array", NULL, NULL);
	add_account(&xml, client, title, ids.account);
	pc_client_xml_close(&xml, "array");
	add_string(&xml, "PayloadOrganization", client->provider);
	add_head(&xml, title, "Configuration", ids.profile);
	pc_client_xml_close(&xml, "dict");
	pc_client_xml_close(&xml, "plist");
	return pc_client_xml_end(&xml, err);
}
