/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the keeper does to a state, counts, and says of itself. */

#include "keeper/work.h"

#include "core/base/log.h"
#include "core/rules/external.h"
#include "core/service/doubt.h"
#include "keeper/upkeep.h"
#include "keeper/walk.h"
#include "tests/unit/support/store_fixture.h"

#define SECRET "abcd-efgh-ijkl-mnop-qrst-uvwx"
#define DAY    ((int64_t)86400)

struct site {
	struct store_fixture *f;
	struct pk_context context;
	struct pk_upkeep upkeep;
	struct pk_walk walk;
};

static struct site site;

static int
set_up(void **state)
{
	struct pk_context *context = &site.context;
	struct pt_err err;

	if (store_fixture_set_up(state) != 0)
		return -1;
	memset(&site, 0, sizeof(site));
	site.f = *state;
	store_fixture_begin(site.f, TEST_NOW);
	pt_log_init("test", 0);
	pk_report_init(&context->report);
	context->store = site.f->store;
	if (pt_config_parse("test.conf",
		"mode = enforce\nstate_dir = \"/nowhere\"\n"
		"default_domain = \"example.com\"\n"
		"plan free { protocols = { \"imap\" } "
		"unused_after = \"60d\" }\n",
		&context->config, &err) != 0 ||
	    pt_outbox_open(
		context->config, context->store, &context->outbox, &err) != 0 ||
	    pk_upkeep_start(&site.upkeep, context, TEST_NOW, &err) != 0)
		fail_msg("%s", err.text);
	pk_walk_init(&site.walk, context);
	return 0;
}

static int
tear_down(void **state)
{
	pt_outbox_close(site.context.outbox);
	pt_config_free(site.context.config);
	return store_fixture_tear_down(state);
}

static void
enable(struct pt_records *records, void *arg)
{
	static const unsigned char salt[PT_PASSWORD_SALT_BYTES] = {1};
	const struct pt_password_wish wish = {.label = "Phone"};
	const struct pt_external_actor actor = {
	    .who = "test", .note = "", .now = TEST_NOW};
	struct pt_err err;
	uint32_t id;

	(void)arg;
	if (pt_external_enable(site.context.config, records->account, 0, &wish,
		SECRET, salt, &actor, &id, &records->trail, &err) != 0)
		fail_msg("%s", err.text);
	records->account_changed = true;
}

static void
mark(struct pt_records *records, void *arg)
{
	(void)arg;
	records->activity->block =
	    (struct pt_pending_block){.reason = PT_BLOCK_QUOTA, .at = TEST_NOW};
	records->activity_changed = true;
}

static void
change(enum pt_update_scope scope, const char *name, pt_update_fn *fn)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(site.f->store, scope, &login, fn, NULL, &err) !=
	    0)
		fail_msg("%s", err.text);
}

static enum pt_block_reason
block_of(const char *name)
{
	static struct pt_account account;
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_read(site.f->store, &login, &account, NULL, NULL, &err) !=
	    0)
		fail_msg("%s", err.text);
	return account.block_reason;
}

static void
what_is_pending_is_completed_and_counted(void **state)
{
	(void)state;
	change(PT_UPDATE_ACCOUNT, "ann", enable);
	change(PT_UPDATE_ACTIVITY, "ann", mark);
	pk_work_complete(&site.context, TEST_NOW);
	assert_int_equal(block_of("ann"), PT_BLOCK_QUOTA);
	assert_int_equal(site.context.counters.blocks, 1);
	pk_work_complete(&site.context, TEST_NOW);
	assert_int_equal(site.context.counters.blocks, 1);
	pk_work_send(&site.context, TEST_NOW);
	assert_int_equal(site.context.counters.notices_sent, 0);
	assert_int_equal(site.context.sending, 0);
}

static void
trouble_with_the_state_passes(void **state)
{
	struct pk_context *context = &site.context;

	(void)state;
	change(PT_UPDATE_ACCOUNT, "ann", enable);
	change(PT_UPDATE_ACTIVITY, "ann", mark);
	context->store = store_fixture_reopen(site.f, PT_STORE_READ);
	pk_work_complete(context, TEST_NOW);
	pk_upkeep_second(&site.upkeep, TEST_NOW);
	assert_int_equal(context->counters.blocks, 0);
	context->store = store_fixture_reopen(site.f, PT_STORE_WRITE);
	pk_work_complete(context, TEST_NOW);
	assert_int_equal(context->counters.blocks, 1);
}

static enum pk_step
walk_to_its_end(int64_t now)
{
	enum pk_step step = PK_STEP_MORE;
	int i;

	for (i = 0; i < 20 && step == PK_STEP_MORE; i++)
		step = pk_walk_step(&site.walk, now, i);
	return step;
}

static void
a_walk_counts_what_it_did(void **state)
{
	(void)state;
	change(PT_UPDATE_ACCOUNT, "ann", enable);
	change(PT_UPDATE_ACCOUNT, "bob", enable);
	assert_int_equal(walk_to_its_end(TEST_NOW + 40 * DAY), PK_STEP_DONE);
	assert_int_equal(site.context.counters.swept, 2);
	assert_int_equal(site.context.counters.blocks, 0);
	assert_int_equal(walk_to_its_end(TEST_NOW + 60 * DAY), PK_STEP_DONE);
	assert_int_equal(site.context.counters.swept, 4);
	assert_int_equal(site.context.counters.blocks, 2);
	assert_int_equal(block_of("bob"), PT_BLOCK_UNUSED);
}

static void
a_walk_that_failed_goes_on_where_it_was(void **state)
{
	(void)state;
	change(PT_UPDATE_ACCOUNT, "ann", enable);
	assert_int_equal(
	    pk_walk_step(&site.walk, TEST_NOW + 40 * DAY, 0), PK_STEP_MORE);
	site.walk.sweep.phase = 0;
	site.walk.sweep.place.len = 0;
	site.walk.sweep.store = store_fixture_reopen(site.f, PT_STORE_READ);
	assert_int_equal(
	    pk_walk_step(&site.walk, TEST_NOW + 60 * DAY, 0), PK_STEP_FAILED);
	assert_true(site.walk.is_begun);
	site.walk.sweep.store = store_fixture_reopen(site.f, PT_STORE_WRITE);
	site.context.store = site.f->store;
	assert_int_equal(walk_to_its_end(TEST_NOW + 60 * DAY), PK_STEP_DONE);
	assert_int_equal(site.context.counters.blocks, 1);
}

static struct pt_life
read_life(void)
{
	struct pt_life life;
	struct pt_err err;

	assert_int_equal(
	    pt_store_get_life(site.f->store, PT_LIFE_KEEPER, &life, &err), 0);
	return life;
}

static void
others_learn_that_it_lives_and_that_it_stops(void **state)
{
	struct pt_store *store = site.f->store;
	struct pt_err err;

	(void)state;
	assert_int_equal(read_life().number, 1);
	assert_true(pt_pending_is_kept(store, TEST_NOW));
	pk_upkeep_second(&site.upkeep, TEST_NOW + 60);
	assert_true(read_life().seen_at == TEST_NOW + 60);
	assert_int_equal(
	    pk_upkeep_finish(&site.upkeep, TEST_NOW + 61, &err), 0);
	assert_false(pt_pending_is_kept(store, TEST_NOW + 61));
	assert_int_equal(
	    pk_upkeep_start(&site.upkeep, &site.context, TEST_NOW + 62, &err),
	    0);
	assert_int_equal(read_life().number, 2);
	assert_true(pt_pending_is_kept(store, TEST_NOW + 62));
}

static void
it_syncs_only_while_policyd_does_not_live(void **state)
{
	struct pt_beat policyd;
	struct pt_err err;

	(void)state;
	assert_int_equal(
	    pt_beat_init(&policyd, site.f->store, PT_LIFE_POLICYD, &err), 0);
	pk_upkeep_tick(&site.upkeep, TEST_NOW);
	assert_int_equal(site.upkeep.part, 1);
	assert_int_equal(
	    pt_beat_say(&policyd, site.f->store, TEST_NOW, &err), 0);
	pk_upkeep_tick(&site.upkeep, TEST_NOW);
	assert_int_equal(site.upkeep.part, 1);
	pk_upkeep_tick(&site.upkeep, TEST_NOW + PT_LIFE_SECONDS + 1);
	assert_int_equal(site.upkeep.part, 2);
}

static void
counters_go_on_where_they_were(void **state)
{
	struct pt_err err;

	(void)state;
	site.context.counters.notices_sent = 5;
	pk_upkeep_second(&site.upkeep, TEST_NOW + 1);
	site.context.counters = (struct pt_counters){0};
	assert_int_equal(
	    pk_upkeep_start(&site.upkeep, &site.context, TEST_NOW + 2, &err),
	    0);
	assert_int_equal(site.context.counters.notices_sent, 5);
}

static void
a_clock_that_is_wrong_at_the_start_is_doubted_at_once(void **state)
{
	int64_t since = 0;
	struct pt_err err;

	(void)state;
	assert_int_equal(
	    pt_doubt_look(site.f->store, TEST_NOW, &since, &err), 0);
	assert_int_equal(pk_upkeep_start(&site.upkeep, &site.context,
			     TEST_NOW + 400 * DAY, &err),
	    0);
	assert_int_equal(
	    pt_doubt_look(site.f->store, TEST_NOW + 400 * DAY, &since, &err),
	    1);
	assert_int_equal(since, TEST_NOW + 400 * DAY);
	assert_int_equal(walk_to_its_end(TEST_NOW + 401 * DAY), PK_STEP_DONE);
	assert_true(site.walk.sweep.is_doubted);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_is_pending_is_completed_and_counted),
	    TEST(trouble_with_the_state_passes),
	    TEST(a_walk_counts_what_it_did),
	    TEST(a_walk_that_failed_goes_on_where_it_was),
	    TEST(others_learn_that_it_lives_and_that_it_stops),
	    TEST(it_syncs_only_while_policyd_does_not_live),
	    TEST(counters_go_on_where_they_were),
	    TEST(a_clock_that_is_wrong_at_the_start_is_doubted_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
