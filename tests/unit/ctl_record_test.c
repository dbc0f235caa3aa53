/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/attr.h"
#include "tests/unit/ctl_record.h"
#include "tests/unit/support/random_activity.h"

#define ROUNDS 2000

#define ACCOUNT                                              \
	ACCOUNT_HEAD "\"overrides\": [\"messages=50/1h\"], " \
		     "\"senders\": [\"sales@example.com\", " \
		     "\"@example.net\"]}"

#define ACTIVITY                                                          \
	"{\"postern\": \"activity\", \"login\": \"ann@example.com\", "    \
	"\"messages\": [[100, 90, 3], [200, 200, 1]], \"recipients\": "   \
	"[], \"bytes\": [[200, 200, 5000]], \"charged\": [[200, "         \
	"4294967295]], \"grant\": {\"id\": 1, \"used\": 2}, \"sent\": "   \
	"{\"at\": 200, \"messages\": 4, \"recipients\": 5, \"bytes\": "   \
	"5000}, \"refused\": {\"at\": 150, \"reason\": 2, \"total\": 9, " \
	"\"attempts\": [7, 8]}}"

/* With what the charges added. */
#define CHARGED                                                          \
	"{\"postern\": \"activity\", \"login\": \"ann@example.com\", "   \
	"\"messages\": [], \"recipients\": [], \"bytes\": [], "          \
	"\"charged\": [[100, 9], [150, 8, 3, 5000, false], [200, 7, 1, " \
	"4611686018427387903, true]], \"grant\": {\"id\": 1, \"used\": " \
	"2}, \"sent\": {\"at\": 200, \"messages\": 4, \"recipients\": "  \
	"5, \"bytes\": 5000}, \"refused\": {\"at\": 150, \"reason\": "   \
	"2, \"total\": 9, \"attempts\": []}}"

#define HISTORY                                                       \
	"{\"postern\": \"history\", \"login\": \"ann@example.com\", " \
	"\"at\": 5, \"who\": \"root\", \"what\": \"set\", "           \
	"\"detail\": \"plan: free -> premium\"}"

static int
recode(const json_t *object, json_t **out, struct pt_err *err)
{
	struct pt_activity activity;
	struct pt_account account;
	struct pt_history history;
	enum pc_record_kind kind;
	int rc = -1;

	if (pc_record_kind(object, &kind, err) != 0)
		return -1;
	if (kind == PC_RECORD_ACCOUNT) {
		rc = pc_record_to_account(object, &account, err);
		*out = rc == 0 ? pc_record_from_account(&account) : NULL;
	} else if (kind == PC_RECORD_ACTIVITY) {
		rc = pc_record_to_activity(object, &activity, err);
		*out = rc == 0 ? pc_record_from_activity(&activity) : NULL;
	} else if (kind == PC_RECORD_HISTORY) {
		rc = pc_record_to_history(object, &history, err);
		*out = rc == 0 ? pc_record_from_history(&history) : NULL;
	}
	return rc;
}

static void
what_a_dump_holds_comes_back_the_same(void **state)
{
	static const char *const lines[] = {
	    ACCOUNT, ACTIVITY, CHARGED, HISTORY};
	struct pt_err err;
	json_t *object;
	json_t *again;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(lines); i++) {
		object = read_object(lines[i]);
		if (recode(object, &again, &err) != 0)
			fail_msg("%zu: %s", i, err.text);
		check_same(object, again);
		json_decref(object);
	}
}

static void
clamp_observed(struct pt_observed *observed)
{
	for (unsigned i = 0; i < observed->count; i++) {
		struct pt_would *would = &observed->entry[i];

		would->messages &= INT64_MAX;
		would->peak.used &= INT64_MAX;
		would->peak.limit &= INT64_MAX;
	}
}

static void
clamp_activity(void *record)
{
	struct pt_activity *activity = record;
	unsigned i;

	clamp_observed(&activity->observed);
	activity->grant_used &= INT64_MAX;
	activity->refusals.total &= INT64_MAX;
	activity->block.figures.used &= INT64_MAX;
	activity->block.figures.limit &= INT64_MAX;
	activity->notice.figures.used &= INT64_MAX;
	activity->notice.figures.limit &= INT64_MAX;
	for (i = 0; i < activity->recent_count; i++)
		activity->recent[i].recipients &= INT64_MAX;
	for (i = 0; i < PT_COUNTED; i++)
		activity->total[i] &= INT64_MAX;
}

static json_t *
dump_activity(const void *record)
{
	return pc_record_from_activity(record);
}

static int
load_activity(const json_t *object, void *record, struct pt_err *err)
{
	return pc_record_to_activity(object, record, err);
}

static void
every_activity_survives_dump_and_load(void **state)
{
	static const struct dump_format format = {
	    .record = &activity_format,
	    .clamp = clamp_activity,
	    .dump = dump_activity,
	    .load = load_activity,
	};

	(void)state;
	check_survives_dump(&format, ROUNDS);
}

static void
bad_objects_are_refused_with_the_member_named(void **state)
{
	static const struct {
		const char *line;
		const char *text;
	} cases[] = {
	    {"{}", "no object that a dump consists of"},
	    {"{\"postern\": 5}", "no object that a dump consists of"},
	    {"{\"postern\": \"grudge\"}", "no object that a dump"},
	    {"{\"postern\": \"account\"}", "login"},
	    {"{\"postern\": \"history\", \"login\": \"ann@example.com\", "
	     "\"at\": 5, \"who\": \"root\", \"what\": \"set\"}",
		"detail"},
	    {"{\"postern\": \"history\", \"login\": \"ann@example.com\", "
	     "\"at\": 5, \"who\": \"root\", \"what\": \"\", \"detail\": "
	     "\"\"}",
		"what: empty"},
	    {"{\"postern\": \"history\", \"login\": \"ann@example.com\", "
	     "\"at\": -5, \"who\": \"root\", \"what\": \"x\", \"detail\": "
	     "\"\"}",
		"at: -5 is out of range"},
	    {"{\"postern\": \"history\", \"login\": \"ann@example.com\", "
	     "\"at\": 5, \"who\": \"ro\\u001bot\", \"what\": \"x\", "
	     "\"detail\": \"\"}",
		"text that the state cannot hold"},
	    {"{\"postern\": \"history\", \"login\": \"ann@example.com\", "
	     "\"at\": 5, \"who\": "
	     "\"aaaaaaaaaabbbbbbbbbbccccccccccdd\", \"what\": \"x\", "
	     "\"detail\": \"\"}",
		"who: longer than 31 bytes"},
	    {"{\"postern\": \"history\", \"login\": \"Ann@Example.com\", "
	     "\"at\": 5, \"who\": \"r\", \"what\": \"x\", \"detail\": "
	     "\"\"}",
		"not written as Postern writes it"},
	    {"{\"postern\": \"history\", \"login\": \"ann\", \"at\": 5, "
	     "\"who\": \"r\", \"what\": \"x\", \"detail\": \"\"}",
		"login: "},
	    {ACCOUNT_HEAD "\"overrides\": [], \"senders\": [], \"x\": 1}", "x"},
	    {ACCOUNT_HEAD "\"overrides\": [\"massages=5/1m\"], "
			  "\"senders\": []}",
		"did you mean"},
	    {ACCOUNT_HEAD "\"overrides\": [\"messages\"], \"senders\": []}",
		"KEY=VALUE"},
	    {ACCOUNT_HEAD "\"overrides\": [5], \"senders\": []}",
		"overrides: not text"},
	    {ACCOUNT_HEAD "\"overrides\": [\"\"], \"senders\": []}",
		"overrides: empty or too many"},
	    {ACCOUNT_HEAD "\"overrides\": {}, \"senders\": []}",
		"overrides: not a list"},
	};
	struct pt_err err;
	json_t *object;
	json_t *again;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		object = read_object(cases[i].line);
		assert_int_equal(recode(object, &again, &err), -1);
		if (strstr(err.text, cases[i].text) == NULL)
			fail_msg("%zu: %s", i, err.text);
		json_decref(object);
	}
}

/* One member of the good activity replaced by something. */
static void
a_changed_activity_is_refused(void **state)
{
	static const struct {
		const char *member;
		const char *value;
	} cases[] = {
	    {"messages", "[[200, 200, 1], [100, 100, 1]]"},
	    {"messages", "[[100, 100, 1], [100, 100, 1]]"},
	    {"messages", "[[100, 200, 1]]"},
	    {"messages", "[[100, 100, 0]]"},
	    {"messages", "[[100, 100]]"},
	    {"messages", "[[100, 100, 1, 1]]"},
	    {"messages", "[[-1, -1, 1]]"},
	    {"messages", "[[\"100\", 100, 1]]"},
	    {"messages", "[5]"},
	    {"messages", "{}"},
	    {"recipients", "null"},
	    {"charged", "[[200, 4294967296]]"},
	    {"charged", "[[200, -1]]"},
	    {"charged", "[[200, 1], [100, 1]]"},
	    {"charged", "[[200, 1, 1]]"},
	    {"charged", "[[200, 1, 1, 1]]"},
	    {"charged", "[[200, 1, 1, 1, 0]]"},
	    {"charged", "[[200, 1, -1, 1, false]]"},
	    {"charged", "[[200, 1, 1, 4611686018427387904, false]]"},
	    {"charged", "[[200, 1, 0, 0, false]]"},
	    {"grant", "{\"id\": 1}"},
	    {"grant", "{\"id\": 0, \"used\": 0, \"x\": 0}"},
	    {"sent", "[]"},
	    {"refused", "{\"at\": 1, \"reason\": 256, \"total\": 1, "
			"\"attempts\": []}"},
	    {"refused", "{\"at\": 1, \"reason\": 2, \"total\": 1, "
			"\"attempts\": [1,2,3,4,5,6,7,8,9]}"},
	    {"refused", "{\"at\": 1, \"reason\": 2, \"total\": 1, "
			"\"attempts\": [\"x\"]}"},
	    {"pending_block", "{\"reason\": \"grudge\", \"at\": 1}"},
	    {"pending_block", "{\"reason\": \"none\", \"at\": 0}"},
	    {"pending_block", "{\"reason\": \"quota\", \"at\": -1}"},
	    {"pending_block", "{\"reason\": \"quota\"}"},
	    {"pending_block", "[]"},
	    {"login", "\"\""},
	    {"login", "\"a b@example.com\""},
	};
	struct pt_activity activity;
	struct pt_err err;
	json_t *object;
	json_t *value;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		object = read_object(ACTIVITY);
		value = json_loads(cases[i].value, JSON_DECODE_ANY, NULL);
		assert_non_null(value);
		assert_int_equal(
		    json_object_set_new(object, cases[i].member, value), 0);
		err.text[0] = '\0';
		if (pc_record_to_activity(object, &activity, &err) == 0)
			fail_msg(
			    "%s = %s passes", cases[i].member, cases[i].value);
		assert_string_not_equal(err.text, "");
		json_decref(object);
	}
}

static void
headers_of_other_versions_are_told_apart(void **state)
{
	static const struct {
		const char *line;
		enum pt_err_kind kind;
	} cases[] = {
	    {"{\"postern\": \"dump\", \"version\": 1, \"at\": 1, \"by\": "
	     "\"9.9\"}",
		PT_ERR_NONE},
	    {"{\"postern\": \"dump\", \"version\": 2}", PT_ERR_NONE},
	    {"{\"postern\": \"dump\", \"version\": 3}", PT_ERR_NONE},
	    {"{\"postern\": \"dump\", \"version\": 4}", PT_ERR_NONE},
	    {"{\"postern\": \"dump\", \"version\": 5}", PT_ERR_NONE},
	    {"{\"postern\": \"dump\", \"version\": 6}", PT_ERR_NEWER},
	    {"{\"postern\": \"dump\", \"version\": 0}", PT_ERR_INPUT},
	    {"{\"postern\": \"dump\"}", PT_ERR_INPUT},
	    {"{\"postern\": \"account\"}", PT_ERR_INPUT},
	    {"{}", PT_ERR_INPUT},
	};
	struct pt_err err;
	json_t *object;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		object = read_object(cases[i].line);
		err.kind = PT_ERR_NONE;
		rc = pc_record_check_header(object, &err);
		assert_int_equal(rc, cases[i].kind == PT_ERR_NONE ? 0 : -1);
		assert_int_equal(err.kind, cases[i].kind);
		json_decref(object);
	}
	object = pc_record_header(TEST_NOW);
	assert_int_equal(pc_record_check_header(object, &err), 0);
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_dump_holds_comes_back_the_same),
	    cmocka_unit_test(every_activity_survives_dump_and_load),
	    cmocka_unit_test(bad_objects_are_refused_with_the_member_named),
	    cmocka_unit_test(a_changed_activity_is_refused),
	    cmocka_unit_test(headers_of_other_versions_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
