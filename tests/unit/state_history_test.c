/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/history.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

static struct pt_history
entry_of(const char *login, int64_t at, const char *who, const char *what,
    const char *detail)
{
	struct pt_history entry = {.login = test_login(login)};

	entry.note.at = at;
	(void)snprintf(entry.note.who, sizeof(entry.note.who), "%s", who);
	(void)snprintf(entry.note.what, sizeof(entry.note.what), "%s", what);
	(void)snprintf(
	    entry.note.detail, sizeof(entry.note.detail), "%s", detail);
	return entry;
}

static void
make(uint64_t *random, void *out)
{
	struct pt_history *entry = out;

	memset(entry, 0, sizeof(*entry));
	entry->login = random_login(random);
	entry->note.at = (int64_t)random_number(random, 63);
	random_text(random, entry->note.who, sizeof(entry->note.who));
	random_text(random, entry->note.what, sizeof(entry->note.what));
	random_text(random, entry->note.detail, sizeof(entry->note.detail));
}

static bool
is_same(const void *in, const void *out)
{
	const struct pt_history *a = in;
	const struct pt_history *b = out;

	return pt_login_equal(&a->login, &b->login) &&
	       a->login.at == b->login.at && a->note.at == b->note.at &&
	       strcmp(a->login.text, b->login.text) == 0 &&
	       strcmp(a->note.who, b->note.who) == 0 &&
	       strcmp(a->note.what, b->note.what) == 0 &&
	       strcmp(a->note.detail, b->note.detail) == 0;
}

static size_t
encode(const void *entry, unsigned char *out, size_t cap)
{
	return pt_history_encode(entry, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_history_decode(at, len, out, err);
}

static const struct record_format history_format = {
    .size = sizeof(struct pt_history),
    .random = make,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};

static void
the_bytes_are_those_that_the_format_describes(void **state)
{
	struct pt_history entry =
	    entry_of("a@b.de", 0x0102, "root", "set", "plan=x");
	unsigned char bytes[PT_HISTORY_BYTES_MAX];

	(void)state;
	record_check_hex(bytes, pt_history_encode(&entry, bytes, sizeof(bytes)),
	    "01 0201000000000000 06 614062 2e6465 04 726f6f74 03 736574"
	    "0600 706c616e3d78");
}

static void
every_entry_comes_back_as_it_was(void **state)
{
	(void)state;
	record_check_random(&history_format);
}

static void
the_longest_entry_fits(void **state)
{
	struct pt_history entry = {
	    .login = test_login("a@b.de"), .note.at = INT64_MAX};
	char label[64];
	char login[PT_LOGIN_MAX + 1];

	(void)state;
	memset(label, 'x', 63);
	label[63] = '\0';
	assert_int_equal(snprintf(login, sizeof(login), "%s@%s.%s.%.62s", label,
			     label, label, label),
	    PT_LOGIN_MAX);
	entry.login = test_login(login);
	memset(entry.note.who, 'x', PT_HISTORY_WORD_MAX);
	memset(entry.note.what, 'x', PT_HISTORY_WORD_MAX);
	memset(entry.note.detail, 'x', PT_HISTORY_DETAIL_MAX);
	record_check_round_trip(&history_format, &entry, "the longest entry");
}

static void
a_cut_or_turned_entry_is_noticed(void **state)
{
	struct pt_history entry = entry_of("ann@example.com", TEST_NOW, "root",
	    "lock", "sending lock: caf\xc3\xa9");
	unsigned char bytes[PT_HISTORY_BYTES_MAX];
	size_t len = pt_history_encode(&entry, bytes, sizeof(bytes));

	(void)state;
	record_check_damage(&history_format, bytes, len);
}

static void
texts_that_could_forge_a_line_are_not_encoded(void **state)
{
	static const struct {
		const char *who, *what, *detail;
	} rows[] = {
	    {"ro\not", "set", "x"},
	    {"root", "set\t", "x"},
	    {"root", "set", "a\nevent=forged"},
	    {"root", "set", "\x1b[2J"},
	    {"root", "set", "\x7f"},
	    {"root", "set", "\xff"},
	    {"root", "set", "cut \xc3"},
	};
	unsigned char bytes[PT_HISTORY_BYTES_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pt_history entry = entry_of(
		    "a@b.de", 1, rows[i].who, rows[i].what, rows[i].detail);

		assert_int_equal(
		    pt_history_encode(&entry, bytes, sizeof(bytes)), 0);
	}
}

static void
nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct pt_history entry = entry_of("a@b.de", 1, "root", "set", "x");

	(void)state;
	record_check_short_buffer(&history_format, &entry);
}

static void
a_time_before_1970_is_stored_as_0(void **state)
{
	struct pt_history entry = entry_of("a@b.de", -5, "root", "set", "x");
	unsigned char bytes[PT_HISTORY_BYTES_MAX];
	size_t len = pt_history_encode(&entry, bytes, sizeof(bytes));
	struct pt_history out;
	struct pt_err err;

	(void)state;
	assert_int_equal(pt_history_decode(bytes, len, &out, &err), 0);
	assert_int_equal(out.note.at, 0);
}

static void
what_is_refused_says_why(void **state)
{
#define LOGIN "06 614062 2e6465"
	static const struct record_bad bad[] = {
	    {"nothing", "", PT_ERR_DAMAGED, "it is empty"},
	    {"no version", "00", PT_ERR_DAMAGED, "it has no version"},
	    {"newer", "03", PT_ERR_NEWER, "it has version 3, known here is 1"},
	    {"more behind it", "01 0000000000000000" LOGIN "00 00 0000 00",
		PT_ERR_DAMAGED, "it goes on after its end"},
	    {"time before 1970", "01 00000000000000ff" LOGIN "00 00 0000",
		PT_ERR_DAMAGED, "cannot be read"},
	    {"no '@'", "01 0000000000000000 02 6162 00 00 0000", PT_ERR_DAMAGED,
		"cannot be read"},
	    {"who too long",
		"01 0000000000000000" LOGIN "20 6161616161616161"
		"6161616161616161 6161616161616161 6161616161616161 00 0000",
		PT_ERR_DAMAGED, "cannot be read"},
	    {"newline in detail", "01 0000000000000000" LOGIN "00 00 0100 0a",
		PT_ERR_DAMAGED, "cannot be read"},
	    {"NUL in what", "01 0000000000000000" LOGIN "00 01 00 0000",
		PT_ERR_DAMAGED, "cannot be read"},
	};

	(void)state;
	record_check_refused(
	    &history_format, bad, sizeof(bad) / sizeof(bad[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_bytes_are_those_that_the_format_describes),
	    cmocka_unit_test(every_entry_comes_back_as_it_was),
	    cmocka_unit_test(the_longest_entry_fits),
	    cmocka_unit_test(a_cut_or_turned_entry_is_noticed),
	    cmocka_unit_test(texts_that_could_forge_a_line_are_not_encoded),
	    cmocka_unit_test(nothing_is_written_beyond_a_short_buffer),
	    cmocka_unit_test(a_time_before_1970_is_stored_as_0),
	    cmocka_unit_test(what_is_refused_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
