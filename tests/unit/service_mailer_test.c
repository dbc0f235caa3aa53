/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The command that sends mail; here it is mostly a shell. */

#include "core/service/mailer.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define MAIL "To: ann\n\n.\nhello\n"

struct site {
	char dir[256];
	char script[300];
	char command[400];
};

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));

	assert_non_null(site);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(site->script, sizeof(site->script), "%s/run", site->dir);
	(void)snprintf(site->command, sizeof(site->command), "%s -i  -f <> --",
	    site->script);
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	test_remove_dir(site->dir);
	free(site);
	return 0;
}

static void
write_script(const struct site *site, const char *lines)
{
	FILE *file = fopen(site->script, "w");

	assert_non_null(file);
	assert_true(
	    fprintf(file, "#!/bin/sh\ncd %s\n%s", site->dir, lines) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(site->script, 0700), 0);
}

static const char *
written(const struct site *site, const char *name)
{
	static char text[4096];
	char path[400];
	FILE *file;
	size_t n;

	(void)snprintf(path, sizeof(path), "%s/%s", site->dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
start(struct pt_mailer *mailer, const struct site *site)
{
	static const char *const to[] = {"ann@example.com", "copy@example.com"};
	struct pt_err err;

	if (pt_mailer_start(
		mailer, site->command, to, 2, MAIL, strlen(MAIL), 0, &err) != 0)
		fail_msg("%s", err.text);
}

/* Looks until it has ended, or says something while "until_output". */
static enum pt_mailer_state
await(struct pt_mailer *mailer, int64_t now_ms, bool until_output,
    struct pt_err *err)
{
	enum pt_mailer_state state = PT_MAILER_RUNS;

	for (int i = 0; i < 2000; i++) {
		state = pt_mailer_look(mailer, now_ms, err);
		if (state != PT_MAILER_RUNS ||
		    (until_output && mailer->output_len > 0))
			break;
		assert_true(poll(NULL, 0, 5) == 0);
	}
	return state;
}

static void
test_the_command_gets_mail_and_recipients(void **state)
{
	const struct site *site = *state;
	struct pt_mailer mailer;
	struct pt_err err;

	write_script(
	    site, "cat >mail\nfor a; do echo \"$a\"; done >args\nenv >env\n");
	start(&mailer, site);
	assert_int_equal(await(&mailer, 0, false, &err), PT_MAILER_DONE);
	assert_string_equal(written(site, "mail"), MAIL);
	assert_string_equal(written(site, "args"),
	    "-i\n-f\n<>\n--\nann@example.com\ncopy@example.com\n");
	assert_null(strstr(written(site, "env"), "HOME="));
	assert_non_null(strstr(written(site, "env"), "PATH=/usr/sbin:"));
	assert_int_equal(pt_mailer_look(&mailer, 0, &err), PT_MAILER_DONE);
}

static void
test_a_failure_is_told_in_its_own_words(void **state)
{
	static const struct {
		const char *script;
		const char *why;
	} cases[] = {
	    {"echo first >&2\necho 'no \"space\"' >&2\nexit 75\n",
		"no \\x22space\\x22 (75)"},
	    {"exit 1\n", "ended with 1 and did not say why"},
	    {"kill -9 $$\n", "ended by signal 9"},
	    {"yes | head -c 300000\necho the end\nexit 3\n", "the end (3)"},
	};
	const struct site *site = *state;
	struct pt_mailer mailer;
	struct pt_err err;

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		write_script(site, cases[i].script);
		start(&mailer, site);
		assert_int_equal(
		    await(&mailer, 0, false, &err), PT_MAILER_FAILED);
		if (strstr(err.text, cases[i].why) == NULL)
			fail_msg(
			    "\"%s\" is not in: %s", cases[i].why, err.text);
	}
}

/* It may wait for its new parent to take notice. */
static bool
is_gone(const char *pid)
{
	char path[64];
	char line[512];
	FILE *file;
	bool gone;

	(void)snprintf(path, sizeof(path), "/proc/%.*s/stat",
	    (int)strspn(pid, "0123456789"), pid);
	for (int i = 0; i < 400; i++) {
		file = fopen(path, "r");
		if (file == NULL)
			return true;
		gone = fgets(line, sizeof(line), file) == NULL ||
		       strstr(line, ") Z ") != NULL;
		assert_int_equal(fclose(file), 0);
		if (gone)
			return true;
		assert_true(poll(NULL, 0, 5) == 0);
	}
	return false;
}

static void
test_what_takes_too_long_is_ended_with_its_children(void **state)
{
	const struct site *site = *state;
	struct pt_mailer mailer;
	struct pt_err err;

	write_script(site, "trap '' TERM\nsleep 100 &\necho $! >child\n"
			   "echo ready >&2\nwait\n");
	start(&mailer, site);
	assert_int_equal(await(&mailer, 0, true, &err), PT_MAILER_RUNS);
	assert_int_equal(
	    pt_mailer_look(&mailer, PT_MAILER_MS, &err), PT_MAILER_RUNS);
	assert_int_equal(mailer.signal, 0);
	assert_int_equal(
	    pt_mailer_look(&mailer, PT_MAILER_MS + 1, &err), PT_MAILER_RUNS);
	assert_int_equal(mailer.signal, SIGTERM);
	assert_int_equal(
	    await(&mailer, PT_MAILER_MS + PT_MAILER_GRACE_MS + 1, false, &err),
	    PT_MAILER_FAILED);
	assert_int_equal(mailer.signal, SIGKILL);
	assert_non_null(strstr(err.text, "longer than a minute"));
	assert_true(is_gone(written(site, "child")));
}

static void
test_killing_leaves_no_process(void **state)
{
	const struct site *site = *state;
	struct pt_mailer mailer;
	struct pt_err err;
	pid_t pid;

	write_script(site, "echo ready >&2\nexec sleep 100\n");
	start(&mailer, site);
	pid = mailer.pid;
	assert_int_equal(await(&mailer, 0, true, &err), PT_MAILER_RUNS);
	pt_mailer_kill(&mailer);
	assert_int_equal(mailer.state, PT_MAILER_FAILED);
	assert_int_equal(kill(pid, 0), -1);
	pt_mailer_kill(&mailer);
}

static void
test_a_command_that_is_not_there_is_told(void **state)
{
	static const char *const to[] = {"ann@example.com"};
	static const char *const odd[] = {"-oQ/tmp@example.com"};
	const struct site *site = *state;
	struct pt_mailer mailer;
	struct pt_err err;

	start(&mailer, site);
	assert_int_equal(await(&mailer, 0, false, &err), PT_MAILER_FAILED);
	assert_non_null(strstr(err.text, "there is no such file (127)"));
	assert_int_equal(pt_mailer_check(site->command, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	write_script(site, "exit 0\n");
	assert_int_equal(pt_mailer_check(site->command, &err), 0);
	assert_int_equal(
	    pt_mailer_start(&mailer, "  ", to, 1, MAIL, 5, 0, &err), -1);
	assert_int_equal(mailer.state, PT_MAILER_NONE);
	/* An address is no option. */
	assert_int_equal(
	    pt_mailer_start(&mailer, "/bin/true -i", odd, 1, MAIL, 5, 0, &err),
	    -1);
	assert_non_null(strstr(err.text, "end with --"));
	assert_int_equal(pt_mailer_start(&mailer, "/bin/true -i --", odd, 1,
			     MAIL, 5, 0, &err),
	    0);
	assert_int_equal(await(&mailer, 0, false, &err), PT_MAILER_DONE);
}

static void
test_a_mail_that_no_pipe_holds_is_refused(void **state)
{
	static char mail[2 << 20];
	static const char *const to[] = {"ann@example.com"};
	struct pt_mailer mailer;
	struct pt_err err;

	(void)state;
	assert_int_equal(pt_mailer_start(&mailer, "/bin/true", to, 1, mail,
			     sizeof(mail), 0, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
	assert_int_equal(pt_mailer_start(&mailer, "/bin/cat", to, 1, mail,
			     32 << 10, 0, &err),
	    0);
	pt_mailer_kill(&mailer);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_the_command_gets_mail_and_recipients),
	    TEST(test_a_failure_is_told_in_its_own_words),
	    TEST(test_what_takes_too_long_is_ended_with_its_children),
	    TEST(test_killing_leaves_no_process),
	    TEST(test_a_command_that_is_not_there_is_told),
	    cmocka_unit_test(test_a_mail_that_no_pipe_holds_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
