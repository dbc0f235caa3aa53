/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: which postern.conf does Dovecot read, how are passwords carried,
 * whose address does a login come from, and what may the HTTP API do?
 */

#include <stdio.h>
#include <string.h>

#include "core/base/network.h"
#include "ctl/doctor_dovecot.h"

#define WHERE "dovecot"

/* The file that a process reads, if it is not the one that doctor read. */
static void
check_file(struct pc_doctor *doctor, const char *who, const char *file,
    const struct pc_fix *fix)
{
	const char *ours = doctor->call->config_file;

	if (file == NULL || file[0] == '\0')
		file = PT_CONFIG_FILE;
	if (strcmp(file, ours) != 0)
		pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, fix,
		    "%s reads %.300s, doctor read %.300s", who, file, ours);
}

static const char *
passdb_file(const struct pc_dovecot *dovecot)
{
	static const char word[] = "config=";
	struct pc_dovecot_db db;
	const char *args;
	size_t i = 0;

	while (pc_dovecot_db_next(dovecot, "passdb", &i, &db)) {
		if (strcmp(db.driver, "postern") != 0)
			continue;
		if (dovecot->is_24)
			return pc_dovecot_db_get(dovecot, &db, "postern_config",
			    pc_dovecot_plugin_get(dovecot, "postern_config"));
		args = pc_dovecot_db_get(dovecot, &db, "args", "");
		return strncmp(args, word, strlen(word)) == 0
			   ? args + strlen(word)
			   : NULL;
	}
	return NULL;
}

static void
check_files(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	const char *ours = doctor->call->config_file;
	char line[600];
	char lines[600];
	const struct pc_fix in_passdb = {
	    PC_DOVECOT_PLACE ", in passdb postern", line};
	const struct pc_fix in_plugin = {PC_DOVECOT_PLACE, lines};

	snprintf(line, sizeof(line), "args = config=%.500s", ours);
	snprintf(lines, sizeof(lines),
	    dovecot->is_24 ? "postern_config = %.500s"
			   : "plugin {\n  postern_config = %.500s\n}",
	    ours);
	/* 2.4 has one setting for both, outside of all blocks. */
	check_file(doctor, "passdb postern", passdb_file(dovecot),
	    dovecot->is_24 ? &in_plugin : &in_passdb);
	check_file(doctor, "doveadm",
	    pc_dovecot_plugin_get(dovecot, "postern_config"), &in_plugin);
}

static void
check_clear_text(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	bool allowed;

	if (dovecot->is_24)
		allowed = strcmp(pc_dovecot_get(
				     dovecot, "auth_allow_cleartext", "no"),
			      "yes") == 0;
	else
		allowed = strcmp(pc_dovecot_get(
				     dovecot, "disable_plaintext_auth", "yes"),
			      "no") == 0;
	if (!allowed)
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "takes passwords over encrypted connections only");
	else
		pc_dovecot_say(doctor, PC_LEVEL_NOTE, WHERE,
		    dovecot->is_24 ? "auth_allow_cleartext = no"
				   : "disable_plaintext_auth = yes",
		    "lets mail programs send their password in the clear, "
		    "before anybody can refuse it");
}

static void
check_encryption(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	const char *ssl = pc_dovecot_get(dovecot, "ssl", "yes");
	bool required = doctor->call->config->require_tls;

	if (strcmp(ssl, "no") != 0)
		check_clear_text(doctor, dovecot);
	else if (required)
		pc_dovecot_say(doctor, PC_LEVEL_PROBLEM, WHERE, "ssl = yes",
		    "has no TLS (ssl = no), and require_tls is yes in "
		    "postern.conf: mail programs of other hosts are refused");
	else
		pc_dovecot_say(doctor, PC_LEVEL_NOTE, WHERE, "ssl = yes",
		    "has no TLS (ssl = no): app passwords travel in the clear");
}

/* Does it begin in one of Postern's trusted networks? */
static bool
is_trusted(const struct pt_config *config, const char *network, size_t len)
{
	char address[64];

	len = strcspn(network, "/ \t,") < len ? strcspn(network, "/ \t,") : len;
	if (len >= sizeof(address))
		return false;
	memcpy(address, network, len);
	address[len] = '\0';
	return pt_network_has(config->networks, config->network_count, address);
}

/*
 * Who is in login_trusted_networks may name another client's address, and
 * Postern goes by that one.
 */
static void
check_trusted(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	const char *at = pc_dovecot_get(dovecot, "login_trusted_networks", "");
	size_t len;

	for (; *at != '\0'; at += len) {
		at += strspn(at, " \t,");
		len = strcspn(at, " \t,");
		if (len == 0)
			continue;
		pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, NULL,
		    is_trusted(doctor->call->config, at, len)
			? "webmail in %.*s is in login_trusted_networks, too: "
			  "if it sends the address of the browser, the login "
			  "counts as one of a mail program"
			: "%.*s is in login_trusted_networks, but not in "
			  "trusted_networks: right for a proxy, but webmail "
			  "there is refused",
		    (int)(len < 64 ? len : 64), at);
	}
}

/* The key of doveadm's HTTP API opens every mailbox, unless it is bounded. */
static void
check_api(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	static const char *const commands[] = {"enable", "disable", "status",
	    "password create", "password list", "password revoke",
	    "password changed"};
	static const char name[] = "doveadm_allowed_commands";
	char lines[1024];
	struct pt_text text;
	size_t block = 0;
	size_t i;

	if (pc_dovecot_get(dovecot, "doveadm_api_key", "")[0] == '\0' ||
	    pc_dovecot_get(dovecot, name, "")[0] != '\0' ||
	    pc_blocks_next(&dovecot->conf, PC_BLOCKS_TOP, name, &block))
		return;
	pt_text_init(&text, lines, sizeof(lines));
	pt_text_addf(&text, "%s %s", name, dovecot->is_24 ? "{\n" : "= ");
	for (i = 0; i < PT_ARRAY_LEN(commands); i++) {
		if (dovecot->is_24)
			pt_text_addf(
			    &text, "  \"postern %s\" = yes\n", commands[i]);
		else
			pt_text_addf(&text, "%spostern %s", i > 0 ? "," : "",
			    commands[i]);
	}
	if (dovecot->is_24)
		pt_text_add(&text, "}");
	pc_dovecot_say(doctor, PC_LEVEL_NOTE, WHERE, lines,
	    "who has doveadm_api_key may do all that doveadm can, such as "
	    "reading mail; if only a web front end needs it, allow it no more "
	    "than Postern's commands");
}

void
pc_doctor_logins(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	check_files(doctor, dovecot);
	check_encryption(doctor, dovecot);
	check_trusted(doctor, dovecot);
	check_api(doctor, dovecot);
}
