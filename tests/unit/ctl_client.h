/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* client-config against servers and texts; on top of ctl_issue.h. */
#ifndef PT_TESTS_CTL_CLIENT_H
#define PT_TESTS_CTL_CLIENT_H

#include "tests/unit/ctl_issue.h"

#define CLIENT_SERVERS                                         \
	"client { name = \"Example & <Mail>\" "                \
	"imap = \"imap.example.com\" pop3 = \"pop.example.com" \
	":110\" smtp = \"smtp.example.com:465\" "              \
	"url = \"https://mail.example.com/profile\" }\n"

/* ISSUE_CONFIG with texts, and the blocks and keys of "more". */
static inline void
client_configure(struct fixture *f, const char *more)
{
	char text[4096];
	char dir[512];

	assert_non_null(getcwd(dir, sizeof(dir)));
	assert_in_range(
	    snprintf(text, sizeof(text),
		ISSUE_CONFIG
		"notice { templates = { \"%s/packaging/templates\" } "
		"languages = { en, lv, lt, et, ru } }\n%s",
		dir, more),
	    1, sizeof(text) - 1);
	fixture_configure(f, text);
}

static inline int
client_set_up(void **state)
{
	if (fixture_set_up(state) != 0)
		return -1;
	client_configure(*state, CLIENT_SERVERS);
	return 0;
}

/* The last run must not have said this. */
static inline void
client_did_not_say(const struct fixture *f, const char *text)
{
	if (strstr(f->out, text) != NULL)
		fail_msg("\"%s\" is in: %s", text, f->out);
}

#endif
