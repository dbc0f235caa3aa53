/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Names and the places where they were first said. */
#include "ctl/queue_names.h"

#include "tests/unit/support/testing.h"

#define MANY 5000

static void
add(struct pc_queue_names *names, const char *text, size_t place)
{
	struct pt_err err;

	if (pc_queue_names_add(names, text, place, &err) != 0)
		fail_msg("%s", err.text);
}

static void
nothing_is_found_where_nothing_was_added(void **state)
{
	struct pc_queue_names names = {0};
	size_t place = 7;

	(void)state;
	assert_false(pc_queue_names_find(&names, "ann@example.com", &place));
	add(&names, "ann@example.com", 0);
	pc_queue_names_clear(&names);
	assert_false(pc_queue_names_find(&names, "ann@example.com", &place));
	assert_int_equal(place, 7);
}

static void
a_name_is_the_whole_text(void **state)
{
	static const char *const others[] = {"", "@", "@shop.test",
	    "ann@shop.tes", "ann@shop.testt", "Ann@shop.test"};
	struct pc_queue_names names = {0};
	size_t place = 7;
	size_t i;

	(void)state;
	add(&names, "ann@shop.test", 3);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(pc_queue_names_find(&names, others[i], &place));
	assert_int_equal(place, 7);
	assert_true(pc_queue_names_find(&names, "ann@shop.test", &place));
	assert_int_equal(place, 3);
	pc_queue_names_clear(&names);
}

/* Also when it has grown meanwhile. */
static void
the_first_place_of_a_name_stays(void **state)
{
	static char texts[MANY][16];
	struct pc_queue_names names = {0};
	size_t place;
	size_t i;

	(void)state;
	for (i = 0; i < MANY; i++) {
		(void)snprintf(texts[i], sizeof(texts[i]), "n%zu", i / 2);
		add(&names, texts[i], i);
	}
	assert_int_equal(names.count, MANY / 2);
	for (i = 0; i < MANY; i++) {
		assert_true(pc_queue_names_find(&names, texts[i], &place));
		assert_int_equal(place, i - i % 2);
	}
	assert_false(pc_queue_names_find(&names, "n2500", &place));
	pc_queue_names_clear(&names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_found_where_nothing_was_added),
	    cmocka_unit_test(a_name_is_the_whole_text),
	    cmocka_unit_test(the_first_place_of_a_name_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
