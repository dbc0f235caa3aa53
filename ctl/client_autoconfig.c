/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/client_autoconfig.h"

#include <inttypes.h>
#include <stdio.h>

#include "ctl/client_xml.h"

/* Whoever checks mail by POP3 more often is sent away. */
static void
add_interval(struct pc_client_xml *xml, const struct pc_client *client)
{
	const struct pt_limit *check = &client->plan->mail_check;
	char minutes[24];

	if (!check->on)
		return;
	(void)snprintf(
	    minutes, sizeof(minutes), "%" PRIu64, (check->value + 59) / 60);
	pc_client_xml_open(xml, "pop3", NULL, NULL);
	pc_client_xml_empty(xml, "checkInterval", "minutes", minutes);
	pc_client_xml_close(xml, "pop3");
}

/* The login is written out: an alias that was typed in is no user name. */
static void
add_server(struct pc_client_xml *xml, const struct pc_client *client,
    enum pt_protocol protocol, const char *element, const char *type)
{
	const struct pt_server *server = pc_client_server(client, protocol);
	char port[8];

	if (server == NULL)
		return;
	(void)snprintf(port, sizeof(port), "%u", (unsigned)server->port);
	pc_client_xml_open(xml, element, "type", type);
	pc_client_xml_text(xml, "hostname", server->host);
	pc_client_xml_text(xml, "port", port);
	pc_client_xml_text(xml, "socketType",
	    server->security == PT_SERVER_TLS ? "SSL" : "STARTTLS");
	pc_client_xml_text(xml, "username", client->account.login.text);
	if (client->password != NULL)
		pc_client_xml_text(xml, "password", client->password);
	/* In clear inside of TLS; the app password is stored hashed. */
	pc_client_xml_text(xml, "authentication", "password-cleartext");
	if (protocol == PT_PROTOCOL_POP3)
		add_interval(xml, client);
	pc_client_xml_close(xml, element);
}

static void
add_documentation(struct pc_client_xml *xml, const char *url)
{
	if (url[0] == '\0')
		return;
	pc_client_xml_open(xml, "documentation", "url", url);
	pc_client_xml_text(xml, "descr", "How to set up mail programs");
	pc_client_xml_close(xml, "documentation");
}

int
pc_client_autoconfig_add(
    const struct pc_client *client, struct pt_text *out, struct pt_err *err)
{
	const char *domain = pt_login_domain_of(&client->account.login);
	struct pc_client_xml xml;

	pc_client_xml_begin(&xml, out);
	pc_client_xml_open(&xml, "clientConfig", "version", "1.1");
	pc_client_xml_open(&xml, "emailProvider", "id", domain);
	pc_client_xml_text(&xml, "domain", domain);
	pc_client_xml_text(&xml, "displayName", client->provider);
	pc_client_xml_text(&xml, "displayShortName", client->provider);
	add_server(&xml, client, PT_PROTOCOL_IMAP, "incomingServer", "imap");
	add_server(&xml, client, PT_PROTOCOL_POP3, "incomingServer", "pop3");
	add_server(&xml, client, PT_PROTOCOL_SMTP, "outgoingServer", "smtp");
	add_documentation(&xml, client->config->help_url);
	pc_client_xml_close(&xml, "emailProvider");
	pc_client_xml_close(&xml, "clientConfig");
	return pc_client_xml_end(&xml, err);
}
