/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What was only observed, in a dump. */

#include "core/base/attr.h"
#include "tests/unit/ctl_record.h"

#define WOULD                                                               \
	"{\"reason\": 2, \"messages\": 17, \"first_at\": 90, \"last_at\": " \
	"100, \"peak\": {\"unit\": \"messages\", \"used\": 20, \"limit\": " \
	"15, \"seconds\": 3600}}"

#define OBSERVED                                                           \
	"{\"would\": [" WOULD "], \"noted\": [1, 4294967295], "            \
	"\"messages\": [[90, 80, 3], [100, 100, 1]], \"recipients\": [], " \
	"\"bytes\": [[100, 100, 1500]]}"

#define ACTIVITY                                                           \
	"{\"postern\": \"activity\", \"login\": \"ann@example.com\", "     \
	"\"messages\": [], \"recipients\": [], \"bytes\": [], "            \
	"\"charged\": [], \"grant\": {\"id\": 0, \"used\": 0}, \"sent\": " \
	"{\"at\": 0, \"messages\": 0, \"recipients\": 0, \"bytes\": 0}, "  \
	"\"refused\": {\"at\": 0, \"reason\": 0, \"total\": 0, "           \
	"\"attempts\": []}, \"observed\": " OBSERVED "}"

static void
what_a_dump_holds_comes_back_the_same(void **state)
{
	json_t *object = read_object(ACTIVITY);
	struct pt_activity activity;
	struct pt_err err;

	(void)state;
	if (pc_record_to_activity(object, &activity, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(activity.observed.count, 1);
	assert_int_equal(activity.observed.entry[0].messages, 17);
	assert_int_equal(activity.observed.entry[0].peak.used, 20);
	assert_int_equal(activity.observed.hash[1], UINT32_MAX);
	assert_int_equal(activity.observed.passed[PT_COUNT_BYTES].count, 1);
	check_same(object, pc_record_from_activity(&activity));
	json_decref(object);
}

#define EIGHT "1, 2, 3, 4, 5, 6, 7, 8, "

static void
what_the_state_could_not_hold_is_refused(void **state)
{
	static const struct change changes[] = {
	    {"would", "[]", "members that tell nothing"},
	    {"would", "{}", "observed: would: not a list"},
	    {"would",
		"[" WOULD "," WOULD "," WOULD "," WOULD "," WOULD "," WOULD
		"," WOULD "," WOULD "," WOULD "]",
		"observed: would: more than 8 entries"},
	    {"would", "[{\"reason\": 2}]", "observed: would: "},
	    {"noted", "[" EIGHT EIGHT EIGHT EIGHT "9]", "observed: noted: "},
	    {"noted", "[4294967296]", "observed: noted: 4294967296"},
	    {"messages", "[[90, 95, 3]]", "observed"},
	    {"recipients", "{}", "observed: recipients: not a list"},
	    {"bytes", "5", "observed: bytes: not a list"},
	    {"extra", "1", "observed: "},
	};

	(void)state;
	check_changes_refused(ACTIVITY, "observed/", changes,
	    PT_ARRAY_LEN(changes), read_activity);
}

static void
an_entry_that_no_state_could_hold_is_refused(void **state)
{
	static const struct change changes[] = {
	    {"reason", "256", "reason: 256"},
	    {"messages", "-1", "messages: -1"},
	    {"first_at", "-1", "first_at: -1"},
	    {"first_at", "101", "not what the state could hold"},
	    {"last_at", "-1", "last_at: -1"},
	    {"peak", "{}", "observed: would: figures: "},
	    {"extra", "1", "observed: would: "},
	};

	(void)state;
	check_changes_refused(ACTIVITY, "observed/would/", changes,
	    PT_ARRAY_LEN(changes), read_activity);
}

static void
a_record_without_it_says_nothing_of_it(void **state)
{
	struct pt_login login = test_login("ann@example.com");
	struct pt_activity activity;
	json_t *object;

	(void)state;
	pt_activity_init(&activity, &login);
	object = pc_record_from_activity(&activity);
	assert_non_null(object);
	assert_null(json_object_get(object, "observed"));
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_dump_holds_comes_back_the_same),
	    cmocka_unit_test(what_the_state_could_not_hold_is_refused),
	    cmocka_unit_test(an_entry_that_no_state_could_hold_is_refused),
	    cmocka_unit_test(a_record_without_it_says_nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
