/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* From the outbox through a command into a file, or not. */

#include "tests/unit/service_outbox.h"

static void
test_each_notice_is_sent_once_and_goes(void **state)
{
	struct site *site = *state;
	char name[32];

	write_script(site, "grep '^To: ' >>mails\necho \"$*\" >>args\n");
	for (int i = 0; i < 11; i++) {
		(void)snprintf(name, sizeof(name), "u%d@example.com", i);
		update(site, name, tell);
	}
	assert_int_equal(send_all(site, TEST_NOW).sent, 11);
	assert_int_equal(site->reports, 11);
	assert_string_equal(site->last, "sent");
	assert_int_equal(waiting(site), 0);
	assert_int_equal(lines_in(site, "mails"), 11);
	assert_int_equal(lines_in(site, "args"), 11);
	assert_int_equal(send_all(site, TEST_NOW).sent, 0);
}

static void
test_at_most_four_run_at_a_time(void **state)
{
	struct site *site = *state;
	struct pt_outbox_done done;
	char name[32];

	write_script(site, "cat >/dev/null\nexec sleep 100\n");
	for (int i = 0; i < 6; i++) {
		(void)snprintf(name, sizeof(name), "u%d@example.com", i);
		update(site, name, tell);
	}
	turn(site, TEST_NOW, &done);
	assert_int_equal(done.running, PT_OUTBOX_CHILDREN);
	assert_true(done.more);
	turn(site, TEST_NOW, &done);
	assert_int_equal(done.running, PT_OUTBOX_CHILDREN);
	assert_int_equal(waiting(site), 6);
	write_script(site, "exit 0\n");
}

static void
test_a_failure_is_tried_again_later(void **state)
{
	struct site *site = *state;

	update(site, "ann@example.com", tell);
	write_script(site, "echo 'queue is full' >&2\nexit 75\n");
	assert_int_equal(send_all(site, TEST_NOW).failed, 1);
	assert_string_equal(site->last, "failed");
	assert_string_equal(site->entry.error, "queue is full (75)");
	assert_int_equal(site->entry.tries, 1);
	assert_int_equal(site->entry.next_at, TEST_NOW + 60);
	assert_int_equal(send_all(site, TEST_NOW + 59).failed, 0);
	assert_int_equal(send_all(site, TEST_NOW + 60).failed, 1);
	assert_int_equal(site->entry.next_at, TEST_NOW + 60 + 120);
	write_script(site, "exit 0\n");
	assert_int_equal(send_all(site, TEST_NOW + 180).sent, 1);
	/* What was wrong is no news any more. */
	assert_string_equal(site->entry.error, "");
	assert_int_equal(waiting(site), 0);
}

static void
test_a_notice_is_given_up_and_forgotten(void **state)
{
	struct site *site = *state;
	int64_t now = TEST_NOW;
	unsigned tries = 1;

	update(site, "ann@example.com", tell);
	write_script(site, "exit 1\n");
	while (send_all(site, now).gave_up == 0) {
		assert_int_equal(site->entry.tries, tries++);
		now = site->entry.next_at;
		assert_true(tries < 100);
	}
	assert_string_equal(site->last, "gave-up");
	assert_true(now >= TEST_NOW + (int64_t)3 * 86400);
	assert_true(now <= TEST_NOW + (int64_t)3 * 86400 + 7200);
	assert_int_equal(waiting(site), 1);
	assert_int_equal(send_all(site, now + 86400).failed, 0);
	/* An outbox of its own, because it tidies up once an hour only. */
	configure(site, "postmaster@example.com");
	(void)send_all(site, now + PT_OUTBOX_KEEP_SECONDS - 1);
	assert_int_equal(waiting(site), 1);
	configure(site, "postmaster@example.com");
	(void)send_all(site, now + PT_OUTBOX_KEEP_SECONDS);
	assert_int_equal(waiting(site), 0);
}

static void
test_nobody_is_told_of_a_deleted_account(void **state)
{
	struct site *site = *state;

	write_script(site, "echo >>mails\n");
	update(site, "ann@example.com", tell);
	update(site, "ann@example.com", forget);
	assert_int_equal(send_all(site, TEST_NOW).dropped, 1);
	assert_string_equal(site->last, "dropped");
	assert_int_equal(waiting(site), 0);
	assert_int_equal(lines_in(site, "mails"), 0);
}

static void
test_nothing_is_sent_while_notices_are_off(void **state)
{
	struct site *site = *state;

	write_script(site, "echo >>mails\n");
	update(site, "ann@example.com", tell);
	configure(site, "");
	assert_int_equal(send_all(site, TEST_NOW).sent, 0);
	assert_int_equal(waiting(site), 1);
	configure(site, "postmaster@example.com");
	assert_int_equal(send_all(site, TEST_NOW).sent, 1);
}

static void
test_closing_waits_for_what_is_nearly_sent(void **state)
{
	struct site *site = *state;
	struct pt_outbox_done done;

	update(site, "ann@example.com", tell);
	update(site, "bob@example.com", tell);
	write_script(site,
	    "cat >/dev/null\ncase \"$2\" in bob*) exit 1;; esac\n"
	    "echo >>mails\n");
	turn(site, TEST_NOW, &done);
	assert_int_equal(done.running, 2);
	pt_outbox_close(site->outbox);
	site->outbox = NULL;
	assert_int_equal(lines_in(site, "mails"), 1);
	assert_int_equal(waiting(site), 1);
}

static void
test_a_block_that_waits_holds_up_no_other_notice(void **state)
{
	struct site *site = *state;

	update(site, "ann", tell);
	write_script(site, "exit 75\n");
	assert_int_equal(send_all(site, TEST_NOW).failed, 1);
	outbox_leave_for(site->f->store, "ann", TEST_NOW);
	write_script(site, "exit 0\n");
	assert_int_equal(send_all(site, TEST_NOW).sent, 1);
	assert_int_equal(site->entry.notice.kind, PT_NOTICE_ENABLED);
	assert_int_equal(waiting(site), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    OUTBOX_TEST(test_each_notice_is_sent_once_and_goes),
	    OUTBOX_TEST(test_at_most_four_run_at_a_time),
	    OUTBOX_TEST(test_a_failure_is_tried_again_later),
	    OUTBOX_TEST(test_a_notice_is_given_up_and_forgotten),
	    OUTBOX_TEST(test_nobody_is_told_of_a_deleted_account),
	    OUTBOX_TEST(test_nothing_is_sent_while_notices_are_off),
	    OUTBOX_TEST(test_closing_waits_for_what_is_nearly_sent),
	    OUTBOX_TEST(test_a_block_that_waits_holds_up_no_other_notice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
