/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/privilege.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/support/testing.h"

/* A user that owns nothing else. */
#define SOMEBODY 65533

static char dir[128];

static int
set_up(void **state)
{
	(void)state;
	test_make_dir(dir, sizeof(dir));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	test_remove_dir(dir);
	return 0;
}

static void
test_whoever_is_not_root_stays_who_it_is(void **state)
{
	struct pt_owner owner;
	struct pt_err err;

	(void)state;
	if (geteuid() == 0)
		skip();
	assert_int_equal(pt_privilege_owner("/", &owner, &err), 0);
	assert_false(owner.is_set);
	pt_privilege_borrow(&owner);
	pt_privilege_return(&owner);
	assert_int_equal(pt_privilege_drop(&owner, &err), 0);
}

static void
test_root_does_not_serve_a_state_of_its_own(void **state)
{
	struct pt_owner owner;
	struct pt_err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(pt_privilege_owner(dir, &owner, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	assert_non_null(strstr(err.text, "posternctl init --owner"));
	assert_int_equal(
	    pt_privilege_owner("/nowhere/at/all", &owner, &err), -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	assert_non_null(strstr(err.text, "posternctl init"));
}

static void
test_root_acts_as_the_owner_and_is_root_again(void **state)
{
	struct pt_owner owner;
	struct pt_err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(dir, SOMEBODY, SOMEBODY), 0);
	assert_int_equal(pt_privilege_owner(dir, &owner, &err), 0);
	assert_true(owner.is_set);
	assert_int_equal(owner.uid, SOMEBODY);
	pt_privilege_borrow(&owner);
	assert_int_equal(geteuid(), SOMEBODY);
	assert_int_equal(getegid(), SOMEBODY);
	pt_privilege_return(&owner);
	assert_int_equal(geteuid(), 0);
	assert_int_equal(getegid(), getgid());
}

/* 0 if root is gone for good. */
static int
drop_in_child(const struct pt_owner *owner)
{
	gid_t groups[64];
	struct pt_err err;
	int n;

	if (pt_privilege_drop(owner, &err) != 0)
		return 1;
	if (getuid() != SOMEBODY || geteuid() != SOMEBODY ||
	    getgid() != SOMEBODY || getegid() != SOMEBODY)
		return 2;
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return 3;
	n = getgroups(64, groups);
	return n == 1 && groups[0] == SOMEBODY ? 0 : 4;
}

static void
test_root_becomes_the_owner_for_good(void **state)
{
	struct pt_owner owner;
	struct pt_err err;
	pid_t child;
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(dir, SOMEBODY, SOMEBODY), 0);
	assert_int_equal(pt_privilege_owner(dir, &owner, &err), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(drop_in_child(&owner));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(geteuid(), 0);
}

static void
test_open_files_are_as_many_as_can_be(void **state)
{
	struct rlimit limit;
	size_t have;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = 100;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(pt_privilege_files(50), 50);
	assert_int_equal(pt_privilege_files(200), 200);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 200);
	/* More than any kernel gives. */
	have = pt_privilege_files((size_t)1 << 40);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_true(have >= 200);
	assert_true(
	    limit.rlim_cur == RLIM_INFINITY || (size_t)limit.rlim_cur == have);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_whoever_is_not_root_stays_who_it_is),
	    TEST(test_root_does_not_serve_a_state_of_its_own),
	    TEST(test_root_acts_as_the_owner_and_is_root_again),
	    TEST(test_root_becomes_the_owner_for_good),
	    TEST(test_open_files_are_as_many_as_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
