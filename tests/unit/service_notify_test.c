/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/notify.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

static int
bind_datagram(const char *name, size_t len)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_true(len <= sizeof(un.sun_path));
	memcpy(un.sun_path, name, len);
	assert_int_equal(
	    bind(fd, (const struct sockaddr *)&un,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
	    0);
	return fd;
}

static const char *
received(int fd)
{
	static char buf[512];
	ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);

	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

static void
test_lines_reach_a_socket_in_the_file_system(void **state)
{
	char dir[128];
	char path[160];
	int fd;

	(void)state;
	test_make_dir(dir, sizeof(dir));
	(void)snprintf(path, sizeof(path), "%.90s/notify", dir);
	fd = bind_datagram(path, strlen(path));
	assert_int_equal(setenv("NOTIFY_SOCKET", path, 1), 0);
	pt_notify("READY=1\nSTATUS=here");
	assert_string_equal(received(fd), "READY=1\nSTATUS=here");
	pt_notify_reloading();
	assert_memory_equal(received(fd), "RELOADING=1\nMONOTONIC_USEC=", 27);
	assert_int_equal(close(fd), 0);
	/* Nobody there, and nothing happens. */
	pt_notify("STOPPING=1");
	test_remove_dir(dir);
}

static void
test_lines_reach_an_abstract_socket(void **state)
{
	char name[64];
	int fd;

	(void)state;
	(void)snprintf(name, sizeof(name), "@postern-test-%ld", (long)getpid());
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	name[0] = '\0';
	fd = bind_datagram(name, 1 + strlen(name + 1));
	pt_notify("WATCHDOG=1");
	assert_string_equal(received(fd), "WATCHDOG=1");
	assert_int_equal(close(fd), 0);
}

static void
test_names_that_cannot_be_are_ignored(void **state)
{
	char longest[200];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(setenv("NOTIFY_SOCKET", longest, 1), 0);
	pt_notify("READY=1");
	assert_int_equal(setenv("NOTIFY_SOCKET", "relative", 1), 0);
	pt_notify("READY=1");
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	pt_notify("READY=1");
}

static void
test_watchdog_is_for_this_process_and_half_the_time(void **state)
{
	static const struct {
		const char *usec;
		const char *pid; /* "": ours */
		uint64_t want;
	} cases[] = {
	    {"30000000", "", 15000},
	    {"30000000", NULL, 15000},
	    {"30000000", "1", 0},
	    {"1", "", 100},
	    {"junk", "", 0},
	    {NULL, "", 0},
	};
	char pid[32];
	size_t i;

	(void)state;
	(void)snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		(void)unsetenv("WATCHDOG_USEC");
		(void)unsetenv("WATCHDOG_PID");
		if (cases[i].usec != NULL)
			(void)setenv("WATCHDOG_USEC", cases[i].usec, 1);
		if (cases[i].pid != NULL)
			(void)setenv("WATCHDOG_PID",
			    cases[i].pid[0] == '\0' ? pid : cases[i].pid, 1);
		assert_int_equal(pt_notify_watchdog_ms(), cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_reach_a_socket_in_the_file_system),
	    cmocka_unit_test(test_lines_reach_an_abstract_socket),
	    cmocka_unit_test(test_names_that_cannot_be_are_ignored),
	    cmocka_unit_test(
		test_watchdog_is_for_this_process_and_half_the_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
