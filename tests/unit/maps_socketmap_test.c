/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Socketmaps: replies in any pieces, servers in any mood. */
#include "core/maps/socketmap.h"

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/maps/index.h"
#include "core/maps/socketmap_cache.h"
#include "core/maps/socketmap_reply.h"
#include "tests/unit/support/map_server.h"

#define WAIT_MS 2000

struct site {
	char dir[128];
	struct map_server server;
	struct pt_socketmap *map;
	struct pt_err err;
};

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));
	struct pt_map_spec spec;
	char text[160];

	assert_non_null(site);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(site->server.path, sizeof(site->server.path),
	    "%.90s/map.sock", site->dir);
	(void)snprintf(
	    text, sizeof(text), "socketmap:unix:%s:senders", site->server.path);
	assert_int_equal(pt_map_spec_parse(text, &spec, &site->err), 0);
	assert_int_equal(pt_socketmap_open(&spec, &site->map, &site->err), 0);
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pt_socketmap_close(site->map);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

/* The value, "none" or "failed". */
static const char *
look_up(struct site *site, const char *key, int wait_ms)
{
	static char value[PT_MAP_VALUE_MAX + 1];
	size_t len;
	int rc;

	rc = pt_socketmap_find(
	    site->map, key, strlen(key), wait_ms, value, &len, &site->err);
	if (rc < 0) {
		assert_int_equal(site->err.kind, PT_ERR_UNAVAILABLE);
		return "failed";
	}
	if (rc > 0)
		assert_int_equal(strlen(value), len);
	return rc > 0 ? value : "none";
}

static void
test_replies_are_read_in_any_pieces(void **state)
{
	static const char text[] = "013:OK ann@x, bob,";
	struct pt_socketmap_reply reply;
	const char *value;
	struct pt_err err;
	size_t split;
	size_t len;

	(void)state;
	for (split = 0; split < sizeof(text); split++) {
		pt_socketmap_reply_init(&reply);
		assert_int_equal(
		    pt_socketmap_reply_feed(&reply, text, split), split);
		assert_int_equal(pt_socketmap_reply_feed(&reply, text + split,
				     sizeof(text) - 1 - split),
		    sizeof(text) - 1 - split);
		assert_int_equal(reply.state, PT_SOCKETMAP_COMPLETE);
		assert_int_equal(
		    pt_socketmap_reply_read(&reply, &value, &len, &err), 1);
		assert_int_equal(len, 10);
		assert_memory_equal(value, "ann@x, bob", 10);
	}
}

static void
test_replies_mean_what_the_protocol_says(void **state)
{
	static const struct {
		const char *text;
		int result; /* 2: no reply at all */
		const char *why;
	} rows[] = {
	    {"4:OK a,", 1, "a"},
	    {"9:NOTFOUND ,", 0, ""},
	    {"8:NOTFOUND,", 0, ""},
	    {"3:OK ,", -1, "no reply of a socketmap: \"OK \""},
	    {"2:OK,", -1, "no reply"},
	    {"0:,", -1, "no reply"},
	    {"5:OKAY!,", -1, "no reply"},
	    {"6:OKAY a,", -1, "no reply"},
	    {"8:TEMP why,", -1, "cannot look it up: \"TEMP why\""},
	    {"11:TIMEOUT why,", -1, "cannot look it up"},
	    {"8:PERM\x01why,", -1, "PERM\\x01why"},
	    {"4:OK a.", 2, ""},
	    {":OK a,", 2, ""},
	    {"-4:OK a,", 2, ""},
	    {" 4:OK a,", 2, ""},
	    {"9999999999:OK a,", 2, ""},
	    {"100000:OK a,", 2, ""},
	};
	struct pt_socketmap_reply reply;
	const char *value;
	struct pt_err err;
	size_t len;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(rows); i++) {
		pt_socketmap_reply_init(&reply);
		(void)pt_socketmap_reply_feed(
		    &reply, rows[i].text, strlen(rows[i].text));
		if (rows[i].result == 2) {
			if (reply.state != PT_SOCKETMAP_GARBAGE)
				fail_msg("taken: %s", rows[i].text);
			continue;
		}
		assert_int_equal(reply.state, PT_SOCKETMAP_COMPLETE);
		rc = pt_socketmap_reply_read(&reply, &value, &len, &err);
		if (rc != rows[i].result)
			fail_msg("%s: %d", rows[i].text, rc);
		if (rc < 0 && strstr(err.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].text, err.text);
	}
}

static void
test_answers_are_remembered_for_their_time(void **state)
{
	struct pt_socketmap_cache *cache = pt_socketmap_cache_new();
	char value[PT_SOCKETMAP_CACHED_MAX + 1];
	char key[16];
	size_t len;
	int i;

	(void)state;
	assert_non_null(cache);
	pt_socketmap_cache_put(cache, "a", 1, "ann", 3, 1000);
	pt_socketmap_cache_put(cache, "b", 1, NULL, 0, 1000);
	assert_int_equal(
	    pt_socketmap_cache_get(cache, "a", 1, 30999, value, &len), 1);
	assert_string_equal(value, "ann");
	assert_int_equal(
	    pt_socketmap_cache_get(cache, "a", 1, 31000, value, &len), -1);
	assert_int_equal(
	    pt_socketmap_cache_get(cache, "b", 1, 10999, value, &len), 0);
	assert_int_equal(
	    pt_socketmap_cache_get(cache, "b", 1, 11000, value, &len), -1);
	assert_int_equal(
	    pt_socketmap_cache_get(cache, "c", 1, 1000, value, &len), -1);
	/* Far more than there are places. */
	for (i = 0; i < 20000; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		pt_socketmap_cache_put(
		    cache, key, strlen(key), key, strlen(key), 1000);
		assert_int_equal(pt_socketmap_cache_get(cache, key, strlen(key),
				     1000, value, &len),
		    1);
		assert_string_equal(value, key);
	}
	pt_socketmap_cache_free(cache);
}

static void
test_a_server_is_asked_once_and_its_connection_kept(void **state)
{
	struct site *site = *state;

	map_server_start(&site->server);
	assert_string_equal(look_up(site, "known@x.test", WAIT_MS), "ann,bob");
	assert_string_equal(look_up(site, "other@x.test", WAIT_MS), "none");
	assert_string_equal(look_up(site, "known@x.test", WAIT_MS), "ann,bob");
	assert_string_equal(look_up(site, "other@x.test", WAIT_MS), "none");
	assert_int_equal(atomic_load(&site->server.asked), 2);
	assert_int_equal(atomic_load(&site->server.accepted), 1);
	map_server_stop(&site->server);
}

static void
test_an_answer_may_come_in_pieces(void **state)
{
	struct site *site = *state;

	atomic_store(&site->server.manner, MAP_SERVER_PIECES);
	map_server_start(&site->server);
	assert_string_equal(look_up(site, "known@x.test", WAIT_MS), "ann,bob");
	map_server_stop(&site->server);
}

static void
test_a_server_that_closes_after_each_answer_is_asked_anew(void **state)
{
	struct site *site = *state;

	atomic_store(&site->server.manner, MAP_SERVER_CLOSES);
	map_server_start(&site->server);
	assert_string_equal(look_up(site, "known@x.test", WAIT_MS), "ann,bob");
	assert_string_equal(look_up(site, "b@x.test", WAIT_MS), "none");
	assert_string_equal(look_up(site, "c@x.test", WAIT_MS), "none");
	assert_int_equal(atomic_load(&site->server.accepted), 3);
	map_server_stop(&site->server);
}

static void
test_a_server_that_was_restarted_is_found_again(void **state)
{
	struct site *site = *state;

	map_server_start(&site->server);
	assert_string_equal(look_up(site, "b@x.test", WAIT_MS), "none");
	map_server_stop(&site->server);
	map_server_start(&site->server);
	assert_string_equal(look_up(site, "known@x.test", WAIT_MS), "ann,bob");
	map_server_stop(&site->server);
}

static void
test_refusals_of_the_server_are_not_remembered(void **state)
{
	struct site *site = *state;

	map_server_start(&site->server);
	assert_string_equal(look_up(site, "temp@x.test", WAIT_MS), "failed");
	assert_string_equal(look_up(site, "temp@x.test", WAIT_MS), "failed");
	assert_string_equal(look_up(site, "empty@x.test", WAIT_MS), "failed");
	assert_int_equal(atomic_load(&site->server.asked), 3);
	/* It is not down: others are asked about. */
	assert_string_equal(look_up(site, "known@x.test", WAIT_MS), "ann,bob");
	map_server_stop(&site->server);
}

static void
test_a_server_that_hangs_is_waited_for_once(void **state)
{
	struct site *site = *state;
	int64_t began_ms = pt_clock_ticks_ms();
	int64_t took_ms;
	int i;

	atomic_store(&site->server.manner, MAP_SERVER_HANGS);
	map_server_start(&site->server);
	assert_string_equal(look_up(site, "known@x.test", 50), "failed");
	took_ms = pt_clock_ticks_ms() - began_ms;
	assert_in_range(took_ms, 49, 700);
	for (i = 0; i < 100; i++)
		assert_string_equal(
		    look_up(site, "known@x.test", 5000), "failed");
	assert_int_equal(atomic_load(&site->server.asked), 1);
	map_server_stop(&site->server);
}

static void
test_a_server_that_is_not_there_fails_at_once(void **state)
{
	struct site *site = *state;
	int64_t began_ms = pt_clock_ticks_ms();

	assert_string_equal(look_up(site, "known@x.test", 5000), "failed");
	assert_non_null(strstr(site->err.text, "cannot connect"));
	assert_true(pt_clock_ticks_ms() - began_ms < 1000);
}

static void
test_garbage_and_endless_answers_fail(void **state)
{
	static const int manners[] = {MAP_SERVER_GARBAGE, MAP_SERVER_ENDLESS};
	struct site *site = *state;
	void *own = site;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(manners); i++) {
		if (i > 0)
			assert_int_equal(set_up(&own), 0);
		site = own;
		atomic_store(&site->server.manner, manners[i]);
		map_server_start(&site->server);
		assert_string_equal(
		    look_up(site, "known@x.test", 5000), "failed");
		assert_non_null(strstr(site->err.text, "no reply"));
		map_server_stop(&site->server);
		if (i > 0)
			assert_int_equal(tear_down(&own), 0);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replies_are_read_in_any_pieces),
	    cmocka_unit_test(test_replies_mean_what_the_protocol_says),
	    cmocka_unit_test(test_answers_are_remembered_for_their_time),
	    TEST(test_a_server_is_asked_once_and_its_connection_kept),
	    TEST(test_an_answer_may_come_in_pieces),
	    TEST(test_a_server_that_closes_after_each_answer_is_asked_anew),
	    TEST(test_a_server_that_was_restarted_is_found_again),
	    TEST(test_refusals_of_the_server_are_not_remembered),
	    TEST(test_a_server_that_hangs_is_waited_for_once),
	    TEST(test_a_server_that_is_not_there_fails_at_once),
	    TEST(test_garbage_and_endless_answers_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
