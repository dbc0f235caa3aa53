/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: does the token of a login get to its session?  It is a userdb field
 * of the passdb, which only "userdb prefetch" passes on; the site's own userdb
 * must follow, because Postern knows no homes.
 */

#include <string.h>
#include <strings.h>

#include "ctl/doctor_dovecot.h"

#define WHERE "userdb"

static const char prefetch_23[] = "userdb {\n"
				  "  driver = prefetch\n"
				  "  result_success = continue\n"
				  "}";

static const char prefetch_24[] = "userdb prefetch {\n"
				  "  driver = prefetch\n"
				  "  result_success = continue\n"
				  "}";

static void
say_prefetch(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const char *place, const char *what)
{
	const struct pc_fix fix = {
	    place, dovecot->is_24 ? prefetch_24 : prefetch_23};

	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &fix, "%s", what);
}

/* false if the chain ends before prefetch, or without it. */
static bool
check_prefetch(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    struct pc_dovecot_db *out)
{
	static const char place[] =
	    PC_DOVECOT_PLACE ", before all other userdb blocks";
	bool is_there = false;
	bool is_first = true;
	size_t i = 0;

	while (!is_there && pc_dovecot_db_next(dovecot, "userdb", &i, out)) {
		is_there = strcmp(out->driver, "prefetch") == 0;
		if (!is_there)
			is_first = false;
	}
	if (!is_there)
		say_prefetch(doctor, dovecot, place,
		    "there is no userdb prefetch: sessions do not get to know "
		    "which app password they belong to, so there is no hold, "
		    "no limit and no end of sessions");
	else if (!is_first)
		say_prefetch(doctor, dovecot, place,
		    "another userdb comes before prefetch, so sessions may not "
		    "get to know which app password they belong to");
	return is_there && is_first;
}

static void
check_result(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const struct pc_dovecot_db *prefetch)
{
	const char *success =
	    pc_dovecot_db_get(dovecot, prefetch, "result_success", "return-ok");
	struct pc_dovecot_db db;
	size_t i = prefetch->block + 1;

	if (strcasecmp(success, "continue-ok") == 0) {
		say_prefetch(doctor, dovecot, PC_DOVECOT_PLACE,
		    "whom the site's own userdb does not know, or cannot look "
		    "up, gets a session without what it says: result_success "
		    "of userdb prefetch must be continue");
		return;
	}
	if (strcasecmp(success, "continue") != 0) {
		say_prefetch(doctor, dovecot, PC_DOVECOT_PLACE,
		    "userdb prefetch is the last word for app passwords, and "
		    "it knows neither uid nor home: result_success must be "
		    "continue");
		return;
	}
	if (!pc_dovecot_db_next(dovecot, "userdb", &i, &db)) {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
		    "no userdb follows prefetch: sessions with an app password "
		    "have neither uid nor home");
		return;
	}
	pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
	    "prefetch passes on the session's token, userdb %s the rest",
	    db.name);
}

void
pc_doctor_userdb(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	struct pc_dovecot_db db;

	if (check_prefetch(doctor, dovecot, &db))
		check_result(doctor, dovecot, &db);
}
