/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/check.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/login.h"
#include "core/base/text.h"
#include "core/base/zone.h"
#include "core/config/alias.h"
#include "core/config/listen.h"
#include "core/config/map_spec.h"
#include "core/config/server.h"

#define PLAN_NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-_"
/* Not "@", which ends the local part, and nothing that must be quoted. */
#define TAG_CHARS      "+-_.=#~!%"
#define LANGUAGE_CHARS PLAN_NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LANGUAGE_MAX   35

#define CONNECTIONS_MAX      100000
#define SESSIONS_MAX         200000
#define CLIENT_ADDRESSES_MAX 32 /* that the signals record can hold */
#define UNLIMITED            "unlimited"

int
pt_check_plan_name(const char *at, size_t len, struct pt_err *err)
{
	struct pt_text text;
	char shown[64];
	size_t good = 0;

	while (good < len && at[good] != '\0' &&
	       strchr(PLAN_NAME_CHARS, at[good]) != NULL)
		good++;
	if (len > 0 && good == len && len <= PT_PLAN_NAME_MAX)
		return 0;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, at, len);
	return pt_err_set(err, PT_ERR_CONFIG,
	    "\"%s\" cannot name a plan: use up to %d of a-z, 0-9, - and _",
	    shown, PT_PLAN_NAME_MAX);
}

static int
check_path(const char *item, struct pt_err *err)
{
	if (item[0] == '/')
		return 0;
	return pt_err_refuse(err, item, "is not an absolute path");
}

static int
check_plan(const char *item, struct pt_err *err)
{
	return pt_check_plan_name(item, strlen(item), err);
}

static int
check_domain(const char *item, struct pt_err *err)
{
	char domain[PT_LOGIN_MAX + 1];

	if (item[0] == '\0' || pt_login_domain(item, strlen(item), domain,
				   sizeof(domain), err) == 0)
		return 0;
	return pt_err_refuse(err, item, "is not a domain");
}

/* It goes into replies, so it must be a single word there. */
static int
check_url(const char *item, struct pt_err *err)
{
	const char *at = item;

	if (item[0] == '\0')
		return 0;
	while (*at > ' ' && *at < 0x7f && *at != '"' && *at != '\\')
		at++;
	if (*at != '\0')
		return pt_err_refuse(
		    err, item, "has a character that no URL may have");
	if (strncmp(item, "https://", 8) != 0 &&
	    strncmp(item, "http://", 7) != 0)
		return pt_err_refuse(
		    err, item, "does not begin with https:// or http://");
	return 0;
}

static int
check_listen(const char *item, struct pt_err *err)
{
	struct pt_listen address;

	return pt_listen_parse(item, &address, err);
}

static int
check_milter_listen(const char *item, struct pt_err *err)
{
	return item[0] == '\0' ? 0 : check_listen(item, err);
}

static int
check_range(const char *item, uint64_t max, struct pt_err *err)
{
	uint64_t number = 0;
	char why[64];

	if (pt_text_to_u64(item, max, &number) && number > 0)
		return 0;
	(void)snprintf(
	    why, sizeof(why), "is not a number from 1 to %" PRIu64, max);
	return pt_err_refuse(err, item, why);
}

static int
check_percent(const char *item, struct pt_err *err)
{
	return check_range(item, 100, err);
}

static int
check_warn_at(const char *item, struct pt_err *err)
{
	return strcmp(item, UNLIMITED) == 0 ? 0 : check_range(item, 99, err);
}

static int
check_factor(const char *item, struct pt_err *err)
{
	uint64_t number = 0;

	if (strcmp(item, UNLIMITED) == 0 ||
	    (pt_text_to_u64(item, UINT32_MAX, &number) && number > 1))
		return 0;
	return pt_err_refuse(err, item, "is not a number from 2 on");
}

static int
check_client_addresses(const char *item, struct pt_err *err)
{
	struct pt_window window;

	/* What is no window at all is complained about elsewhere. */
	if (strcmp(item, UNLIMITED) == 0 ||
	    pt_window_parse(item, false, &window, err) != 0 ||
	    (window.limit > 0 && window.limit <= CLIENT_ADDRESSES_MAX))
		return 0;
	return pt_err_refuse(
	    err, item, "does not permit from 1 to 32 addresses");
}

static int
check_connections(const char *item, struct pt_err *err)
{
	return check_range(item, CONNECTIONS_MAX, err);
}

static int
check_sessions(const char *item, struct pt_err *err)
{
	return check_range(item, SESSIONS_MAX, err);
}

static int
check_subaddress(const char *item, struct pt_err *err)
{
	if (item[strspn(item, TAG_CHARS)] == '\0')
		return 0;
	return pt_err_refuse(
	    err, item, "has a character that is none of + - _ . = # ~ ! %");
}

static int
check_alias(const char *item, struct pt_err *err)
{
	struct pt_alias_domain alias;

	if (pt_alias_parse(item, &alias, err) != 0)
		return -1;
	pt_alias_clear(&alias);
	return 0;
}

static int
check_map(const char *item, struct pt_err *err)
{
	struct pt_map_spec spec;

	return pt_map_spec_parse(item, &spec, err);
}

static int
check_address(const char *item, struct pt_err *err)
{
	struct pt_login login;

	if (item[0] == '\0' ||
	    pt_login_parse(item, strlen(item), NULL, &login, err) == 0)
		return 0;
	return pt_err_refuse(
	    err, item, "is not an address such as \"ann@example.com\"");
}

/* It goes into a header, between quotation marks; no text may hold control
 * characters. */
static int
check_notice_name(const char *item, struct pt_err *err)
{
	if (strpbrk(item, "\"\\") == NULL)
		return 0;
	return pt_err_refuse(
	    err, item, "has a quotation mark or a backslash in it");
}

static int
check_timezone(const char *item, struct pt_err *err)
{
	if (pt_zone_exists(item))
		return 0;
	return pt_err_refuse(err, item,
	    "is not a time zone of this system, such as \"UTC\" or "
	    "\"Europe/Riga\", which come with tzdata");
}

static int
check_language(const char *item, struct pt_err *err)
{
	size_t len = strspn(item, LANGUAGE_CHARS);

	if (len >= 2 && len <= LANGUAGE_MAX && item[len] == '\0')
		return 0;
	return pt_err_refuse(
	    err, item, "is not a language, such as \"en\" or \"pt-BR\"");
}

static int
check_server(enum pt_protocol protocol, const char *item, struct pt_err *err)
{
	struct pt_server server;

	if (item[0] == '\0')
		return 0;
	return pt_server_parse(protocol, item, &server, err);
}

static int
check_imap(const char *item, struct pt_err *err)
{
	return check_server(PT_PROTOCOL_IMAP, item, err);
}

static int
check_pop3(const char *item, struct pt_err *err)
{
	return check_server(PT_PROTOCOL_POP3, item, err);
}

static int
check_smtp(const char *item, struct pt_err *err)
{
	return check_server(PT_PROTOCOL_SMTP, item, err);
}

static const struct {
	enum pt_key_section section;
	const char *name;
	int (*check)(const char *item, struct pt_err *err);
} checks[] = {
    {PT_SECTION_TOP, "state_dir", check_path},
    {PT_SECTION_TOP, "default_domain", check_domain},
    {PT_SECTION_TOP, "default_plan", check_plan},
    {PT_SECTION_TOP, "help_url", check_url},
    {PT_SECTION_TOP, "policy_listen", check_listen},
    {PT_SECTION_TOP, "session_listen", check_listen},
    {PT_SECTION_TOP, "milter_listen", check_milter_listen},
    {PT_SECTION_TOP, "max_connections", check_connections},
    {PT_SECTION_TOP, "max_sessions", check_sessions},
    {PT_SECTION_PLAN, "bounce_share", check_percent},
    {PT_SECTION_PLAN, "warn_at", check_warn_at},
    {PT_SECTION_PLAN, "logins_factor", check_factor},
    {PT_SECTION_PLAN, "client_addresses", check_client_addresses},
    {PT_SECTION_SENDER, "subaddress", check_subaddress},
    {PT_SECTION_SENDER, "alias_domains", check_alias},
    {PT_SECTION_SENDER, "maps", check_map},
    {PT_SECTION_NOTICE, "from", check_address},
    {PT_SECTION_NOTICE, "name", check_notice_name},
    {PT_SECTION_NOTICE, "copy", check_address},
    {PT_SECTION_NOTICE, "command", check_path},
    {PT_SECTION_NOTICE, "timezone", check_timezone},
    {PT_SECTION_NOTICE, "templates", check_path},
    {PT_SECTION_NOTICE, "languages", check_language},
    {PT_SECTION_CLIENT, "imap", check_imap},
    {PT_SECTION_CLIENT, "pop3", check_pop3},
    {PT_SECTION_CLIENT, "smtp", check_smtp},
    {PT_SECTION_CLIENT, "url", check_url},
};

int
pt_check_item(const struct pt_key *key, const char *item, struct pt_err *err)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(checks); i++) {
		if (checks[i].section == key->section &&
		    strcmp(checks[i].name, key->name) == 0)
			return checks[i].check(item, err);
	}
	return 0;
}
