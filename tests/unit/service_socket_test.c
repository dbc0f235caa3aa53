/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/support/testing.h"

static const struct pt_owner nobody_else = {.is_set = false};
static char dir[128];
static struct pt_listen address;

static int
set_up(void **state)
{
	(void)state;
	test_make_dir(dir, sizeof(dir));
	address = (struct pt_listen){.is_unix = true};
	(void)snprintf(
	    address.path, sizeof(address.path), "%.90s/policy.sock", dir);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	test_remove_dir(dir);
	return 0;
}

/* Opens, and fails the test with the error. */
static struct pt_socket
open_or_fail(void)
{
	struct pt_socket sock;
	struct pt_err err;

	if (pt_socket_open(&address, &nobody_else, &sock, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(listen(sock.fd, 1), 0);
	return sock;
}

static void
close_socket(struct pt_socket *sock)
{
	pt_socket_release(sock, &address);
	assert_int_equal(close(sock->fd), 0);
}

static void
assert_refused(enum pt_err_kind kind, const char *why)
{
	struct pt_socket sock;
	struct pt_err err;

	assert_int_equal(
	    pt_socket_open(&address, &nobody_else, &sock, &err), -1);
	assert_int_equal(err.kind, kind);
	if (strstr(err.text, why) == NULL)
		fail_msg("%s", err.text);
}

static void
test_socket_is_open_to_all_who_reach_it_and_goes_away(void **state)
{
	struct pt_socket sock = open_or_fail();
	struct stat st;

	(void)state;
	assert_int_equal(lstat(address.path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0666);
	close_socket(&sock);
	assert_int_equal(lstat(address.path, &st), -1);
}

static void
test_second_daemon_is_told_of_the_first(void **state)
{
	struct pt_socket sock = open_or_fail();
	struct stat st;

	(void)state;
	assert_refused(
	    PT_ERR_UNAVAILABLE, "another daemon of Postern listens on ");
	assert_int_equal(lstat(address.path, &st), 0);
	close_socket(&sock);
	sock = open_or_fail();
	close_socket(&sock);
}

static void
test_socket_left_by_a_crash_is_replaced(void **state)
{
	struct pt_socket sock = open_or_fail();

	(void)state;
	/* As if the process had died: no release. */
	assert_int_equal(close(sock.fd), 0);
	assert_int_equal(close(sock.lock_fd), 0);
	sock = open_or_fail();
	close_socket(&sock);
}

static void
test_socket_of_another_program_is_left_alone(void **state)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_true(fd >= 0);
	memcpy(un.sun_path, address.path, sizeof(address.path));
	assert_int_equal(bind(fd, (const struct sockaddr *)&un, sizeof(un)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_refused(PT_ERR_UNAVAILABLE, "another program listens there");
	assert_int_equal(close(fd), 0);
}

static void
test_file_that_is_no_socket_is_left_alone(void **state)
{
	struct stat st;
	int fd = open(address.path, O_CREAT | O_WRONLY, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_refused(PT_ERR_CONFIG, "it exists and is not a socket");
	assert_int_equal(lstat(address.path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

static void
test_lock_is_not_taken_through_a_symbolic_link(void **state)
{
	char name[128];
	char target[160];
	struct stat st;

	(void)state;
	(void)snprintf(name, sizeof(name), "%.110s.lock", address.path);
	(void)snprintf(target, sizeof(target), "%s/target", dir);
	assert_int_equal(symlink(target, name), 0);
	assert_refused(PT_ERR_CONFIG, "cannot open ");
	assert_int_equal(lstat(target, &st), -1);
}

static void
test_missing_directory_is_named_with_the_remedy(void **state)
{
	(void)state;
	(void)snprintf(
	    address.path, sizeof(address.path), "%.80s/none/policy.sock", dir);
	assert_refused(PT_ERR_CONFIG, "there is no such directory; make it");
}

static void
test_socket_file_of_somebody_else_is_not_removed(void **state)
{
	struct pt_socket sock = open_or_fail();
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(unlink(address.path), 0);
	fd = open(address.path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	close_socket(&sock);
	assert_int_equal(lstat(address.path, &st), 0);
}

static void
test_inet_port_is_taken_once(void **state)
{
	struct pt_listen inet = {.host = "127.0.0.1", .port = 0};
	struct pt_listen bad = {.host = "192.0.2.77", .port = 1};
	struct pt_socket sock;
	struct pt_socket second;
	struct sockaddr_in at;
	socklen_t len = sizeof(at);
	struct pt_err err;

	(void)state;
	assert_int_equal(pt_socket_open(&inet, &nobody_else, &sock, &err), 0);
	assert_int_equal(sock.lock_fd, -1);
	assert_int_equal(listen(sock.fd, 1), 0);
	assert_int_equal(getsockname(sock.fd, (struct sockaddr *)&at, &len), 0);
	inet.port = ntohs(at.sin_port);
	assert_int_equal(
	    pt_socket_open(&inet, &nobody_else, &second, &err), -1);
	assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
	assert_non_null(strstr(err.text, "cannot listen on 127.0.0.1:"));
	assert_int_equal(close(sock.fd), 0);
	assert_int_equal(pt_socket_open(&bad, &nobody_else, &second, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
}

/* As a library would: it binds the path by itself and keeps the socket. */
static int
make_socket(void *arg, struct pt_err *err)
{
	int *fd = arg;
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	if (*fd == -1)
		return pt_err_set(err, PT_ERR_CONFIG, "cannot make it");
	(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s", address.path);
	*fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(*fd >= 0);
	return bind(*fd, (const struct sockaddr *)&un, sizeof(un));
}

static void
test_somebody_else_may_make_the_socket(void **state)
{
	int fd = 0;
	const struct pt_socket_maker maker = {.make = make_socket, .arg = &fd};
	struct pt_socket sock;
	struct pt_socket other;
	struct stat st;
	struct pt_err err;

	(void)state;
	assert_int_equal(
	    pt_socket_open_with(&address, &nobody_else, &maker, &sock, &err),
	    0);
	assert_int_equal(sock.fd, -1);
	assert_int_equal(stat(address.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666);
	assert_int_equal(
	    pt_socket_open_with(&address, &nobody_else, &maker, &other, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
	pt_socket_release(&sock, &address);
	assert_int_equal(stat(address.path, &st), -1);
	assert_int_equal(close(fd), 0);
}

static void
test_a_socket_that_cannot_be_made_leaves_no_lock(void **state)
{
	int fd = -1;
	const struct pt_socket_maker maker = {.make = make_socket, .arg = &fd};
	struct pt_socket sock;
	struct pt_err err;

	(void)state;
	assert_int_equal(
	    pt_socket_open_with(&address, &nobody_else, &maker, &sock, &err),
	    -1);
	assert_string_equal(err.text, "cannot make it");
	sock = open_or_fail();
	close_socket(&sock);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_socket_is_open_to_all_who_reach_it_and_goes_away, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		test_second_daemon_is_told_of_the_first, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_socket_left_by_a_crash_is_replaced, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_socket_of_another_program_is_left_alone, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		test_file_that_is_no_socket_is_left_alone, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_lock_is_not_taken_through_a_symbolic_link, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		test_missing_directory_is_named_with_the_remedy, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		test_socket_file_of_somebody_else_is_not_removed, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		test_inet_port_is_taken_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_somebody_else_may_make_the_socket, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_a_socket_that_cannot_be_made_leaves_no_lock, set_up,
		tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
