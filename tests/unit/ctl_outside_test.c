/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the doctor does outside: programs, sockets, other users' rights. */

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "ctl/probe.h"
#include "ctl/process.h"
#include "ctl/reach.h"
#include "tests/unit/support/testing.h"

static void
the_output_of_a_program_is_read(void **state)
{
	static char sh[] = "/bin/sh";
	static char option[] = "-c";
	static char script[] =
	    "printf 'a b\\n%s\\n' \"$PATH$HOME\"; echo x >&2";
	char *const argv[] = {sh, option, script, NULL};
	struct pt_err err;
	char *text;

	(void)state;
	if (pc_process_read(argv, &text, &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(text, "a b\n/usr/sbin:/usr/bin:/sbin:/bin\n");
	free(text);
}

static void
a_program_that_fails_says_why(void **state)
{
	static const struct {
		const char *script;
		const char *text;
	} cases[] = {
	    {"echo first >&2; echo 'fatal: \033no' >&2; exit 3",
		"sh failed (3): fatal: \\x1Bno"},
	    {"exit 1", "sh failed (1): it did not say why"},
	    {"kill -9 $$", "sh failed (-1): it did not say why"},
	    {"i=0; while [ $i -lt 300 ]; do echo "
	     "0123456789012345678901234567890123456789 >&2; i=$((i+1)); "
	     "done; exit 2",
		"sh failed (2): 0123456789"},
	    {"head -c 5000000 /dev/zero", "cannot read the output of sh"},
	};
	char sh[] = "/bin/sh";
	char option[] = "-c";
	char script[256];
	char *const argv[] = {sh, option, script, NULL};
	struct pt_err err;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)snprintf(script, sizeof(script), "%s", cases[i].script);
		assert_int_equal(pc_process_read(argv, &text, &err), -1);
		if (strstr(err.text, cases[i].text) == NULL)
			fail_msg("%zu: %s", i, err.text);
	}
}

static void
programs_are_found_where_the_system_has_them(void **state)
{
	char path[256];

	(void)state;
	assert_true(pc_process_find("sh", path, sizeof(path)));
	assert_int_equal(path[0], '/');
	assert_false(pc_process_find("no-such-program", path, sizeof(path)));
}

struct server {
	int fd;
	const char *answer;
	char request[1024];
};

static void *
serve(void *arg)
{
	struct server *server = arg;
	int fd = accept(server->fd, NULL, NULL);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = recv(fd, server->request, sizeof(server->request) - 1, 0);
	if (n > 0)
		server->request[n] = '\0';
	if (server->answer[0] != '\0')
		(void)send(
		    fd, server->answer, strlen(server->answer), MSG_NOSIGNAL);
	(void)close(fd);
	return NULL;
}

static void
the_probe_knows_policyd_by_its_answer(void **state)
{
	static const struct {
		const char *answer;
		const char *text; /* NULL: this is policyd */
	} cases[] = {
	    {"action=DUNNO\n\n", NULL},
	    {"action=OK\n\n", "another answer"},
	    {"220 smtp ready\r\n", "without an answer"},
	    {"", "without an answer"},
	};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct pt_listen listen_at = {.is_unix = true};
	struct server server;
	pthread_t thread;
	struct pt_err err;
	char dir[128];
	size_t i;
	int rc;

	(void)state;
	test_make_dir(dir, sizeof(dir));
	(void)snprintf(listen_at.path, sizeof(listen_at.path), "%.90s/s", dir);
	(void)snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s", listen_at.path);
	assert_int_equal(pc_probe(&listen_at, &err), -1);
	memset(&server, 0, sizeof(server));
	server.fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(server.fd >= 0);
	assert_int_equal(
	    bind(server.fd, (const struct sockaddr *)&address, sizeof(address)),
	    0);
	assert_int_equal(listen(server.fd, 1), 0);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		server.answer = cases[i].answer;
		assert_int_equal(
		    pthread_create(&thread, NULL, serve, &server), 0);
		rc = pc_probe(&listen_at, &err);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_int_equal(rc, cases[i].text == NULL ? 0 : -1);
		if (cases[i].text != NULL)
			assert_non_null(strstr(err.text, cases[i].text));
		/* Nothing that could be counted. */
		assert_non_null(strstr(server.request, "\nsasl_username=\n"));
	}
	(void)close(server.fd);
	test_remove_dir(dir);
}

static void
who_may_connect_is_read_from_mode_bits(void **state)
{
	enum {
		OWNER,
		GROUP,
		OTHER
	};
	static const struct {
		mode_t dir;
		mode_t socket;
		int who;
		const char *text; /* NULL: may */
	} cases[] = {
	    {0755, 0666, OTHER, NULL},
	    {0750, 0660, GROUP, NULL},
	    {0700, 0600, OWNER, NULL},
	    {0750, 0660, OTHER, "may not search the directory"},
	    {0755, 0660, OTHER, "may not write to"},
	    {0755, 0640, GROUP, "may not write to"},
	    {0705, 0666, GROUP, "may not search the directory"},
	    {0755, 0466, OWNER, "may not write to"},
	};
	struct pc_user user;
	struct pt_err err;
	struct stat st;
	char dir[128];
	char path[160];
	FILE *file;
	size_t i;
	int rc;

	(void)state;
	test_make_dir(dir, sizeof(dir));
	(void)snprintf(path, sizeof(path), "%s/socket", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(stat(path, &st), 0);
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		assert_int_equal(chmod(path, cases[i].socket), 0);
		assert_int_equal(chmod(dir, cases[i].dir), 0);
		user.uid = st.st_uid + 7;
		user.groups[0] = st.st_gid + 7;
		user.group_count = 1;
		if (cases[i].who == OWNER)
			user.uid = st.st_uid;
		if (cases[i].who == GROUP)
			user.groups[0] = st.st_gid;
		/* Root may everything; of its own files, too. */
		if (user.uid == 0)
			continue;
		rc = pc_reach_check(&user, path, dir, &err);
		if (rc != (cases[i].text == NULL ? 0 : -1))
			fail_msg("%zu: %s", i, rc == 0 ? "may" : err.text);
		if (cases[i].text != NULL &&
		    strstr(err.text, cases[i].text) == NULL)
			fail_msg("%zu: %s", i, err.text);
	}
	assert_int_equal(chmod(dir, 0700), 0);
	(void)unlink(path);
	user.uid = st.st_uid;
	assert_int_equal(pc_reach_check(&user, path, dir, &err), -1);
	test_remove_dir(dir);
	assert_int_equal(pc_user_find("root", &user, &err), 0);
	assert_int_equal(user.uid, 0);
	assert_int_equal(pc_user_find("no-such-user", &user, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_output_of_a_program_is_read),
	    cmocka_unit_test(a_program_that_fails_says_why),
	    cmocka_unit_test(programs_are_found_where_the_system_has_them),
	    cmocka_unit_test(the_probe_knows_policyd_by_its_answer),
	    cmocka_unit_test(who_may_connect_is_read_from_mode_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
