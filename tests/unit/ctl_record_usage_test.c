/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* App passwords and usage in a dump. */

#include "core/base/attr.h"
#include "core/state/account_codec.h"
#include "tests/unit/ctl_record.h"
#include "tests/unit/support/random_account.h"
#include "tests/unit/support/random_usage.h"

#define ROUNDS 1000

#define HEX_16 "000102030405060708090a0b0c0d0e0f"
#define HEX_32 HEX_16 "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"

#define PASSWORD_1                                                        \
	"{\"id\": 2, \"label\": \"Phone\", \"protocols\": "               \
	"\"imap,smtp\", \"created_at\": 10, \"expires_at\": 20, "         \
	"\"ended_at\": 0, \"ending\": \"none\", \"block_reason\": \"\", " \
	"\"networks\": [\"192.0.2.0/24\", \"2001:db8::/32\"], \"hash\": " \
	"\"" HEX_32 "\"}"

#define PASSWORD_2                                                  \
	"{\"id\": 5, \"label\": \"\", \"protocols\": \"pop3\", "    \
	"\"created_at\": 11, \"expires_at\": 0, \"ended_at\": 12, " \
	"\"ending\": \"blocked\", \"block_reason\": \"cracked\", "  \
	"\"networks\": [], \"hash\": \"" HEX_32 "\"}"

#define EXTERNAL(salt, last_id, passwords)                               \
	"{\"access\": \"on\", \"at\": 7, \"protocols\": "                \
	"\"imap,pop3,smtp\", \"main_password_at\": 8, \"salt\": \"" salt \
	"\", \"last_id\": " last_id ", \"passwords\": [" passwords "]}"

#define ACCOUNT_EXTERNAL                                    \
	ACCOUNT_HEAD "\"overrides\": [], \"senders\": [], " \
		     "\"external\": " EXTERNAL(             \
			 HEX_16, "5", PASSWORD_1 ", " PASSWORD_2) "}"

#define USAGE                                                            \
	"{\"postern\": \"usage\", \"login\": \"ann@example.com\", "      \
	"\"logins\": {\"at\": 200, \"total\": 9, \"window\": [[100, "    \
	"90, 3], [200, 200, 1]]}, \"down\": {\"total\": 5, \"window\": " \
	"[[200, 200, 5]]}, \"up\": {\"total\": 6, \"window\": []}, "     \
	"\"pop3_checked_at\": 150, \"view\": {\"checked_at\": 160, "     \
	"\"uidvalidity\": 4294967295, \"uidnext\": 7}, \"sessions\": "   \
	"{\"life\": 1, \"count\": 2}, \"guesses\": {\"window\": [[180, " \
	"180, 1]], \"hashes\": [1, 4294967295]}, \"last_uses\": "        \
	"[{\"password\": 1, \"at\": 200, \"protocol\": \"imap\", "       \
	"\"address\": \"\"}, {\"password\": 2, \"at\": 100, "            \
	"\"protocol\": \"pop3\", \"address\": \"192.0.2.1\"}, "          \
	"{\"password\": 9, \"at\": 0, \"protocol\": \"smtp\", "          \
	"\"address\": \"2001:db8::9\"}]}"

static void
what_a_dump_holds_comes_back_the_same(void **state)
{
	json_t *object = read_object(ACCOUNT_EXTERNAL);
	struct pt_account account;
	struct pt_usage usage;
	struct pt_err err;

	(void)state;
	assert_int_equal(pc_record_to_account(object, &account, &err), 0);
	check_same(object, pc_record_from_account(&account));
	json_decref(object);
	object = read_object(USAGE);
	assert_int_equal(pc_record_to_usage(object, &usage, &err), 0);
	check_same(object, pc_record_from_usage(&usage));
	json_decref(object);
}

/* By hand: the login is no part of an account's record, but of its object. */
static void
every_account_survives_dump_and_load(void **state)
{
	static unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account account;
	struct pt_account stored;
	struct pt_account loaded;
	struct pt_err err;
	json_t *object;
	size_t len;

	(void)state;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		uint64_t random = random_seed(i);

		random_account(&random, &account);
		/* What a number of JSON cannot hold, and what set refuses. */
		account.grant.amount &= INT64_MAX;
		account.block_figures.used &= INT64_MAX;
		account.block_figures.limit &= INT64_MAX;
		account.overrides.count = 0;
		account.overrides.len = 0;
		len = pt_account_encode(&account, bytes, sizeof(bytes));
		assert_int_equal(pt_account_decode(
				     bytes, len, &account.login, &stored, &err),
		    0);
		object = pc_record_from_account(&stored);
		assert_non_null(object);
		if (pc_record_to_account(object, &loaded, &err) != 0)
			fail_msg("round %u: %s", (unsigned)i, err.text);
		assert_true(is_same_account(&stored, &loaded));
		json_decref(object);
	}
}

static void
clamp_usage(void *record)
{
	struct pt_usage *usage = record;

	usage->logins_total &= INT64_MAX;
	for (int i = 0; i < PT_TRAFFICS; i++)
		usage->traffic_total[i] &= INT64_MAX;
}

static json_t *
dump_usage(const void *record)
{
	return pc_record_from_usage(record);
}

static int
load_usage(const json_t *object, void *record, struct pt_err *err)
{
	return pc_record_to_usage(object, record, err);
}

static void
every_usage_survives_dump_and_load(void **state)
{
	static const struct dump_format format = {
	    .record = &usage_format,
	    .clamp = clamp_usage,
	    .dump = dump_usage,
	    .load = load_usage,
	};

	(void)state;
	check_survives_dump(&format, ROUNDS);
}

static void
changed_external_access_is_refused(void **state)
{
	static const struct change changes[] = {
	    {"access", "\"maybe\"", "external: access"},
	    {"access", "\"never\"", "not what the state could hold"},
	    {"access", "5", "external: "},
	    {"at", "-1", "external: at: -1"},
	    {"protocols", "\"imap,nntp\"", "external: protocols"},
	    {"protocols", "\"smtp,imap\"", "not what the state could hold"},
	    {"main_password_at", "-1", "external: main_password_at"},
	    {"salt", "\"00\"", "external: salt: not 32 hexadecimal"},
	    {"salt",
		"\""
		"000102030405060708090a0b0c0d0e0F"
		"\"",
		"external: salt: not 32"},
	    {"salt",
		"\""
		"000102030405060708090a0b0c0d0e0 "
		"\"",
		"external: salt: not 32"},
	    {"last_id", "4294967296", "external: last_id"},
	    {"last_id", "4", "contradict one another"},
	    {"passwords", "{}", "passwords: not a list"},
	    {"passwords", "[5]", "external: passwords: "},
	    {"extra", "1", "external: "},
	};

	(void)state;
	check_changes_refused(ACCOUNT_EXTERNAL, "external/", changes,
	    PT_ARRAY_LEN(changes), read_account);
}

static void
a_changed_app_password_is_refused(void **state)
{
	static const struct change changes[] = {
	    {"id", "0", "contradict one another"},
	    {"id", "5", "contradict one another"},
	    {"id", "-1", "id: -1 is out of range"},
	    {"label", "\"a\\nb\"", "text that the state cannot hold"},
	    {"label",
		"\"0123456789012345678901234567890123456789012345678901234567"
		"890123\"",
		"label: longer than 63"},
	    {"protocols", "\"none\"", "contradict one another"},
	    {"protocols", "\"\"", "protocols: "},
	    {"created_at", "-1", "created_at: -1"},
	    {"expires_at", "\"never\"", "passwords: "},
	    {"ended_at", "9", "contradict one another"},
	    {"ending", "\"revoked\"", "contradict one another"},
	    {"ending", "\"forgotten\"", "ending: not one"},
	    {"block_reason", "\"grudge\"", "block_reason: not one"},
	    {"block_reason", "\"quota\"", "not what the state could hold"},
	    {"networks", "[\"192.0.2.1/24\"]", "networks: "},
	    {"networks", "[\"192.0.2.0/024\"]", ""},
	    {"networks", "[5]", "networks: not text"},
	    {"networks", "[\"::1\",\"::2\",\"::3\",\"::4\",\"::5\"]",
		"networks: more than 4"},
	    {"hash", "\"\"", "hash: not 64"},
	};

	(void)state;
	check_changes_refused(ACCOUNT_EXTERNAL, "external/passwords/", changes,
	    PT_ARRAY_LEN(changes), read_account);
}

static void
a_changed_usage_is_refused(void **state)
{
	static const struct change changes[] = {
	    {"logins", "{\"at\": 200, \"total\": 9}", "logins: "},
	    {"logins", "{\"at\": -1, \"total\": 9, \"window\": []}",
		"logins: -1"},
	    {"down", "{\"total\": -5, \"window\": []}", "down: -5"},
	    {"up", "{\"total\": 5, \"window\": [[2, 2, 1], [1, 1, 1]]}",
		"up: not what the state could hold"},
	    {"pop3_checked_at", "-1", "pop3_checked_at: -1"},
	    {"view",
		"{\"checked_at\": 1, \"uidvalidity\": 4294967296, "
		"\"uidnext\": 1}",
		"view: 4294967296"},
	    {"sessions", "{\"life\": 1, \"count\": -1}", "sessions: -1"},
	    {"guesses", "{\"window\": [], \"hashes\": [\"x\"]}",
		"guesses: not a number"},
	    {"guesses",
		"{\"window\": [], \"hashes\": "
		"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}",
		"guesses: more than 16"},
	    {"last_uses",
		"[{\"password\": 1, \"at\": 1, \"protocol\": "
		"\"imap,pop3\", \"address\": \"\"}]",
		"last_uses: not what the state could hold"},
	    {"last_uses",
		"[{\"password\": 1, \"at\": 1, \"protocol\": \"imap\", "
		"\"address\": \"::\"}]",
		"last_uses: not what the state could hold"},
	    {"last_uses",
		"[{\"password\": 1, \"at\": 1, \"protocol\": \"imap\", "
		"\"address\": \"somewhere\"}]",
		"last_uses: "},
	    {"login", "\"ann\"", "login: "},
	    {"extra", "1", "extra"},
	};

	(void)state;
	check_changes_refused(
	    USAGE, "", changes, PT_ARRAY_LEN(changes), read_usage);
}

/* What has its default says nothing, and is not there. */
static void
members_that_tell_nothing_are_refused(void **state)
{
	struct change change = {"external",
	    "{\"access\": \"never\", \"at\": 0, \"protocols\": \"none\", "
	    "\"main_password_at\": 0, \"salt\": "
	    "\"00000000000000000000000000000000\", \"last_id\": 0, "
	    "\"passwords\": []}",
	    "members that tell nothing"};
	struct pt_login login = test_login("ann@example.com");
	struct pt_account account;
	json_t *object;
	char *line;

	(void)state;
	pt_account_init(&account, &login);
	object = pc_record_from_account(&account);
	assert_null(json_object_get(object, "external"));
	line = json_dumps(object, 0);
	json_decref(object);
	assert_non_null(line);
	check_changes_refused(line, "", &change, 1, read_account);
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_dump_holds_comes_back_the_same),
	    cmocka_unit_test(every_account_survives_dump_and_load),
	    cmocka_unit_test(every_usage_survives_dump_and_load),
	    cmocka_unit_test(changed_external_access_is_refused),
	    cmocka_unit_test(a_changed_app_password_is_refused),
	    cmocka_unit_test(a_changed_usage_is_refused),
	    cmocka_unit_test(members_that_tell_nothing_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
