/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/reply.h"

#include <string.h>

#include "tests/unit/support/testing.h"

static void
feed(struct dp_reply_reader *reader, const char *at, size_t len)
{
	size_t room;
	char *to = dp_reply_room(reader, &room);

	assert_true(room >= len);
	memcpy(to, at, len);
	dp_reply_filled(reader, len);
}

static enum dp_reply_state
read_whole(const char *text, struct dp_reply *out)
{
	struct dp_reply_reader reader = {0};

	feed(&reader, text, strlen(text));
	return dp_reply_next(&reader, out);
}

static void
test_every_field_is_read(void **state)
{
	struct dp_reply reply;

	(void)state;
	assert_int_equal(
	    read_whole("action=ok\nhold=no\nreport=60\n\n", &reply),
	    DP_REPLY_ONE);
	assert_int_equal(reply.action, DP_ACTION_OK);
	assert_false(reply.hold);
	assert_false(reply.unasked);
	assert_int_equal(reply.report_s, 60);
	assert_int_equal(read_whole("action=hold\nunasked=yes\nuidvalidity=7\n"
				    "uidnext=4294967295\ndue=300\n\n",
			     &reply),
	    DP_REPLY_ONE);
	assert_int_equal(reply.action, DP_ACTION_HOLD);
	assert_true(reply.unasked);
	assert_int_equal(reply.uidvalidity, 7);
	assert_int_equal(reply.uidnext, UINT32_MAX);
	assert_int_equal(reply.due_s, 300);
	assert_int_equal(
	    read_whole("action=close\nreason=blocked\n"
		       "reply=[CONTACTADMIN] a=b; see https://x/?y=z\n\n",
		&reply),
	    DP_REPLY_ONE);
	assert_int_equal(reply.action, DP_ACTION_CLOSE);
	assert_string_equal(reply.reason, "blocked");
	assert_string_equal(
	    reply.text, "[CONTACTADMIN] a=b; see https://x/?y=z");
}

static void
test_unknown_fields_are_skipped(void **state)
{
	struct dp_reply reply;

	(void)state;
	assert_int_equal(
	    read_whole("version=9\naction=ok\nfuture=a\tb\n\n", &reply),
	    DP_REPLY_ONE);
	assert_true(reply.hold);
	assert_int_equal(reply.report_s, 0);
}

static void
test_what_is_no_reply_is_garbage_for_good(void **state)
{
	static const char *const texts[] = {
	    "\n\n",
	    "action\n\n",
	    "action=perhaps\n\n",
	    "reason=blocked\n\n",
	    "action=hold\nuidvalidity=7\n\n",
	    "action=hold\nuidvalidity=0\nuidnext=3\n\n",
	    "action=hold\nuidvalidity=7\nuidnext=4294967296\n\n",
	    "action=hold\nuidvalidity=7\nuidnext=-3\n\n",
	    "action=hold\nuidvalidity=7\nuidnext=3 \n\n",
	    "action=ok\nunasked=maybe\n\n",
	    "action=close\nreply=a\rb\n\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct dp_reply_reader reader = {0};
		struct dp_reply reply;

		feed(&reader, texts[i], strlen(texts[i]));
		if (dp_reply_next(&reader, &reply) != DP_REPLY_GARBAGE)
			fail_msg("taken as a reply: %s", texts[i]);
		feed(&reader, "action=ok\n\n", 11);
		assert_int_equal(
		    dp_reply_next(&reader, &reply), DP_REPLY_GARBAGE);
		dp_reply_reset(&reader);
		feed(&reader, "action=ok\n\n", 11);
		assert_int_equal(dp_reply_next(&reader, &reply), DP_REPLY_ONE);
	}
}

/* A reply that never ends must not be waited for. */
static void
test_too_long_a_reply_is_garbage(void **state)
{
	struct dp_reply_reader reader = {0};
	struct dp_reply reply;
	size_t room;

	(void)state;
	do {
		assert_int_equal(dp_reply_next(&reader, &reply), DP_REPLY_MORE);
		feed(&reader, "x", 1);
		(void)dp_reply_room(&reader, &room);
	} while (room > 0);
	assert_int_equal(dp_reply_next(&reader, &reply), DP_REPLY_GARBAGE);
}

static void
test_chunks_of_any_size_read_the_same(void **state)
{
	static const char stream[] =
	    "action=ok\nhold=yes\n\n"
	    "action=hold\nuidvalidity=7\nuidnext=3\ndue=1\n\n"
	    "action=close\nreason=traffic\nreply=[LIMIT] full\n\n";
	size_t size;

	(void)state;
	for (size = 1; size < sizeof(stream); size++) {
		struct dp_reply_reader reader = {0};
		struct dp_reply reply;
		unsigned found = 0;
		size_t at;

		for (at = 0; at < sizeof(stream) - 1; at += size) {
			size_t left = sizeof(stream) - 1 - at;

			feed(&reader, stream + at, left < size ? left : size);
			while (dp_reply_next(&reader, &reply) == DP_REPLY_ONE)
				assert_int_equal(
				    reply.action, DP_ACTION_OK + found++);
		}
		assert_int_equal(found, 3);
		assert_string_equal(reply.reason, "traffic");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_field_is_read),
	    cmocka_unit_test(test_unknown_fields_are_skipped),
	    cmocka_unit_test(test_what_is_no_reply_is_garbage_for_good),
	    cmocka_unit_test(test_too_long_a_reply_is_garbage),
	    cmocka_unit_test(test_chunks_of_any_size_read_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
