/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/client.h"

#include <string.h>

#include "core/base/attr.h"
#include "core/rules/access.h"
#include "core/rules/external.h"
#include "ctl/access.h"
#include "ctl/names.h"

#define BOTH_WAYS "a server for incoming and one for outgoing mail"

static const struct {
	enum pt_protocol protocol;
	const char *key;
} places[] = {
    {PT_PROTOCOL_IMAP, "imap"},
    {PT_PROTOCOL_POP3, "pop3"},
    {PT_PROTOCOL_SMTP, "smtp"},
};

const struct pt_server *
pc_client_server(const struct pc_client *client, enum pt_protocol protocol)
{
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(places); i++) {
		if (places[i].protocol == protocol &&
		    (client->offered & (unsigned)protocol) != 0)
			return &client->servers[i];
	}
	return NULL;
}

unsigned
pc_client_incoming(const struct pc_client *client)
{
	if ((client->offered & PT_PROTOCOL_IMAP) != 0)
		return PT_PROTOCOL_IMAP;
	return client->offered & PT_PROTOCOL_POP3;
}

static void
refuse_blocked(const struct pt_account *account, struct pt_err *err)
{
	const char *login = account->login.text;
	enum pt_block_reason reason = account->block_reason;
	const char *verb = "enable";

	if (reason == PT_BLOCK_ABUSE || reason == PT_BLOCK_ADMIN)
		verb = "unblock";
	else if (reason == PT_BLOCK_CRACKED &&
		 account->main_password_at < account->block.at)
		verb = "password-changed";
	(void)pt_err_set(err, PT_ERR_NONE,
	    "mail programs of %s are blocked (%s): posternctl explain %s says "
	    "why, and posternctl %s %s is the way back",
	    login, pt_block_reason_name(reason), login, verb, login);
}

/* Does anything stand against any mail program of this account? */
static enum pc_answer
judge(const struct pc_client *client, const struct pt_activity *activity,
    struct pt_err *err)
{
	const char *login = client->account.login.text;
	struct pt_verdict verdict =
	    pt_access_standing(&client->account, activity);

	if (verdict.code == PT_VERDICT_PERMIT)
		return PC_YES;
	if (verdict.reason == PT_REASON_BLOCKED)
		refuse_blocked(&client->account, err);
	else if (verdict.reason == PT_REASON_INACTIVE)
		(void)pt_err_set(err, PT_ERR_NONE,
		    "%s is inactive, so no mail program is let in: posternctl "
		    "set %s status=active opens it",
		    login, login);
	else
		(void)pt_err_set(err, PT_ERR_NONE,
		    "external access of %s is off, so no mail program is let "
		    "in: posternctl enable %s switches it on and makes an app "
		    "password",
		    login, login);
	return PC_NO;
}

static const char *
written_server(const struct pt_config *config, enum pt_protocol protocol)
{
	switch (protocol) {
	case PT_PROTOCOL_IMAP:
		return config->client.imap;
	case PT_PROTOCOL_POP3:
		return config->client.pop3;
	case PT_PROTOCOL_SMTP:
		break;
	}
	return config->client.smtp;
}

/* Each was checked when the configuration was read. */
static int
read_servers(struct pc_client *client, struct pt_err *err)
{
	enum pt_protocol protocol;
	const char *text;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(places); i++) {
		protocol = places[i].protocol;
		text = written_server(client->config, protocol);
		if ((client->allowed & (unsigned)protocol) == 0 ||
		    text[0] == '\0')
			continue;
		if (pt_server_parse(protocol, text, &client->servers[i], err) !=
		    0)
			return pt_err_prefix(
			    err, "client { %s }", places[i].key);
		client->offered |= (unsigned)protocol;
	}
	return 0;
}

/* The keys that would offer one of the protocols, as "imap,smtp". */
static int
refuse_unset(unsigned protocols, const struct pc_client *client,
    const char *what, struct pt_err *err)
{
	char keys[PC_PROTOCOLS_TEXT_MAX];

	pt_external_protocols_format(protocols, keys, sizeof(keys));
	return pt_err_set(err, PT_ERR_CONFIG,
	    "cannot tell mail programs of %s %s: name the servers in "
	    "postern.conf (keys of client { }: %s)",
	    client->account.login.text, what, keys);
}

static enum pc_answer
check_offer(const struct pc_client *client, struct pt_err *err)
{
	const char *login = client->account.login.text;

	if (client->offered != 0)
		return PC_YES;
	if (client->allowed != 0) {
		(void)refuse_unset(client->allowed, client, "any server", err);
		return PC_FAILED;
	}
	(void)pt_err_set(err, PT_ERR_NONE,
	    "mail programs of %s may use no protocol: plan \"%s\" has none of "
	    "those that are switched on; posternctl enable %s --protocols ... "
	    "switches others on",
	    login, client->plan->name, login);
	return PC_NO;
}

static const char *
name_provider(const struct pt_config *config, const struct pt_account *account)
{
	if (config->client.name[0] != '\0')
		return config->client.name;
	if (config->notice.name[0] != '\0')
		return config->notice.name;
	return pt_login_domain_of(&account->login);
}

enum pc_answer
pc_client_find(struct pc_call *call, const struct pt_login *login,
    struct pc_client *client, struct pt_err *err)
{
	struct pt_activity activity;
	enum pc_answer answer;

	memset(client, 0, sizeof(*client));
	client->config = call->config;
	client->label = "";
	if (pc_call_read(call, login, &client->account, &activity, NULL, err) !=
	    0)
		return PC_FAILED;
	(void)pc_access_foresee(call, &client->account, &activity);
	answer = judge(client, &activity, err);
	if (answer != PC_YES)
		return answer;
	client->plan = pc_call_plan(call, &client->account, &client->room, err);
	if (client->plan == NULL)
		return PC_FAILED;
	client->provider = name_provider(call->config, &client->account);
	client->begins =
	    pt_access_begins(client->plan, &client->account, call->now);
	client->allowed = client->plan->protocols & client->account.protocols;
	if (read_servers(client, err) != 0)
		return PC_FAILED;
	return check_offer(client, err);
}

enum pc_answer
pc_client_is_whole(
    const struct pc_client *client, const char *what, struct pt_err *err)
{
	const unsigned in = PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3;
	const unsigned out = PT_PROTOCOL_SMTP;
	const char *login = client->account.login.text;
	char allowed[PC_PROTOCOLS_TEXT_MAX];
	unsigned unset = client->allowed & ~client->offered;

	if ((client->offered & in) != 0 && (client->offered & out) != 0)
		return PC_YES;
	if ((client->allowed & in) != 0 && (client->allowed & out) != 0) {
		/* One of several that can bring mail in is enough. */
		if ((client->offered & in) != 0)
			unset &= out;
		(void)refuse_unset(unset, client, BOTH_WAYS, err);
		return PC_FAILED;
	}
	pt_external_protocols_format(client->allowed, allowed, sizeof(allowed));
	(void)pt_err_set(err, PT_ERR_NONE,
	    "%s needs " BOTH_WAYS ", and %s may use %s alone: --text tells "
	    "that, or posternctl enable %s --protocols ... switches more on",
	    what, login, allowed, login);
	return PC_NO;
}
