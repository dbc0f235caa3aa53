/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * posternctl against a state of its own, for the tests of whole commands.
 * All here, not in support/, because only tests of ctl link the program.
 */
#ifndef PT_TESTS_CTL_FIXTURE_H
#define PT_TESTS_CTL_FIXTURE_H

#include <stdlib.h>
#include <unistd.h>

#include "core/state/store.h"
#include "ctl/command.h"
#include "ctl/run.h"
#include "tests/unit/support/testing.h"

#define FIXTURE_WORDS_MAX 16

struct fixture {
	char dir[256];
	char conf[300];
	char *out; /* of the last run; owned */
	char *errors;
	int code;
};

/* Replaces @DIR@ in the lines by the fixture's directory. */
static inline void
fixture_configure(struct fixture *f, const char *lines)
{
	FILE *file = fopen(f->conf, "w");
	const char *at;

	assert_non_null(file);
	while ((at = strstr(lines, "@DIR@")) != NULL) {
		assert_true(fprintf(file, "%.*s%s", (int)(at - lines), lines,
				f->dir) > 0);
		lines = at + 5;
	}
	assert_true(fputs(lines, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline void
fixture_forget(struct fixture *f)
{
	free(f->out);
	free(f->errors);
	f->out = NULL;
	f->errors = NULL;
}

/* Words are split at blanks; "~" stands for a blank within a word. */
static inline int
fixture_try(struct fixture *f, const char *line)
{
	char *argv[FIXTURE_WORDS_MAX] = {NULL};
	char words[1024];
	size_t out_len;
	size_t errors_len;
	FILE *out;
	FILE *errors;
	int argc = 0;
	char *at;

	fixture_forget(f);
	assert_in_range(snprintf(words, sizeof(words), "posternctl -c %s %s",
			    f->conf, line),
	    1, sizeof(words) - 1);
	for (at = words; *at != '\0'; at++) {
		if (at == words || at[-1] == '\0') {
			assert_true(argc < FIXTURE_WORDS_MAX);
			argv[argc++] = at;
		}
		if (*at == ' ')
			*at = '\0';
		else if (*at == '~')
			*at = ' ';
	}
	out = open_memstream(&f->out, &out_len);
	errors = open_memstream(&f->errors, &errors_len);
	assert_non_null(out);
	assert_non_null(errors);
	f->code = pc_run(argc, argv, out, errors);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(fclose(errors), 0);
	return f->code;
}

/* The same, and it must end with that code. */
static inline void
fixture_run(struct fixture *f, int code, const char *line)
{
	if (fixture_try(f, line) != code)
		fail_msg("%s: ended with %d: %s%s", line, f->code, f->errors,
		    f->out);
}

/* The last run must have said this. */
static inline void
fixture_said(const struct fixture *f, const char *text)
{
	if (strstr(f->out, text) == NULL && strstr(f->errors, text) == NULL)
		fail_msg("\"%s\" is not in: %s%s", text, f->out, f->errors);
}

static inline void
fixture_init(struct fixture *f)
{
	/* A state of root's own is made only when asked for. */
	fixture_run(f, 0, geteuid() == 0 ? "init --owner root" : "init");
}

/* The state of FIXTURE_CONFIG; the caller closes it. */
static inline struct pt_store *
fixture_open_store(const struct fixture *f)
{
	struct pt_store *store;
	struct pt_err err;
	char dir[300];

	(void)snprintf(dir, sizeof(dir), "%s/state", f->dir);
	if (pt_store_open(dir, PT_STORE_WRITE, &store, &err) != 0)
		fail_msg("%s", err.text);
	return store;
}

#define FIXTURE_CONFIG                                     \
	"mode = enforce\n"                                 \
	"state_dir = \"@DIR@/state\"\n"                    \
	"default_domain = \"example.com\"\n"               \
	"policy_listen = { \"unix:@DIR@/policy.sock\" }\n" \
	"plan free { messages = { \"5/1m\", \"15/1h\" } "  \
	"protocols = { \"smtp\" } }\n"                     \
	"plan premium { bytes = { \"1G/1d\" } }\n"         \
	"sender { alias_domains = { \"example.com = example.net\" } }\n"

static inline int
fixture_set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	test_make_dir(f->dir, sizeof(f->dir));
	(void)snprintf(f->conf, sizeof(f->conf), "%s/postern.conf", f->dir);
	fixture_configure(f, FIXTURE_CONFIG);
	fixture_init(f);
	*state = f;
	return 0;
}

static inline int
fixture_tear_down(void **state)
{
	struct fixture *f = *state;

	fixture_forget(f);
	test_remove_dir(f->dir);
	free(f);
	return 0;
}

#endif
