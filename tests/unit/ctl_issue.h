/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Commands that print an app password, with plans to choose from; on top of
 * ctl_fixture.h.
 */
#ifndef PT_TESTS_CTL_ISSUE_H
#define PT_TESTS_CTL_ISSUE_H

#include "core/rules/password.h"
#include "tests/unit/ctl_fixture.h"

/* A plan that does not have everything, one that has, and one with nothing. */
#define ISSUE_CONFIG                                               \
	"mode = enforce\n"                                         \
	"state_dir = \"@DIR@/state\"\n"                            \
	"default_domain = \"example.com\"\n"                       \
	"plan free { protocols = { \"imap\", \"smtp\" } "          \
	"download = { \"2500M/1d\" } logins = { \"60/1h\" } "      \
	"activation_delay = \"unlimited\" }\n"                     \
	"plan all { protocols = { \"imap\", \"pop3\", \"smtp\" } " \
	"activation_delay = \"unlimited\" }\n"                     \
	"plan none { protocols = { } }\n"

static inline int
issue_set_up(void **state)
{
	if (fixture_set_up(state) != 0)
		return -1;
	fixture_configure(*state, ISSUE_CONFIG);
	return 0;
}

/* "abcd-efgh-..." at that place? */
static inline bool
issue_is_secret(const char *at)
{
	size_t i;

	for (i = 0; i < PT_SECRET_TEXT_MAX - 1; i++) {
		if (i % 5 == 4 ? at[i] != '-' : at[i] < 'a' || at[i] > 'z')
			return false;
	}
	return true;
}

/* How often the text has one; the last of them into secret_out. */
static inline unsigned
issue_find(const char *text, char secret_out[PT_SECRET_TEXT_MAX])
{
	unsigned count = 0;

	for (; *text != '\0'; text++) {
		if (!issue_is_secret(text))
			continue;
		count++;
		memcpy(secret_out, text, PT_SECRET_TEXT_MAX - 1);
		secret_out[PT_SECRET_TEXT_MAX - 1] = '\0';
	}
	return count;
}

/* Runs the line, which prints one app password. */
static inline void
issue_run(
    struct fixture *f, const char *line, char secret_out[PT_SECRET_TEXT_MAX])
{
	fixture_run(f, 0, line);
	assert_int_equal(issue_find(f->out, secret_out), 1);
	assert_string_equal(f->errors, "");
}

#endif
