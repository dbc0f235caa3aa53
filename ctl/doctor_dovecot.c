/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: how settings of Dovecot are looked up, and what is examined. */

#include "ctl/doctor_dovecot.h"

#include <string.h>

bool
pc_dovecot_db_next(const struct pc_dovecot *dovecot, const char *kind,
    size_t *i, struct pc_dovecot_db *out)
{
	const struct pc_blocks *conf = &dovecot->conf;
	const char *driver;

	if (!pc_blocks_next(conf, PC_BLOCKS_TOP, kind, i))
		return false;
	driver = pc_blocks_get(conf, *i, "driver");
	/* In 2.4 a block without a driver is named after it. */
	if (driver == NULL)
		driver = conf->at[*i].value;
	out->block = *i;
	out->driver = driver;
	out->name = conf->at[*i].value[0] == '\0' ? driver : conf->at[*i].value;
	(*i)++;
	return true;
}

const char *
pc_dovecot_db_get(const struct pc_dovecot *dovecot,
    const struct pc_dovecot_db *db, const char *name, const char *otherwise)
{
	const char *value = pc_blocks_get(&dovecot->conf, db->block, name);

	return value == NULL ? otherwise : value;
}

const char *
pc_dovecot_get(
    const struct pc_dovecot *dovecot, const char *name, const char *otherwise)
{
	const char *value = pc_blocks_get(&dovecot->conf, PC_BLOCKS_TOP, name);

	return value == NULL ? otherwise : value;
}

const char *
pc_dovecot_protocol_get(const struct pc_dovecot *dovecot, const char *protocol,
    const char *name, const char *otherwise)
{
	const struct pc_blocks *conf = &dovecot->conf;
	const char *value = pc_dovecot_get(dovecot, name, otherwise);
	const char *inner;
	size_t i = 0;

	for (; pc_blocks_next(conf, PC_BLOCKS_TOP, "protocol", &i); i++) {
		if (!pc_dovecot_holds_for(conf->at[i].value, protocol))
			continue;
		inner = pc_blocks_get(conf, i, name);
		if (inner != NULL)
			value = inner;
	}
	return value;
}

const char *
pc_dovecot_plugin_get(const struct pc_dovecot *dovecot, const char *name)
{
	const struct pc_blocks *conf = &dovecot->conf;
	const char *value = NULL;
	const char *inner;
	size_t i = 0;

	if (dovecot->is_24)
		return pc_dovecot_get(dovecot, name, NULL);
	for (; pc_blocks_next(conf, PC_BLOCKS_TOP, "plugin", &i); i++) {
		inner = pc_blocks_get(conf, i, name);
		if (inner != NULL)
			value = inner;
	}
	return value;
}

void
pc_dovecot_say(struct pc_doctor *doctor, enum pc_level level, const char *where,
    const char *lines, const char *what)
{
	const struct pc_fix fix = {PC_DOVECOT_PLACE, lines};

	pc_doctor_say(
	    doctor, level, where, lines == NULL ? NULL : &fix, "%s", what);
}

/* Is anything of Postern in this Dovecot? */
static bool
is_attached(const struct pc_dovecot *dovecot)
{
	static const char *const protocols[] = {"imap", "pop3"};
	char list[PC_DOVECOT_LIST_MAX];
	struct pc_dovecot_db db;
	struct pt_text text;
	size_t i = 0;

	while (pc_dovecot_db_next(dovecot, "passdb", &i, &db)) {
		if (strcmp(db.driver, "postern") == 0)
			return true;
	}
	for (i = 0; i < PT_ARRAY_LEN(protocols); i++) {
		pt_text_init(&text, list, sizeof(list));
		pc_dovecot_list(
		    dovecot, protocols[i], "mail_plugins", "", &text);
		if (pc_dovecot_list_has(list, "postern"))
			return true;
	}
	return pc_dovecot_plugin_get(dovecot, "postern_config") != NULL;
}

void
pc_doctor_dovecot_examine(
    struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	if (!is_attached(dovecot)) {
		pc_doctor_say(doctor, PC_LEVEL_NOTE, "dovecot", NULL,
		    "Dovecot %s does not use Postern, so nothing more of it "
		    "was looked at: mail programs log in as they always did "
		    "(see postern-dovecot(7))",
		    dovecot->version);
		return;
	}
	pc_doctor_passdb(doctor, dovecot);
	pc_doctor_logins(doctor, dovecot);
	pc_doctor_plugins(doctor, dovecot);
	if (!pc_dovecot_serves(dovecot, "imap") &&
	    !pc_dovecot_serves(dovecot, "pop3")) {
		pc_doctor_say(doctor, PC_LEVEL_OK, "dovecot", NULL,
		    "serves neither imap nor pop3, so there are no sessions "
		    "to look at");
		return;
	}
	pc_doctor_userdb(doctor, dovecot);
	pc_doctor_mailbox(doctor, dovecot);
	pc_doctor_sessions(doctor, dovecot);
}
