/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: whom does Dovecot ask about a password, and in which order?  Postern
 * comes first and its "no" is final: else the main password, which the next
 * passdb knows, opens the mailbox from anywhere.
 */

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ctl/doctor_dovecot.h"

#define WHERE     "passdb"
#define LINES_MAX 512

static bool
is(const char *value, const char *word)
{
	return strcasecmp(value, word) == 0;
}

/* The whole block as it should be written. */
static void
write_block(const struct pc_dovecot *dovecot, const struct pc_dovecot_db *db,
    char *buf, size_t cap)
{
	const char *args =
	    db == NULL ? NULL : pc_dovecot_db_get(dovecot, db, "args", NULL);
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_text_add(
	    &text, dovecot->is_24 ? "passdb postern {\n" : "passdb {\n");
	pt_text_add(&text, "  driver = postern\n");
	if (args != NULL)
		pt_text_addf(&text, "  args = %s\n", args);
	pt_text_add(&text, "  result_failure = return-fail\n"
			   "  result_internalfail = return-fail\n"
			   "}");
}

static void
say_with_block(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const struct pc_dovecot_db *db, const char *place, const char *what)
{
	char lines[LINES_MAX];
	const struct pc_fix fix = {place, lines};

	write_block(dovecot, db, lines, sizeof(lines));
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &fix, "%s", what);
}

/* One that only sets fields, and leaves the password to the next. */
static bool
is_without_password(
    const struct pc_dovecot *dovecot, const struct pc_dovecot_db *db)
{
	const struct pc_blocks *conf = &dovecot->conf;
	const char *args = pc_dovecot_db_get(dovecot, db, "args", "");
	size_t i = 0;

	if (strstr(args, "noauthenticate") != NULL)
		return true;
	return pc_blocks_next(conf, db->block, "fields", &i) &&
	       pc_blocks_get(conf, i, "noauthenticate") != NULL;
}

static bool
may_come_before(
    const struct pc_dovecot *dovecot, const struct pc_dovecot_db *db)
{
	return is(pc_dovecot_db_get(dovecot, db, "master", "no"), "yes") ||
	       is(pc_dovecot_db_get(dovecot, db, "deny", "no"), "yes") ||
	       is_without_password(dovecot, db);
}

/* false if Postern stands nowhere. */
static bool
check_order(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    struct pc_dovecot_db *out)
{
	const char *before = NULL;
	bool is_there = false;
	char what[512];
	size_t i = 0;

	while (!is_there && pc_dovecot_db_next(dovecot, "passdb", &i, out)) {
		is_there = strcmp(out->driver, "postern") == 0;
		if (!is_there && before == NULL &&
		    !may_come_before(dovecot, out))
			before = out->name;
	}
	if (!is_there) {
		say_with_block(doctor, dovecot, NULL,
		    PC_DOVECOT_PLACE ", before all other passdb blocks",
		    "there is no passdb postern: mail programs get in with the "
		    "main password, and no app password works");
		return false;
	}
	if (before == NULL) {
		pc_doctor_say(
		    doctor, PC_LEVEL_OK, WHERE, NULL, "Postern is asked first");
		return true;
	}
	snprintf(what, sizeof(what),
	    "passdb %.100s is asked before Postern: mail programs get in with "
	    "what "
	    "it knows, from anywhere",
	    before);
	say_with_block(doctor, dovecot, out,
	    PC_DOVECOT_PLACE ", before all passdb blocks but master ones",
	    what);
	return true;
}

/* What Postern answers must be final, whether it is yes, no or unavailable. */
static void
check_results(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const struct pc_dovecot_db *db)
{
	const char *success =
	    pc_dovecot_db_get(dovecot, db, "result_success", "return-ok");
	const char *failure =
	    pc_dovecot_db_get(dovecot, db, "result_failure", "continue");
	const char *broken =
	    pc_dovecot_db_get(dovecot, db, "result_internalfail", "continue");
	const char *what = NULL;

	if (!is(failure, "return-fail") && !is(failure, "return"))
		what = "after Postern's no the next passdb is asked, so the "
		       "main password gets in from anywhere: result_failure "
		       "must be return-fail";
	else if (!is(broken, "return-fail") && !is(broken, "return"))
		what = "while Postern's state cannot be read, the main "
		       "password gets in from anywhere: result_internalfail "
		       "must be return-fail";
	else if (!is(success, "return-ok") && !is(success, "return"))
		what = "Postern's yes is not final: leave result_success out";
	else if (is(pc_dovecot_db_get(dovecot, db, "skip", "never"),
		     "unauthenticated"))
		what = "Postern is asked only after another passdb said yes: "
		       "leave skip out";
	else if (is(pc_dovecot_db_get(dovecot, db, "master", "no"), "yes") ||
		 is(pc_dovecot_db_get(dovecot, db, "deny", "no"), "yes"))
		what = "Postern is neither a master nor a deny passdb: leave "
		       "master and deny out";
	if (what == NULL)
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "Postern's answer is final");
	else
		say_with_block(doctor, dovecot, db, PC_DOVECOT_PLACE, what);
}

/* Who is asked about logins from trusted networks? */
static void
check_rest(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const struct pc_dovecot_db *ours)
{
	struct pc_dovecot_db db;
	size_t i = ours->block + 1;

	if (pc_dovecot_db_next(dovecot, "passdb", &i, &db)) {
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "logins from trusted_networks are left to passdb %s",
		    db.name);
		return;
	}
	pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, NULL,
	    "no passdb follows Postern: logins from trusted_networks, such as "
	    "those of webmail, fail");
}

/* Words of "mechanisms" that no app password can serve, or none. */
static bool
is_hashed(const char *word, size_t len)
{
	static const char *const names[] = {
	    "cram-", "scram-", "digest-", "apop", "ntlm", "otp", "rpa", "skey"};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		if (len >= strlen(names[i]) &&
		    strncasecmp(word, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

static bool
is_plain(const char *word, size_t len)
{
	return (len == 5 && strncasecmp(word, "plain", len) == 0) ||
	       (len == 5 && strncasecmp(word, "login", len) == 0);
}

static void
check_mechanisms(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	static const char lines[] = "auth_mechanisms = plain login";
	char list[PC_DOVECOT_LIST_MAX];
	char what[256];
	struct pt_text text;
	unsigned others = 0;
	const char *at;
	size_t len;

	pt_text_init(&text, list, sizeof(list));
	pc_dovecot_list(dovecot, "", "auth_mechanisms", "plain", &text);
	for (at = list; *at != '\0'; at += len) {
		at += strspn(at, " ");
		len = strcspn(at, " ");
		if (len == 0 || is_plain(at, len))
			continue;
		others++;
		snprintf(what, sizeof(what),
		    is_hashed(at, len)
			? "mail programs that choose %.*s cannot log in: "
			  "Postern keeps no password to compare with"
			: "%.*s is no login with a password, and passes by "
			  "Postern",
		    (int)(len < 32 ? len : 32), at);
		pc_dovecot_say(doctor,
		    is_hashed(at, len) ? PC_LEVEL_PROBLEM : PC_LEVEL_NOTE,
		    WHERE, lines, what);
	}
	if (others == 0)
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "auth_mechanisms = %s serves app passwords", list);
}

/* Postern gives no key to the cache, so none of its answers are kept. */
static void
check_cache(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	const char *size = pc_dovecot_get(dovecot, "auth_cache_size", "0");

	if (size[0] == '0')
		return;
	pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
	    "auth_cache_size = %s keeps answers of other passdbs, never "
	    "Postern's",
	    size);
}

void
pc_doctor_passdb(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	struct pc_dovecot_db db;

	if (check_order(doctor, dovecot, &db)) {
		check_results(doctor, dovecot, &db);
		check_rest(doctor, dovecot, &db);
	}
	check_mechanisms(doctor, dovecot);
	check_cache(doctor, dovecot);
}
