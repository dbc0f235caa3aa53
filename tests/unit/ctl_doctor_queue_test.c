/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Is held mail indeed held, where a plan says so? */

#include "ctl/doctor.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/service/queue_order.h"
#include "tests/unit/support/doctor_report.h"

#define NO_SYSTEMD "/nonexistent/systemd"

static char place[256];

static int
set_up(void **state)
{
	(void)state;
	test_make_dir(place, sizeof(place));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	test_remove_dir(place);
	return 0;
}

/* Orders are left in that folder of the test's directory. */
static struct doctor_diagnosis
look(enum pt_on_block on_block, const char *folder, const char *systemd)
{
	struct doctor_diagnosis diagnosis;
	struct doctor_report report;
	char orders[512];

	(void)snprintf(
	    orders, sizeof(orders), "%s%s/queue-order", place, folder);
	doctor_report_begin(&report, "", &diagnosis);
	report.plan.on_block = on_block;
	(void)snprintf(report.plan.name, sizeof(report.plan.name), "free");
	pc_doctor_orders(&report.doctor, orders, systemd);
	doctor_report_end(&report);
	return diagnosis;
}

static void
where_nothing_is_held_nothing_is_said(void **state)
{
	struct doctor_diagnosis none =
	    look(PT_ON_BLOCK_NONE, "/none", NO_SYSTEMD);

	(void)state;
	assert_null(strstr(none.text, "\tqueue\t"));
	assert_int_equal(none.problems, 0);
	free(none.text);
}

static void
a_folder_that_cannot_be_written_is_a_problem(void **state)
{
	struct doctor_diagnosis missing =
	    look(PT_ON_BLOCK_HOLD_QUEUE, "/none", NO_SYSTEMD);

	(void)state;
	doctor_expect_line(
	    &missing, 0, "problem", "plan free says", "install -d -o ");
	doctor_expect_line(
	    &missing, 1, "problem", "cannot leave orders in ", "/none");
	assert_int_equal(missing.problems, 1);
	free(missing.text);
}

static void
without_systemd_somebody_else_must_do_it(void **state)
{
	struct doctor_diagnosis note =
	    look(PT_ON_BLOCK_HOLD_QUEUE, "", NO_SYSTEMD);

	(void)state;
	doctor_expect_line(
	    &note, 0, "note", "without systemd", "posternctl queue apply");
	assert_int_equal(note.problems, 0);
	free(note.text);
}

static void
leave_order(int64_t at)
{
	const struct timespec times[2] = {{.tv_sec = at}, {.tv_sec = at}};
	struct pt_login ann = test_login("ann");
	char orders[512];
	struct pt_err err;

	(void)snprintf(orders, sizeof(orders), "%s/queue-order", place);
	assert_int_equal(pt_queue_order_add(orders, &ann, &err), 0);
	assert_int_equal(utimensat(AT_FDCWD, orders, times, 0), 0);
}

static void
orders_that_nobody_does_are_a_problem(void **state)
{
	struct doctor_diagnosis fresh;
	struct doctor_diagnosis late;

	(void)state;
	leave_order(TEST_NOW - 10);
	fresh = look(PT_ON_BLOCK_HOLD_QUEUE, "", NO_SYSTEMD);
	assert_int_equal(fresh.problems, 0);
	leave_order(TEST_NOW - 3600);
	late = look(PT_ON_BLOCK_HOLD_QUEUE, "", NO_SYSTEMD);
	doctor_expect_line(&late, 0, "problem", "wait since 11:00:00 UTC",
	    "posternctl queue apply");
	assert_int_equal(late.problems, 1);
	free(fresh.text);
	free(late.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		where_nothing_is_held_nothing_is_said, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_folder_that_cannot_be_written_is_a_problem, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		without_systemd_somebody_else_must_do_it, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		orders_that_nobody_does_are_a_problem, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
