/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The life of an account, what is pending, and signals in a dump. */

#include "core/base/attr.h"
#include "core/state/notice.h"
#include "tests/unit/ctl_record.h"
#include "tests/unit/support/random_signals.h"

#define ROUNDS   300
#define KEY_NAME 77

#define FIGURES                                              \
	"{\"unit\": \"refusals\", \"used\": 51, \"limit\": " \
	"50, \"seconds\": 3600}"

#define ACCOUNT                                                           \
	"{\"postern\": \"account\", \"login\": \"ann@example.com\", "     \
	"\"created_at\": 1, \"plan\": \"free\", \"status\": \"active\", " \
	"\"language\": \"\", \"lock\": {\"at\": 0, \"note\": \"\"}, "     \
	"\"block_reason\": \"quota\", \"block\": {\"at\": 6, \"note\": "  \
	"\"\"}, \"grant\": {\"until\": 0, \"amount\": 0, \"id\": 0}, "    \
	"\"overrides\": [], \"senders\": [], \"timezone\": "              \
	"\"Europe/Riga\", \"life\": {\"next_plan\": \"premium\", "        \
	"\"next_plan_at\": 9, \"block_figures\": " FIGURES ", "           \
	"\"notices\": {\"since\": 5, \"count\": 2}, \"unused_told_at\": " \
	"6, \"carried\": {\"block\": \"quota\", \"block_at\": 3, "        \
	"\"notice\": \"limit-soon\", \"notice_at\": 4}}}"

#define ACTIVITY                                                           \
	"{\"postern\": \"activity\", \"login\": \"ann@example.com\", "     \
	"\"messages\": [], \"recipients\": [], \"bytes\": [], "            \
	"\"charged\": [], \"grant\": {\"id\": 0, \"used\": 0}, \"sent\": " \
	"{\"at\": 0, \"messages\": 0, \"recipients\": 0, \"bytes\": 0}, "  \
	"\"refused\": {\"at\": 0, \"reason\": 0, \"total\": 0, "           \
	"\"attempts\": []}, \"pending_block\": {\"reason\": \"quota\", "   \
	"\"at\": 200, \"figures\": " FIGURES "}, \"pending_notice\": "     \
	"{\"kind\": \"penalty\", \"at\": 150, \"until\": 300, "            \
	"\"figures\": " FIGURES "}, \"limits\": {\"penalty\": "            \
	"{\"since\": 150, \"until\": 300}, \"told_at\": 100, "             \
	"\"refused\": [[100, 90, 3], [200, 200, 1]]}}"

#define USAGE                                                          \
	"{\"postern\": \"usage\", \"login\": \"ann@example.com\", "    \
	"\"logins\": {\"at\": 0, \"total\": 0, \"window\": []}, "      \
	"\"down\": {\"total\": 0, \"window\": []}, \"up\": "           \
	"{\"total\": 0, \"window\": []}, \"pop3_checked_at\": 0, "     \
	"\"view\": {\"checked_at\": 0, \"uidvalidity\": 0, "           \
	"\"uidnext\": 0}, \"sessions\": {\"life\": 0, \"count\": 0}, " \
	"\"guesses\": {\"window\": [], \"hashes\": []}, "              \
	"\"last_uses\": [], \"refused_logins\": [[100, 90, 3]]}"

#define SIGNALS                                                       \
	"{\"postern\": \"signals\", \"login\": \"ann@example.com\", " \
	"\"key\": 77, \"clients\": [[90, 4294967295], [100, 5]], "    \
	"\"strangers\": [[99, 99, 3]]}"

static void
what_a_dump_holds_comes_back_the_same(void **state)
{
	struct pt_activity activity;
	struct pt_account account;
	struct pt_signals signals;
	struct pt_usage usage;
	uint32_t key_name;
	struct pt_err err;
	json_t *object;

	(void)state;
	object = read_object(ACCOUNT);
	assert_int_equal(pc_record_to_account(object, &account, &err), 0);
	assert_string_equal(account.next_plan, "premium");
	assert_string_equal(account.timezone, "Europe/Riga");
	assert_int_equal(account.block_figures.unit, PT_FIGURES_REFUSALS);
	assert_int_equal(account.carried.notice, PT_NOTICE_LIMIT_SOON);
	check_same(object, pc_record_from_account(&account));
	json_decref(object);
	object = read_object(ACTIVITY);
	assert_int_equal(pc_record_to_activity(object, &activity, &err), 0);
	assert_int_equal(activity.notice.kind, PT_NOTICE_PENALTY);
	assert_int_equal(activity.penalty.until, 300);
	assert_int_equal(activity.refused.count, 2);
	check_same(object, pc_record_from_activity(&activity));
	json_decref(object);
	object = read_object(USAGE);
	assert_int_equal(pc_record_to_usage(object, &usage, &err), 0);
	assert_int_equal(usage.refused_logins.count, 1);
	check_same(object, pc_record_from_usage(&usage));
	json_decref(object);
	object = read_object(SIGNALS);
	assert_int_equal(
	    pc_record_to_signals(object, &signals, &key_name, &err), 0);
	assert_int_equal(key_name, KEY_NAME);
	check_same(object, pc_record_from_signals(&signals, KEY_NAME));
	json_decref(object);
}

static void
clamp_signals(void *record)
{
	(void)record;
}

/* Any number: each of them is dumped as if with a key of its own. */
static uint32_t
key_name_of(const struct pt_signals *signals)
{
	return signals->client_count > 0 ? signals->clients[0].hash : 0;
}

static json_t *
dump_signals(const void *record)
{
	return pc_record_from_signals(record, key_name_of(record));
}

static int
load_signals(const json_t *object, void *record, struct pt_err *err)
{
	uint32_t key_name;
	int rc = pc_record_to_signals(object, record, &key_name, err);

	if (rc == 0)
		assert_int_equal(key_name, key_name_of(record));
	return rc;
}

static void
every_signals_record_survives_dump_and_load(void **state)
{
	static const struct dump_format format = {
	    .record = &signals_format,
	    .clamp = clamp_signals,
	    .dump = dump_signals,
	    .load = load_signals,
	};

	(void)state;
	check_survives_dump(&format, ROUNDS);
}

static void
what_says_nothing_is_not_there(void **state)
{
	static const char *const members[] = {"timezone", "life",
	    "pending_block", "pending_notice", "limits", "refused_logins",
	    "sketch", "sketch_before"};
	struct pt_login login = test_login("ann@example.com");
	struct pt_activity activity;
	struct pt_account account;
	struct pt_signals signals;
	struct pt_usage usage;
	json_t *objects[4];

	(void)state;
	pt_account_init(&account, &login);
	pt_activity_init(&activity, &login);
	pt_usage_init(&usage, &login);
	pt_signals_init(&signals, &login);
	objects[0] = pc_record_from_account(&account);
	objects[1] = pc_record_from_activity(&activity);
	objects[2] = pc_record_from_usage(&usage);
	objects[3] = pc_record_from_signals(&signals, KEY_NAME);
	for (size_t i = 0; i < PT_ARRAY_LEN(objects); i++) {
		assert_non_null(objects[i]);
		for (size_t j = 0; j < PT_ARRAY_LEN(members); j++)
			assert_null(json_object_get(objects[i], members[j]));
		json_decref(objects[i]);
	}
}

static void
a_changed_life_is_refused(void **state)
{
	static const struct change changes[] = {
	    {"next_plan", "5", "life: "},
	    {"next_plan", "\"\"", "life: not what the state could hold"},
	    {"next_plan", "\"123456789012345678901234567890123\"",
		"life: next_plan: longer than"},
	    {"next_plan", "\"a\\nb\"", "text that the state cannot hold"},
	    {"next_plan_at", "-1", "life: next_plan_at: -1"},
	    {"block_figures", "{}", "life: block_figures: figures: "},
	    {"block_figures",
		"{\"unit\": \"grudges\", \"used\": 1, \"limit\": 1, "
		"\"seconds\": 1}",
		"not a unit that this version knows"},
	    {"block_figures",
		"{\"unit\": \"bytes\", \"used\": 1, \"limit\": 1, "
		"\"seconds\": -1}",
		"figures: -1 is out of range"},
	    {"notices", "{\"since\": 1, \"count\": 4294967296}",
		"notices: 4294967296"},
	    {"unused_told_at", "-1", "unused_told_at: -1"},
	    {"carried",
		"{\"block\": \"grudge\", \"block_at\": 1, \"notice\": \"\", "
		"\"notice_at\": 0}",
		"carried: block: not a reason"},
	    {"carried",
		"{\"block\": \"\", \"block_at\": 1, \"notice\": \"rumour\", "
		"\"notice_at\": 0}",
		"carried: notice: not of a kind"},
	    {"extra", "1", "life: "},
	};

	(void)state;
	check_changes_refused(
	    ACCOUNT, "life/", changes, PT_ARRAY_LEN(changes), read_account);
}

static void
changed_pending_matters_are_refused(void **state)
{
	static const struct change changes[] = {
	    {"pending_block",
		"{\"reason\": \"quota\", \"at\": 1, \"figures\": 5}",
		"pending_block: figures: "},
	    {"pending_block",
		"{\"reason\": \"quota\", \"at\": 200, \"figures\": "
		"{\"unit\": \"\", \"used\": 0, \"limit\": 0, \"seconds\": "
		"0}}",
		"pending_block: not what the state could hold"},
	    {"pending_notice", "[]", "pending_notice: "},
	    {"pending_notice",
		"{\"kind\": \"rumour\", \"at\": 1, \"until\": 0, "
		"\"figures\": " FIGURES "}",
		"pending_notice: notice: not of a kind"},
	    {"pending_notice",
		"{\"kind\": \"\", \"at\": 1, \"until\": 0, "
		"\"figures\": " FIGURES "}",
		"members that tell nothing"},
	    {"pending_notice",
		"{\"kind\": \"penalty\", \"at\": 5, \"until\": 3, "
		"\"figures\": " FIGURES "}",
		"pending_notice: not what the state could hold"},
	    {"limits",
		"{\"penalty\": {\"since\": -1, \"until\": 0}, \"told_at\": "
		"0, \"refused\": []}",
		"limits: penalty: -1"},
	    {"limits",
		"{\"penalty\": {\"since\": 0, \"until\": 0}, \"told_at\": "
		"0, \"refused\": []}",
		"members that tell nothing"},
	    {"limits",
		"{\"penalty\": {\"since\": 0, \"until\": 0}, \"told_at\": "
		"1, \"refused\": {}}",
		"limits: refused: not a list"},
	};

	(void)state;
	check_changes_refused(
	    ACTIVITY, "", changes, PT_ARRAY_LEN(changes), read_activity);
}

static void
changed_signals_are_refused(void **state)
{
	static const struct change changes[] = {
	    {"key", "-1", "key: -1"},
	    {"login", "\"ann\"", "login: "},
	    {"clients", "{}", "clients: not a list"},
	    {"clients", "[[100, 1], [90, 1]]", "not what the state could hold"},
	    {"clients", "[[100]]", "clients: "},
	    {"clients", "[[100, 4294967296]]", "clients: 4294967296"},
	    {"strangers", "[[1, 1]]", "strangers: "},
	    {"sketch", "{\"count\": 1}", "sketch: "},
	    {"sketch", "{\"count\": 4294967296, \"bits\": \"\"}",
		"sketch: 4294967296"},
	    {"sketch", "{\"count\": 1, \"bits\": \"AAAA\"}",
		"sketch: not 512 bytes in base64"},
	    {"sketch_before", "{\"count\": 1, \"bits\": \"A!AA\"}",
		"sketch_before: not 512 bytes in base64"},
	    {"extra", "1", "extra"},
	};

	(void)state;
	check_changes_refused(
	    SIGNALS, "", changes, PT_ARRAY_LEN(changes), read_signals);
}

static void
keys_are_told_apart(void **state)
{
	const unsigned char one[PC_RECORD_KEY_BYTES] = {1};
	const unsigned char other[PC_RECORD_KEY_BYTES] = {2};

	(void)state;
	assert_int_equal(pc_record_key_name(one), pc_record_key_name(one));
	assert_int_not_equal(
	    pc_record_key_name(one), pc_record_key_name(other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_dump_holds_comes_back_the_same),
	    cmocka_unit_test(every_signals_record_survives_dump_and_load),
	    cmocka_unit_test(what_says_nothing_is_not_there),
	    cmocka_unit_test(a_changed_life_is_refused),
	    cmocka_unit_test(changed_pending_matters_are_refused),
	    cmocka_unit_test(changed_signals_are_refused),
	    cmocka_unit_test(keys_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
