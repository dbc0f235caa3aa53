/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* External access: on, off, blocked, and how explain tells of it. */

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/state/store.h"
#include "tests/unit/ctl_issue.h"

static void
enable_while_access_is_on_changes_protocols_only(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	issue_run(f, "enable ann", secret);
	fixture_run(f, 1, "enable ann");
	fixture_said(f, "posternctl password create ann@example.com");
	fixture_run(f, 1, "enable ann --protocols smtp --label Phone");
	fixture_run(f, 0, "enable ann --protocols smtp");
	fixture_said(f, "no app password was made");
	assert_int_equal(issue_find(f->out, secret), 0);
	fixture_run(f, 0, "enable ann --protocols smtp -f json");
	fixture_said(f, "\"changed\": false");
	fixture_said(f, "\"password\": null");
	fixture_run(f, 65, "enable ann --protocols pop3");
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "protocols              smtp\n");
	fixture_said(f, "app_passwords          1\n");
}

static void
a_block_goes_the_way_that_its_reason_wants(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	fixture_run(f, 0, "block ann --reason admin --note ticket");
	fixture_run(f, 0, "block ann --reason admin");
	fixture_said(f, "unchanged");
	fixture_run(f, 65, "enable ann");
	fixture_said(f, "posternctl unblock ann@example.com");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "posternctl unblock ann@example.com");
	fixture_said(
	    f, "ann@example.com cannot send now with a mail program: External");
	fixture_said(f, "(see why; webmail goes on)");
	fixture_run(f, 0, "lock ann");
	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "ann@example.com cannot send now: Sending is locked");
	fixture_said(f, "(see why; webmail goes on, but sends nothing)");
	fixture_run(f, 0, "unlock ann");
	fixture_run(f, 0, "unblock ann");
	fixture_run(f, 0, "unblock ann");
	fixture_said(f, "unchanged");
	fixture_run(f, 0, "block ann --reason cracked");
	fixture_run(f, 65, "enable ann");
	fixture_said(f, "posternctl password-changed ann@example.com");
	fixture_run(f, 0, "password-changed ann");
	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "block                  -\n");
	fixture_said(f, "access                 on\n");
}

#define CONFIG_HOLDS                            \
	"mode = enforce\n"                      \
	"state_dir = \"@DIR@/state\"\n"         \
	"default_domain = \"example.com\"\n"    \
	"plan free { protocols = { \"imap\" } " \
	"on_block = hold-queue }\n"

static void
mail_that_may_be_on_hold_is_spoken_of_until_access_is_back(void **state)
{
	static const char may[] = "mail may be on hold: posternctl queue "
				  "release ann@example.com";
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "block ann --reason cracked");
	fixture_run(f, 0, "lock bob");
	fixture_run(f, 0, "block cyd --reason admin");
	fixture_run(f, 0, "explain ann");
	assert_null(strstr(f->out, may));
	/* Only now, or orders would be left outside of the fixture. */
	fixture_configure(f, CONFIG_HOLDS);
	fixture_run(f, 0, "explain ann -f tab");
	fixture_said(f, "queued mail\tmail may be on hold: posternctl queue");
	fixture_run(f, 0, "password-changed ann");
	assert_null(strstr(f->errors, may));
	fixture_run(f, 0, "enable ann -f json");
	fixture_said(f, may);
	fixture_run(f, 0, "explain ann");
	assert_null(strstr(f->out, may));
	fixture_run(f, 0, "unlock bob");
	fixture_said(f, "posternctl queue release bob@example.com");
	/* After other blocks nothing is held. */
	fixture_run(f, 0, "unblock cyd");
	assert_string_equal(f->errors, "");
}

static void
a_closed_mailbox_keeps_no_app_password(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "set ann status=inactive");
	fixture_said(f, "block  reason=inactive app-passwords-ended=1 "
			"set=\"status: active -> inactive\"");
	fixture_run(f, 65, "enable ann");
	fixture_said(f, "posternctl set ann@example.com status=active");
	fixture_run(f, 0, "set ann status=active");
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "access                 off\n");
	fixture_said(f, "app_passwords          0\n");
	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "set bob status=inactive");
	assert_null(strstr(f->out, "blocked"));
}

/* Writes the records of ann@example.com by that function. */
static void
write_records(const struct fixture *f, pt_update_fn *fn)
{
	struct pt_store *store = fixture_open_store(f);
	struct pt_login login;
	struct pt_update update = {.login = &login, .usage = true, .fn = fn};
	struct pt_life life = {7, pt_clock_now()};
	struct pt_err err;

	assert_int_equal(
	    pt_login_parse("ann@example.com", 15, NULL, &login, &err), 0);
	if (pt_store_update(store, PT_UPDATE_ACTIVITY, &update, 1, &err) != 0 ||
	    pt_store_put_life(store, PT_LIFE_SESSIONS, &life, &err) != 0)
		fail_msg("%s", err.text);
	pt_store_close(store);
}

static void
make_block_pending(struct pt_records *records, void *arg)
{
	(void)arg;
	records->activity->block.reason = PT_BLOCK_CRACKED;
	records->activity->block.at = pt_clock_now();
	records->activity_changed = true;
}

static void
a_pending_block_counts_as_one_that_stands(void **state)
{
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];

	issue_run(f, "enable ann", secret);
	write_records(f, make_block_pending);
	fixture_run(f, 65, "password create ann");
	fixture_said(f, "blocked");
	fixture_run(f, 0, "account show ann");
	fixture_said(f, "block                  cracked\n");
	fixture_run(f, 0, "password list ann --all -f tab");
	fixture_said(f, "\tblocked\tcracked\n");

	write_records(f, make_block_pending);
	fixture_run(f, 0, "unblock ann");
	fixture_said(f, "reason=cracked");
	issue_run(f, "enable ann", secret);
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "block            none\n");
	fixture_said(f, "a mail program may log in now");
}

static void
use(struct pt_records *records, void *arg)
{
	static const unsigned char address[16] = {
	    [10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = 9};
	struct pt_last_use last = {.password = 1, .protocol = PT_PROTOCOL_IMAP};
	struct pt_usage *usage = records->usage;
	int64_t now = pt_clock_now();

	(void)arg;
	memcpy(last.address, address, sizeof(address));
	last.at = now - 60;
	pt_usage_note(usage, &last);
	usage->last_login_at = now - 60;
	usage->logins_total = 1;
	usage->logins.count = 1;
	usage->logins.entry[0] =
	    (struct pt_window_entry){now - 60, now - 60, 1};
	usage->traffic[PT_TRAFFIC_DOWN] = usage->logins;
	usage->traffic[PT_TRAFFIC_DOWN].entry[0].amount = 3 << 20;
	usage->view = (struct pt_view){now - 60, 5, 42};
	usage->pop3_checked_at = now - 60;
	usage->sessions = (struct pt_open_sessions){7, 2};
	records->usage_changed = true;
}

static void
explain_tells_what_mail_programs_may_and_did(void **state)
{
	static const char *const said[] = {
	    "imap,smtp        a mail program may log in now\n",
	    ("pop3             no mail program may log in now: POP3 is not "
	     "part of"),
	    "posternctl set ann@example.com protocols=...",
	    ": imap,smtp\n",
	    "app passwords    1 of 32\n",
	    " by imap from 192.0.2.9, app password 1",
	    "(Phone)",
	    "INBOX is shown below UID 42 (UIDVALIDITY 5) until ",
	    "2 of ",
	    "3M of ",
	    "wrong passwords  0 of ",
	};
	struct fixture *f = *state;
	char secret[PT_SECRET_TEXT_MAX];
	size_t i;

	issue_run(f, "enable ann --label Phone", secret);
	write_records(f, use);
	fixture_run(f, 0, "explain ann");
	for (i = 0; i < PT_ARRAY_LEN(said); i++)
		fixture_said(f, said[i]);
	fixture_run(f, 0, "password list ann -f tab");
	fixture_said(f, "\timap\t192.0.2.9\t");

	/* With the plan that has it, the POP3 mail check stands in the way. */
	fixture_run(f, 0, "set ann plan=all");
	fixture_run(f, 0, "enable ann --protocols imap,pop3,smtp");
	fixture_run(f, 0, "explain ann");
	fixture_said(f, "pop3             no mail program may log in now: Next "
			"mail check in ");
	/* Asking has changed nothing. */
	fixture_run(f, 0, "password list ann -f tab");
	assert_null(strstr(f->out, "pop3\t192"));
}

static void
explain_tells_that_access_was_never_wanted(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "explain ann");
	fixture_said(f, "imap,pop3,smtp   no mail program may log in now: "
			"External access");
	fixture_said(f, "posternctl enable ann@example.com");
	fixture_said(f, "external access  never switched on\n");
	fixture_said(f, "last login       never\n");
	fixture_run(f, 1, "account show ann");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, issue_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(enable_while_access_is_on_changes_protocols_only),
	    TEST(a_block_goes_the_way_that_its_reason_wants),
	    TEST(mail_that_may_be_on_hold_is_spoken_of_until_access_is_back),
	    TEST(a_closed_mailbox_keeps_no_app_password),
	    TEST(a_pending_block_counts_as_one_that_stands),
	    TEST(explain_tells_what_mail_programs_may_and_did),
	    TEST(explain_tells_that_access_was_never_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
