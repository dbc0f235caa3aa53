/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/words.h"
#include "tests/unit/support/testing.h"

/* The words, joined by blanks. */
static const char *
joined(const struct pt_words *words)
{
	static char text[PT_WORDS_BYTES + 1];
	const char *word = NULL;
	size_t len = 0;

	text[0] = '\0';
	while ((word = pt_words_next(words, word)) != NULL)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
		    len > 0 ? " " : "", word);
	return text;
}

static void
fill(struct pt_words *words, const char *const *list, size_t n)
{
	words->count = 0;
	words->len = 0;
	for (size_t i = 0; i < n; i++)
		assert_true(pt_words_add(words, list[i]));
}

static void
words_are_kept_in_the_order_in_which_they_were_added(void **state)
{
	static const char *const list[] = {"b=1", "a=2", "b=1"};
	struct pt_words words;

	(void)state;
	fill(&words, list, 3);
	assert_int_equal(words.count, 3);
	assert_int_equal(words.len, 12);
	assert_string_equal(joined(&words), "b=1 a=2 b=1");
}

static void
an_empty_list_has_no_words(void **state)
{
	struct pt_words words;

	(void)state;
	fill(&words, NULL, 0);
	assert_null(pt_words_next(&words, NULL));
	assert_false(pt_words_has(&words, "a"));
	assert_false(pt_words_remove(&words, "a", 1));
	/* Not even a prefix of nothing finds a word where there is none. */
	assert_false(pt_words_remove(&words, "", 0));
}

static void
an_empty_word_is_refused(void **state)
{
	struct pt_words words;

	(void)state;
	fill(&words, NULL, 0);
	assert_false(pt_words_add(&words, ""));
	assert_int_equal(words.count, 0);
	assert_int_equal(words.len, 0);
}

static void
a_word_is_refused_when_it_does_not_fit_and_nothing_changes(void **state)
{
	char word[1024];
	struct pt_words words;

	(void)state;
	fill(&words, NULL, 0);
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	for (int i = 0; i < 3; i++)
		assert_true(pt_words_add(&words, word));
	/* 1024 bytes are left: a word of 1021 leaves two for a last one. */
	word[1021] = '\0';
	assert_true(pt_words_add(&words, word));
	assert_false(pt_words_add(&words, "ab"));
	assert_int_equal(words.count, 4);
	assert_true(pt_words_add(&words, "a"));
	assert_int_equal(words.len, PT_WORDS_BYTES);
	assert_false(pt_words_add(&words, "a"));
	assert_true(pt_words_has(&words, "a"));
	assert_int_equal(words.count, 5);
}

static void
only_the_whole_word_is_found(void **state)
{
	static const char *const list[] = {"ann@example.com", "@example.net"};
	struct pt_words words;

	(void)state;
	fill(&words, list, 2);
	assert_true(pt_words_has(&words, "ann@example.com"));
	assert_true(pt_words_has(&words, "@example.net"));
	assert_false(pt_words_has(&words, "ann@example.co"));
	assert_false(pt_words_has(&words, "nn@example.com"));
	assert_false(pt_words_has(&words, ""));
}

static void
the_first_word_with_the_prefix_is_removed(void **state)
{
	static const char *const list[] = {"a=1", "ab=2", "a=3", "c=4"};
	static const struct {
		const char *prefix;
		bool found;
		const char *left;
	} rows[] = {
	    {"a=", true, "ab=2 a=3 c=4"},
	    {"ab", true, "a=1 a=3 c=4"},
	    {"c=4", true, "a=1 ab=2 a=3"},
	    {"c=4x", false, "a=1 ab=2 a=3 c=4"},
	    {"=", false, "a=1 ab=2 a=3 c=4"},
	    {"", true, "ab=2 a=3 c=4"},
	};
	struct pt_words words;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *prefix = rows[i].prefix;

		fill(&words, list, 4);
		assert_int_equal(
		    pt_words_remove(&words, prefix, strlen(prefix)),
		    rows[i].found);
		assert_string_equal(joined(&words), rows[i].left);
		assert_int_equal(words.count, rows[i].found ? 3 : 4);
	}
}

static void
a_prefix_may_end_before_its_nul(void **state)
{
	static const char *const list[] = {"messages=50/1h", "mess=1"};
	struct pt_words words;

	(void)state;
	fill(&words, list, 2);
	assert_true(pt_words_remove(&words, "mess=unlimited", 5));
	assert_string_equal(joined(&words), "messages=50/1h");
}

static void
removing_every_word_leaves_an_empty_list(void **state)
{
	static const char *const list[] = {"a", "b", "c"};
	struct pt_words words;

	(void)state;
	fill(&words, list, 3);
	assert_true(pt_words_remove(&words, "c", 1));
	assert_true(pt_words_remove(&words, "a", 1));
	assert_true(pt_words_remove(&words, "b", 1));
	assert_int_equal(words.len, 0);
	assert_int_equal(words.count, 0);
	assert_null(pt_words_next(&words, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		words_are_kept_in_the_order_in_which_they_were_added),
	    cmocka_unit_test(an_empty_list_has_no_words),
	    cmocka_unit_test(an_empty_word_is_refused),
	    cmocka_unit_test(
		a_word_is_refused_when_it_does_not_fit_and_nothing_changes),
	    cmocka_unit_test(only_the_whole_word_is_found),
	    cmocka_unit_test(the_first_word_with_the_prefix_is_removed),
	    cmocka_unit_test(a_prefix_may_end_before_its_nul),
	    cmocka_unit_test(removing_every_word_leaves_an_empty_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
