/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What of a dump only the state takes that it comes from, and what is none. */

#include "core/state/store.h"
#include "tests/unit/ctl_fixture.h"

static void
note(struct pt_records *records, void *arg)
{
	struct pt_signals *signals = records->signals;

	(void)arg;
	signals->client_count = 1;
	signals->clients[0] = (struct pt_client){.hash = 5, .at = 100};
	signals->now.count = 3;
	signals->now.bits[7] = 9;
	records->signals_changed = true;
}

static void
forget(struct pt_records *records, void *arg)
{
	(void)arg;
	records->signals_deleted = true;
}

static void
put_in_outbox(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account_changed = true;
	records->trail.notice.kind = PT_NOTICE_ENABLED;
	records->trail.notice.at = 100;
}

static void
update(const struct fixture *f, enum pt_update_scope scope, pt_update_fn *fn)
{
	struct pt_store *store = fixture_open_store(f);
	struct pt_login login = test_login("ann@example.com");
	struct pt_update one = {.login = &login, .signals = true, .fn = fn};
	struct pt_err err;

	if (pt_store_update(store, scope, &one, 1, &err) != 0)
		fail_msg("%s", err.text);
	pt_store_close(store);
}

static bool
has_signals(const struct fixture *f)
{
	struct pt_store *store = fixture_open_store(f);
	struct pt_login login = test_login("ann@example.com");
	struct pt_signals signals;
	struct pt_err err;

	if (pt_store_read_signals(store, &login, &signals, &err) != 0)
		fail_msg("%s", err.text);
	pt_store_close(store);
	return signals.exists && signals.client_count == 1 &&
	       signals.clients[0].hash == 5 && signals.now.count == 3 &&
	       signals.now.bits[7] == 9;
}

static void
load_what_was_dumped(struct fixture *f)
{
	char line[300];
	char path[300];

	(void)snprintf(path, sizeof(path), "%s/dump", f->dir);
	test_write_file(path, f->out);
	(void)snprintf(line, sizeof(line), "load %s/dump -f tab", f->dir);
	fixture_run(f, 0, line);
}

static void
signals_come_back_into_their_own_state(void **state)
{
	struct fixture *f = *state;

	update(f, PT_UPDATE_ACTIVITY, note);
	fixture_run(f, 0, "dump");
	fixture_said(f, "\"postern\": \"signals\"");
	load_what_was_dumped(f);
	fixture_said(f, "signals\t1\t0\n");
	fixture_run(f, 0, "dump");
	update(f, PT_UPDATE_ACTIVITY, forget);
	assert_false(has_signals(f));
	load_what_was_dumped(f);
	fixture_said(f, "signals\t1\t1\n");
	assert_true(has_signals(f));
}

/* Its hashes are keyed with a secret that no other state has. */
static void
another_state_takes_no_notice_of_signals(void **state)
{
	struct fixture *f = *state;
	char *whole;

	update(f, PT_UPDATE_ACTIVITY, note);
	fixture_run(f, 0, "dump");
	whole = f->out;
	f->out = NULL;
	fixture_configure(f, "mode = enforce\nstate_dir = \"@DIR@/second\"\n"
			     "plan free { }\n");
	fixture_init(f);
	fixture_forget(f);
	f->out = whole;
	load_what_was_dumped(f);
	fixture_said(f, "signals\t1\t0\n");
	fixture_run(f, 0, "dump");
	assert_null(strstr(f->out, "signals"));
}

static void
the_outbox_is_not_dumped(void **state)
{
	struct fixture *f = *state;

	update(f, PT_UPDATE_ACCOUNT, put_in_outbox);
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "outbox\t\t1\n");
	fixture_run(f, 0, "dump");
	fixture_said(f, "\"postern\": \"account\"");
	assert_null(strstr(f->out, "enabled"));
	load_what_was_dumped(f);
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "outbox\t\t1\n");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(signals_come_back_into_their_own_state),
	    TEST(another_state_takes_no_notice_of_signals),
	    TEST(the_outbox_is_not_dumped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
