/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What keeper and milter learn of policyd, whether or not it counts sessions.
 */
#include "policyd/upkeep.h"

#include "tests/unit/support/session_site.h"

/* The loop closes its handles only at the end of a test. */
static struct pd_upkeep upkeep;

static bool
is_heard(const struct session_site *site, int64_t later)
{
	return pt_beat_is_heard(
	    site->context.store, PT_LIFE_POLICYD, pt_clock_now() + later);
}

static void
start(struct session_site *site)
{
	struct pt_err err;

	memset(&upkeep, 0, sizeof(upkeep));
	assert_int_equal(
	    pd_upkeep_start(&upkeep, &site->loop, &site->context,
		&site->sessions.clients, &site->sessions.listeners, &err),
	    0);
}

static void
stop(struct session_site *site)
{
	struct pt_err err;

	uv_close((uv_handle_t *)&upkeep.timer, NULL);
	uv_close((uv_handle_t *)&upkeep.watchdog, NULL);
	while (upkeep.is_syncing)
		(void)uv_run(&site->loop, UV_RUN_ONCE);
	assert_int_equal(pd_upkeep_finish(&upkeep, &err), 0);
}

static void
test_it_lives_from_its_start_to_its_end(void **state)
{
	struct session_site *site = *state;

	assert_false(is_heard(site, 0));
	start(site);
	assert_true(is_heard(site, 0));
	assert_false(is_heard(site, 2 * PT_LIFE_SECONDS));
	stop(site);
	assert_false(is_heard(site, 0));
}

static void
test_it_says_so_again_and_again(void **state)
{
	struct session_site *site = *state;
	struct pt_err err;
	int i;

	start(site);
	/* As if the last time was long ago. */
	assert_int_equal(pt_beat_say(&upkeep.beat, site->context.store,
			     pt_clock_now() - 2 * PT_LIFE_SECONDS, &err),
	    0);
	for (i = 0; i < PD_UPKEEP_TICKS * PD_UPKEEP_LIFE_SECONDS; i++) {
		assert_false(is_heard(site, 0));
		pd_upkeep_tick(&upkeep);
	}
	assert_true(is_heard(site, 0));
	assert_true(PD_UPKEEP_LIFE_SECONDS * 2 < PT_LIFE_SECONDS);
	stop(site);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION_TEST(test_it_lives_from_its_start_to_its_end),
	    SESSION_TEST(test_it_says_so_again_and_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
