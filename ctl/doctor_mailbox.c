/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: does a login lead to a mailbox, and can Postern hold its INBOX?  The
 * usual settings of a distribution, mbox and system users, allow neither
 * without a word of the postmaster.
 */

#include <stdio.h>
#include <string.h>

#include "ctl/doctor_dovecot.h"

#define FORMAT_MAX 64

/* "maildir" of "maildir:~/Maildir"; "" where Dovecot finds out by itself. */
static const char *
inbox_format(const struct pc_dovecot *dovecot, char *buf, size_t cap)
{
	const struct pc_blocks *conf = &dovecot->conf;
	const char *name = dovecot->is_24 ? "mail_driver" : "mail_location";
	const char *inner = dovecot->is_24 ? "mail_driver" : "location";
	const char *value = pc_dovecot_get(dovecot, name, "");
	const char *inbox;
	const char *own;
	size_t i = 0;

	for (; pc_blocks_next(conf, PC_BLOCKS_TOP, "namespace", &i); i++) {
		inbox = pc_blocks_get(conf, i, "inbox");
		own = pc_blocks_get(conf, i, inner);
		if (inbox != NULL && strcmp(inbox, "yes") == 0 && own != NULL &&
		    own[0] != '\0')
			value = own;
	}
	snprintf(buf, cap, "%.*s", (int)strcspn(value, ":"), value);
	return buf;
}

/* Formats that the imap plugin can hold; of what is no name, it says yes. */
static bool
can_be_held(const char *format)
{
	static const char *const held[] = {"", "maildir", "sdbox", "mdbox"};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(held); i++) {
		if (strcmp(format, held[i]) == 0)
			return true;
	}
	return strspn(format, "abcdefghijklmnopqrstuvwxyz") != strlen(format);
}

static void
check_format(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	const struct pt_config *config = doctor->call->config;
	const struct pt_plan *plan;
	char format[FORMAT_MAX];
	char place[PT_PLAN_NAME_MAX + 32];
	const struct pc_fix fix = {place, "imap_check = refuse"};
	size_t i;

	if (can_be_held(inbox_format(dovecot, format, sizeof(format))))
		return;
	for (i = 0; i < config->plan_count; i++) {
		plan = &config->plans[i];
		if (!plan->mail_check.on ||
		    plan->imap_check != PT_IMAP_CHECK_HOLD)
			continue;
		snprintf(
		    place, sizeof(place), "postern.conf, plan %s", plan->name);
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "imap", &fix,
		    "INBOX is kept as %s, in which Postern cannot hold newer "
		    "mail back: change to maildir, sdbox or mdbox, or let plan "
		    "%s refuse early logins instead",
		    format, plan->name);
	}
}

/* Does the format of user names leave the domain out? */
static bool
is_local_part(const struct pc_dovecot *dovecot, const char *format)
{
	const char *at = format;

	if (strstr(format, "username") != NULL)
		return true;
	while (!dovecot->is_24 && (at = strchr(at, '%')) != NULL) {
		at++;
		at += strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
		if (*at == 'n')
			return true;
	}
	return false;
}

/* System users have no domain, and accounts of Postern always have one. */
static void
check_system_users(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const struct pc_dovecot_db *db)
{
	static const char name[] = "auth_username_format";
	static const struct pc_fix domain = {
	    "postern.conf", "default_domain = \"example.com\""};
	const char *format = pc_dovecot_db_get(
	    dovecot, db, name, pc_dovecot_get(dovecot, name, ""));

	if (doctor->call->config->default_domain[0] == '\0')
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "userdb", &domain,
		    "%s has users without a domain, and while default_domain "
		    "is empty none of them can have an app password",
		    db->name);
	if (!is_local_part(dovecot, format))
		pc_dovecot_say(doctor, PC_LEVEL_NOTE, "userdb",
		    dovecot->is_24
			? "auth_username_format = %{user | username | lower}"
			: "auth_username_format = %Ln",
		    "system users have no domain: who logs in with a full "
		    "address, as posternctl shows it, finds no mailbox");
}

void
pc_doctor_mailbox(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	struct pc_dovecot_db db;
	size_t i = 0;

	if (pc_dovecot_serves(dovecot, "imap"))
		check_format(doctor, dovecot);
	while (pc_dovecot_db_next(dovecot, "userdb", &i, &db)) {
		if (strcmp(db.driver, "passwd") == 0)
			check_system_users(doctor, dovecot, &db);
	}
}
