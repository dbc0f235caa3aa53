/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Orders to hold mail, on their way from who may not to who may. */

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/service/queue_order.h"
#include "tests/unit/support/testing.h"

struct fixture {
	char dir[256];
	char path[300];
	char taken[320];
	char got[1024]; /* "ann@example.com bob@example.com " */
	struct pt_text text;
};

static void
add(struct fixture *f, const char *name)
{
	struct pt_login login;
	struct pt_err err;

	assert_int_equal(
	    pt_login_parse(name, strlen(name), "example.com", &login, &err), 0);
	assert_int_equal(pt_queue_order_add(f->path, &login, &err), 0);
}

static void
note(const struct pt_login *login, void *arg)
{
	struct fixture *f = arg;

	pt_text_addf(&f->text, "%s ", login->text);
}

static const char *
take(struct fixture *f)
{
	struct pt_err err;

	pt_text_init(&f->text, f->got, sizeof(f->got));
	assert_int_equal(pt_queue_order_take(f->path, note, f, &err), 0);
	return f->got;
}

static void
done(struct fixture *f)
{
	struct pt_err err;

	assert_int_equal(pt_queue_order_done(f->path, &err), 0);
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	test_make_dir(f->dir, sizeof(f->dir));
	(void)snprintf(f->path, sizeof(f->path), "%s/order", f->dir);
	(void)snprintf(f->taken, sizeof(f->taken), "%s.taken", f->path);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	test_remove_dir(f->dir);
	free(f);
	return 0;
}

static void
orders_are_taken_in_their_order_and_once(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(take(f), "");
	add(f, "ann");
	add(f, "bob");
	add(f, "ann");
	assert_string_equal(
	    take(f), "ann@example.com bob@example.com ann@example.com ");
	done(f);
	assert_string_equal(take(f), "");
	done(f);
}

static void
what_was_taken_is_read_again_until_it_is_done(void **state)
{
	struct fixture *f = *state;

	add(f, "ann");
	assert_string_equal(take(f), "ann@example.com ");
	add(f, "bob");
	assert_string_equal(take(f), "ann@example.com ");
	done(f);
	assert_string_equal(take(f), "bob@example.com ");
	done(f);
	assert_int_equal(access(f->taken, F_OK), -1);
}

static void
stamp(const char *path, int64_t at)
{
	const struct timespec times[2] = {{.tv_sec = at}, {.tv_sec = at}};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
what_is_not_done_has_waited_since_it_was_given(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(pt_queue_order_waits_since(f->path), 0);
	add(f, "ann");
	stamp(f->path, TEST_NOW);
	assert_int_equal(pt_queue_order_waits_since(f->path), TEST_NOW);
	(void)take(f);
	add(f, "bob");
	stamp(f->path, TEST_NOW + 60);
	assert_int_equal(pt_queue_order_waits_since(f->path), TEST_NOW);
	done(f);
	assert_int_equal(pt_queue_order_waits_since(f->path), TEST_NOW + 60);
	(void)take(f);
	done(f);
	assert_int_equal(pt_queue_order_waits_since(f->path), 0);
}

static void
what_is_no_order_is_passed_over(void **state)
{
	struct fixture *f = *state;
	FILE *file = fopen(f->path, "w");
	int i;

	assert_non_null(file);
	fputs("\n \nann\nALL\n-r\nx y@z\nann@exa\x01mple.com\n", file);
	for (i = 0; i < 5000; i++)
		fputc('a', file);
	fputs("@example.com\nbob@example.com\ncut@example.com", file);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(take(f), "bob@example.com ");
}

static void
another_ones_file_is_not_read(void **state)
{
	struct fixture *f = *state;
	struct pt_login login;
	struct pt_err err;

	assert_int_equal(symlink("/etc/passwd", f->path), 0);
	assert_int_equal(pt_queue_order_take(f->path, note, f, &err), -1);
	assert_int_equal(err.kind, PT_ERR_UNAVAILABLE);
	done(f);
	assert_int_equal(symlink("/etc/passwd", f->path), 0);
	assert_int_equal(pt_login_parse("a@b.c", 5, NULL, &login, &err), 0);
	assert_int_equal(pt_queue_order_add(f->path, &login, &err), -1);
}

static void
a_place_that_is_not_there_is_told(void **state)
{
	struct pt_login login;
	struct pt_err err;

	(void)state;
	assert_int_equal(pt_login_parse("a@b.c", 5, NULL, &login, &err), 0);
	assert_int_equal(
	    pt_queue_order_add("/nonexistent/dir/order", &login, &err), -1);
	assert_non_null(strstr(err.text, "cannot open /nonexistent/dir/order"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		orders_are_taken_in_their_order_and_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		what_was_taken_is_read_again_until_it_is_done, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		what_is_not_done_has_waited_since_it_was_given, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		what_is_no_order_is_passed_over, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		another_ones_file_is_not_read, set_up, tear_down),
	    cmocka_unit_test(a_place_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
