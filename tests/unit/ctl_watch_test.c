/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* watch: the history as it is written, in a process of its own. */

#include <signal.h>
#include <sys/wait.h>

#include "core/base/attr.h"
#include "tests/unit/ctl_fixture.h"

#define LINES_MAX 16

struct watcher {
	pid_t pid;
	FILE *said;
};

/* The child inherits nothing that it would have to leave alone. */
static void
watch(struct fixture *f, struct watcher *watcher, char *const *words, int n)
{
	char program[] = "posternctl";
	char config[] = "-c";
	char *argv[LINES_MAX] = {program, config, f->conf};
	FILE *out;
	int fds[2];
	int i;

	for (i = 0; i < n; i++)
		argv[3 + i] = words[i];
	assert_int_equal(pipe(fds), 0);
	watcher->pid = fork();
	assert_int_not_equal(watcher->pid, -1);
	if (watcher->pid == 0) {
		(void)close(fds[0]);
		out = fdopen(fds[1], "w");
		_exit(out == NULL ? 70 : pc_run(3 + n, argv, out, stderr));
	}
	(void)close(fds[1]);
	watcher->said = fdopen(fds[0], "r");
	assert_non_null(watcher->said);
}

/* The next line has that text; waits for it. */
static void
expect(struct watcher *watcher, const char *text)
{
	char line[1024];

	if (fgets(line, (int)sizeof(line), watcher->said) == NULL)
		fail_msg("\"%s\" did not come", text);
	if (strstr(line, text) == NULL)
		fail_msg("\"%s\" is not in: %s", text, line);
}

static void
await(struct watcher *watcher)
{
	int status;

	assert_int_equal(waitpid(watcher->pid, &status, 0), watcher->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
finish(struct watcher *watcher, int number)
{
	assert_int_equal(kill(watcher->pid, number), 0);
	await(watcher);
	assert_int_equal(fclose(watcher->said), 0);
}

static void
entries_come_as_they_are_written_until_it_is_interrupted(void **state)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct fixture *f = *state;
	char words[][8] = {"watch", "-n", "2", "-f", "json"};
	char *argv[] = {words[0], words[1], words[2], words[3], words[4]};
	struct watcher watcher;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(signals); i++) {
		fixture_run(f, 0, "lock zoe");
		fixture_run(f, 0, "lock bob");
		fixture_run(f, 0, "lock ann");
		watch(f, &watcher, argv, 5);
		/* In the order of time, not of logins. */
		expect(&watcher, "\"bob@example.com\"");
		expect(&watcher, "\"ann@example.com\"");
		fixture_run(f, 0, "unlock zoe");
		expect(&watcher, "\"zoe@example.com\"");
		fixture_run(f, 0, "unlock ann");
		fixture_run(f, 0, "unlock bob");
		expect(&watcher, "\"ann@example.com\"");
		expect(&watcher, "\"bob@example.com\"");
		finish(&watcher, signals[i]);
	}
}

static void
it_ends_well_when_nobody_reads_it_any_more(void **state)
{
	struct fixture *f = *state;
	char words[][8] = {"watch", "-n", "1"};
	char *argv[] = {words[0], words[1], words[2]};
	struct watcher watcher;

	fixture_run(f, 0, "set ann language=en");
	watch(f, &watcher, argv, 3);
	expect(&watcher, "time");
	expect(&watcher, "none -> en");
	assert_int_equal(fclose(watcher.said), 0);
	await(&watcher);
}

static void
one_login_is_watched_from_a_time_on(void **state)
{
	struct fixture *f = *state;
	char words[][8] = {"watch", "ann", "--since", "1h", "-f", "tab"};
	char *argv[] = {
	    words[0], words[1], words[2], words[3], words[4], words[5]};
	struct watcher watcher;

	fixture_run(f, 0, "set ann language=en");
	fixture_run(f, 0, "set bob language=et");
	fixture_run(f, 0, "set ann language=lv");
	watch(f, &watcher, argv, 6);
	expect(&watcher, "time\tlogin");
	expect(&watcher, "none -> en");
	expect(&watcher, "en -> lv");
	fixture_run(f, 0, "set bob language=ru");
	fixture_run(f, 0, "set ann language=ru");
	expect(&watcher, "lv -> ru");
	finish(&watcher, SIGTERM);
}

static void
options_that_cannot_be_are_refused(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 64, "watch -n 0");
	fixture_run(f, 64, "watch -n x");
	fixture_run(f, 64, "watch --since never");
	fixture_run(f, 64, "watch --since 1h -n 3");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		entries_come_as_they_are_written_until_it_is_interrupted,
		fixture_set_up, fixture_tear_down),
	    cmocka_unit_test_setup_teardown(
		it_ends_well_when_nobody_reads_it_any_more, fixture_set_up,
		fixture_tear_down),
	    cmocka_unit_test_setup_teardown(one_login_is_watched_from_a_time_on,
		fixture_set_up, fixture_tear_down),
	    cmocka_unit_test_setup_teardown(options_that_cannot_be_are_refused,
		fixture_set_up, fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
