/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/bytes.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

static struct pt_bytes_reader
reader_of(const unsigned char *at, size_t len)
{
	return (struct pt_bytes_reader){.at = at, .end = at + len};
}

static void
numbers_of_every_width_come_back(void **state)
{
	unsigned char bytes[8];

	(void)state;
	for (size_t width = 1; width <= 8; width++) {
		uint64_t value = 0x8877665544332211U >> 8 * (8 - width);
		struct pt_bytes_writer out = {.at = bytes, .end = bytes + 8};
		struct pt_bytes_reader in = reader_of(bytes, width);

		pt_bytes_put_uint(&out, value, width);
		assert_int_equal(out.at - bytes, width);
		assert_int_equal(pt_bytes_take_uint(&in, width), value);
		assert_false(in.bad);
		/* Little-endian: the lowest byte stands first. */
		assert_int_equal(bytes[0], value & 0xff);
	}
}

static void
a_number_that_is_cut_is_bad(void **state)
{
	static const unsigned char bytes[] = {1, 2, 3};
	struct pt_bytes_reader in = reader_of(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(pt_bytes_take_uint(&in, 4), 0);
	assert_true(in.bad);
}

static void
nothing_is_put_beyond_the_end(void **state)
{
	unsigned char bytes[] = {1, 2, 3};
	struct pt_bytes_writer out = {.at = bytes, .end = bytes + 2};

	(void)state;
	pt_bytes_put_uint(&out, 0, 3);
	pt_bytes_put_text(&out, "abc", 3);
	assert_true(out.bad);
	assert_int_equal(bytes[0], 1);
	assert_int_equal(bytes[2], 3);
}

static void
varints_have_their_shortest_form(void **state)
{
	static const struct {
		uint64_t value;
		const char *hex;
	} rows[] = {
	    {0, "00"},
	    {1, "01"},
	    {0x7f, "7f"},
	    {0x80, "8001"},
	    {0x3fff, "ff7f"},
	    {0x4000, "808001"},
	    {0x123456789, "89cf95 9a12"},
	    {(uint64_t)1 << 62, "808080808080808040"},
	    {(uint64_t)1 << 63, "80808080808080808001"},
	    {UINT64_MAX, "ffffffffffffffffff01"},
	};
	unsigned char bytes[PT_VARINT_BYTES_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len =
		    (size_t)(pt_bytes_set_varint(bytes, rows[i].value) - bytes);
		struct pt_bytes_reader in = reader_of(bytes, len);

		record_check_hex(bytes, len, rows[i].hex);
		assert_int_equal(pt_bytes_take_varint(&in), rows[i].value);
		assert_false(in.bad);
		assert_ptr_equal(in.at, in.end);
	}
}

static void
every_varint_comes_back(void **state)
{
	uint64_t random = random_seed(0);

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		uint64_t value = random_number(&random, 64);
		unsigned char bytes[PT_VARINT_BYTES_MAX];
		unsigned char *end = pt_bytes_set_varint(bytes, value);
		struct pt_bytes_reader in =
		    reader_of(bytes, (size_t)(end - bytes));

		if (pt_bytes_take_varint(&in) != value || in.bad ||
		    in.at != in.end)
			fail_msg("%llx", (unsigned long long)value);
	}
}

static void
varints_of_another_form_are_bad(void **state)
{
	static const char *const rows[] = {
	    "",                       /* nothing */
	    "80",                     /* cut */
	    "8000",                   /* 0, too long */
	    "ff00",                   /* 127, too long */
	    "808000",                 /* 0, still longer */
	    "ffffffffffffffffff",     /* cut before its tenth byte */
	    "ffffffffffffffffff02",   /* bit 65 */
	    "ffffffffffffffffff81",   /* an eleventh byte */
	    "ffffffffffffffffff8100", /* and here it is */
	    "80808080808080808000",   /* 0 in ten bytes */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned char bytes[16];
		struct pt_bytes_reader in = reader_of(
		    bytes, record_from_hex(rows[i], bytes, sizeof(bytes)));

		assert_int_equal(pt_bytes_take_varint(&in), 0);
		assert_true(in.bad);
	}
}

static void
only_texts_without_controls_are_texts(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
	    {"", true},
	    {"plain ~", true},
	    {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", true},
	    {"tab\t", false},
	    {"line\n", false},
	    {"\x1f", false},
	    {"\x7f", false},
	    {"\xc3", false},
	    {"\xc0\xaf", false},
	    {"\xed\xa0\x80", false},
	    {"\xff", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    pt_bytes_is_text(rows[i].text, strlen(rows[i].text)),
		    rows[i].good);
	assert_false(pt_bytes_is_text("a\0b", 3));
}

static void
a_text_longer_than_its_room_is_bad(void **state)
{
	static const unsigned char bytes[] = {'a', 'b', 'c', 'd'};
	struct pt_bytes_reader in = reader_of(bytes, sizeof(bytes));
	char text[4] = "old";

	(void)state;
	pt_bytes_take_text(&in, 3, text, sizeof(text));
	assert_false(in.bad);
	assert_string_equal(text, "abc");
	in = reader_of(bytes, sizeof(bytes));
	pt_bytes_take_text(&in, 4, text, sizeof(text));
	assert_true(in.bad);
	assert_string_equal(text, "");
}

static void
logins_come_back_as_they_were(void **state)
{
	static const char *const rows[] = {"a@b.de", "Ann+tag@Example.COM",
	    "j\xc3\xb6rg@example.com", "\xe2\x82\xac@y.de", "u@[192.0.2.1]"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pt_login login = test_login(rows[i]);
		unsigned char bytes[1 + PT_LOGIN_MAX];
		struct pt_bytes_writer out = {
		    .at = bytes, .end = bytes + sizeof(bytes)};
		struct pt_bytes_reader in;
		struct pt_login got;

		pt_bytes_put_login(&out, &login);
		in = reader_of(bytes, (size_t)(out.at - bytes));
		pt_bytes_take_login(&in, &got);
		assert_false(in.bad);
		assert_ptr_equal(in.at, in.end);
		assert_int_equal(got.len, login.len);
		assert_int_equal(got.at, login.at);
		assert_string_equal(got.text, login.text);
	}
}

static void
what_is_no_login_is_bad(void **state)
{
	static const char *const rows[] = {"", "ann", "@b.de", "ann@", "A@b.de",
	    "a@B.de", "a b@c.de", "a@b.de\n", "a\x7f@b.de", "a@b@c.de",
	    "a@b\xc3\xa4.de", "\xff@b.de"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned char bytes[1 + PT_LOGIN_MAX];
		size_t len = strlen(rows[i]);
		struct pt_bytes_reader in = reader_of(bytes, 1 + len);
		struct pt_login got;

		bytes[0] = (unsigned char)len;
		memcpy(bytes + 1, rows[i], len);
		pt_bytes_take_login(&in, &got);
		if (!in.bad)
			fail_msg("\"%s\" is taken", rows[i]);
	}
}

static void
logins_may_be_as_long_as_mail_allows_and_no_longer(void **state)
{
	static const struct {
		unsigned char len, local;
		bool bad;
	} rows[] = {
	    {254, 64, false},
	    {255, 64, true},
	    {254, 65, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned char bytes[256];
		struct pt_bytes_reader in = reader_of(bytes, sizeof(bytes));
		struct pt_login got;

		memset(bytes, 'x', sizeof(bytes));
		bytes[0] = rows[i].len;
		bytes[1 + rows[i].local] = '@';
		pt_bytes_take_login(&in, &got);
		assert_int_equal(in.bad, rows[i].bad);
	}
}

static void
times_are_moved_into_what_a_record_holds(void **state)
{
	(void)state;
	assert_int_equal(pt_bytes_clamp_time(-1, 10), 0);
	assert_int_equal(pt_bytes_clamp_time(INT64_MIN, 10), 0);
	assert_int_equal(pt_bytes_clamp_time(10, 10), 10);
	assert_int_equal(pt_bytes_clamp_time(11, 10), 10);
	assert_int_equal(
	    pt_bytes_clamp_time(INT64_MAX, PT_BYTES_TIME_MAX), 0xffffffffff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_of_every_width_come_back),
	    cmocka_unit_test(a_number_that_is_cut_is_bad),
	    cmocka_unit_test(nothing_is_put_beyond_the_end),
	    cmocka_unit_test(varints_have_their_shortest_form),
	    cmocka_unit_test(every_varint_comes_back),
	    cmocka_unit_test(varints_of_another_form_are_bad),
	    cmocka_unit_test(only_texts_without_controls_are_texts),
	    cmocka_unit_test(a_text_longer_than_its_room_is_bad),
	    cmocka_unit_test(logins_come_back_as_they_were),
	    cmocka_unit_test(what_is_no_login_is_bad),
	    cmocka_unit_test(
		logins_may_be_as_long_as_mail_allows_and_no_longer),
	    cmocka_unit_test(times_are_moved_into_what_a_record_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
