/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Every header block of the corpus through the From gate, as it stands and in
 * the spellings that change nothing: with and without the blank after the
 * colon, folds as LF and as CR LF, and a fold at each blank.
 */
#include <stdlib.h>

#include "core/base/attr.h"
#include "core/rules/from.h"
#include "core/rules/reason.h"
#include "tests/unit/support/corpus.h"
#include "tests/unit/support/testing.h"

#define CORPUS      "tests/corpus/from.txt"
#define HOSTILE_MIN 220
#define HONEST_MIN  170
#define VALUE_MAX   ((size_t)512 * 1024)

enum spelling {
	AS_IT_STANDS,
	WITHOUT_FIRST_BLANK,
	LF_FOLDS,
	FOLD_AT_EACH_BLANK,
	FOLD_AT_EACH_BLANK_LF,
	SPELLINGS,
};

static struct corpus corpus;
static char *spelled;

/* sender keys, "KEY=VALUE KEY=VALUE", as a section of postern.conf. */
static struct pt_config *
config_of(const struct corpus_entry *entry)
{
	char text[512];
	char keys[256] = "";
	struct pt_config *config;
	struct pt_err err;
	const char *at = entry->set;

	while (*at != '\0') {
		size_t len = strcspn(at, " ");
		size_t name = strcspn(at, "=");
		size_t used = strlen(keys);

		assert_in_range(name, 1, len);
		(void)snprintf(keys + used, sizeof(keys) - used,
		    "%.*s = \"%.*s\"\n", (int)name, at, (int)(len - name - 1),
		    at + name + 1);
		at += len + strspn(at + len, " ");
	}
	(void)snprintf(text, sizeof(text),
	    "default_plan = \"free\"\nplan free { }\nsender {\n%s"
	    "alias_domains = { \"example.test = alias.test b\xc3\xbc"
	    "cher.test\" }\n}\n",
	    keys);
	if (pt_config_parse(entry->id, text, &config, &err) != 0)
		fail_msg("%s: %s", entry->id, err.text);
	return config;
}

static void
make_account(struct pt_account *account, const char *name)
{
	struct pt_login login = test_login(name);

	pt_account_init(account, &login);
	account->exists = true;
	if (strcmp(name, "alice@example.test") == 0) {
		assert_true(
		    pt_words_add(&account->senders, "sales@example.test"));
		assert_true(pt_words_add(&account->senders, "@alice.test"));
	}
	if (strcmp(name, "bob@example.test") == 0)
		assert_true(
		    pt_words_add(&account->senders, "@xn--e1afmkfd.test"));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * A fold may stand before a blank that is alone: of two, the second would be a
 * line of blanks, which is another thing (RFC 5322 section 4.2).
 */
static bool
may_fold(const char *value, size_t len, size_t i)
{
	if (value[i] != ' ' || i + 1 == len)
		return false;
	if (is_blank(value[i + 1]) || value[i + 1] == '\r')
		return false;
	return i == 0 || (!is_blank(value[i - 1]) && value[i - 1] != '\n');
}

/* The value in another spelling, in "spelled"; its length. */
static size_t
spell(const char *value, size_t len, enum spelling how)
{
	bool lf = how == LF_FOLDS || how == FOLD_AT_EACH_BLANK_LF;
	bool folds = how == FOLD_AT_EACH_BLANK || how == FOLD_AT_EACH_BLANK_LF;
	size_t i = how == WITHOUT_FIRST_BLANK && len > 0 && value[0] == ' ';
	size_t used = 0;

	assert_in_range(len, 0, VALUE_MAX / 3);
	for (; i < len; i++) {
		if (lf && value[i] == '\r' && i + 1 < len &&
		    value[i + 1] == '\n')
			continue;
		if (folds && may_fold(value, len, i)) {
			if (!lf)
				spelled[used++] = '\r';
			spelled[used++] = '\n';
		}
		spelled[used++] = value[i];
	}
	return used;
}

static struct pt_from_verdict
judge(const struct corpus_entry *entry, enum spelling how)
{
	struct pt_config *config = config_of(entry);
	struct pt_account account;
	struct pt_from from;
	struct pt_from_verdict verdict;
	struct corpus_field field;
	const char *at = entry->block;
	const char *end = entry->block + entry->block_len;

	make_account(&account, entry->login);
	pt_from_init(&from);
	for (; corpus_field_at(at, end, &field); at = field.next) {
		size_t len = spell(field.value, field.value_len, how);

		pt_from_add(&from, field.name, field.name_len, spelled, len);
	}
	verdict = pt_from_judge(&from, config, &account, NULL);
	if (pt_from_is_plain(&from, config, &account.login))
		assert_int_equal(verdict.verdict.code, PT_VERDICT_PERMIT);
	pt_config_free(config);
	return verdict;
}

static const char *
word_of(const struct pt_from_verdict *verdict)
{
	if (verdict->verdict.code == PT_VERDICT_PERMIT)
		return "permit";
	return pt_reason_get(verdict->verdict.reason)->name;
}

static unsigned
count_wrong(enum spelling how)
{
	unsigned wrong = 0;
	size_t i;

	for (i = 0; i < corpus.count; i++) {
		const struct corpus_entry *entry = &corpus.entries[i];
		struct pt_from_verdict verdict = judge(entry, how);

		if (corpus_expects(entry, word_of(&verdict)))
			continue;
		wrong++;
		print_error("%s:%u: %s: %s (%s) instead of %s\n", CORPUS,
		    entry->line, entry->id, word_of(&verdict),
		    verdict.detail == NULL ? "" : verdict.detail,
		    entry->expect);
	}
	return wrong;
}

static void
test_every_entry_is_judged_as_the_corpus_says(void **state)
{
	(void)state;
	assert_int_equal(count_wrong(AS_IT_STANDS), 0);
}

static void
test_spelling_of_blanks_and_folds_changes_nothing(void **state)
{
	int how;
	unsigned wrong = 0;

	(void)state;
	for (how = WITHOUT_FIRST_BLANK; how < SPELLINGS; how++) {
		unsigned now = count_wrong((enum spelling)how);

		if (now != 0)
			print_error("%u wrong in spelling %d\n", now, how);
		wrong += now;
	}
	assert_int_equal(wrong, 0);
}

static void
test_the_corpus_is_as_large_as_promised(void **state)
{
	size_t honest = 0;
	size_t hostile = 0;
	size_t i;

	(void)state;
	for (i = 0; i < corpus.count; i++) {
		const struct corpus_entry *entry = &corpus.entries[i];

		if (strcmp(entry->expect, "permit") == 0)
			honest++;
		if (!corpus_expects(entry, "permit"))
			hostile++;
		if (corpus_find(&corpus, entry->id) != entry)
			fail_msg("%s is there twice", entry->id);
	}
	assert_in_range(hostile, HOSTILE_MIN, SIZE_MAX);
	assert_in_range(honest, HONEST_MIN, SIZE_MAX);
}

static void
test_blocks_are_decoded(void **state)
{
	static const struct {
		const char *id;
		const char *block;
		size_t len;
	} samples[] = {
#define SAMPLE(id, block) {id, block, sizeof(block) - 1}
	    SAMPLE("honest-addr-spec", "From: alice@example.test\r\n"),
	    SAMPLE("missing-empty-header", ""),
	    SAMPLE("control-nul-in-name",
		"From: Ali\0ce <alice@example.test>\r\n"),
	    SAMPLE("control-lf-from", "From: <alice@example.test>\n"
				      "From: <ceo@bank.test>\r\n"),
	    SAMPLE("honest-tab-after-colon",
		"From:\t\"Alice\" <alice@example.test>\r\n"),
	    SAMPLE(
		"honest-own-domain-braces", "From: <{a|b}~c@alice.test>\r\n"),
	    SAMPLE("control-latin1-domain", "From: <alice@b\xfc"
					    "cher.test>\r\n"),
	    SAMPLE("honest-fold-tab",
		"From: Alice Smith\r\n\t<alice@example.test>\r\n"),
#undef SAMPLE
	};
	const struct corpus_entry *folds;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(samples); i++) {
		const struct corpus_entry *entry =
		    corpus_find(&corpus, samples[i].id);

		assert_int_equal(entry->block_len, samples[i].len);
		assert_memory_equal(
		    entry->block, samples[i].block, samples[i].len);
	}
	folds = corpus_find(&corpus, "fold-many-foreign");
	assert_int_equal(folds->block_len,
	    strlen("From: Alice\r\n <ceo@bank.test>\r\n") + 300 * 4);
}

static int
set_up(void **state)
{
	(void)state;
	corpus_open(&corpus, CORPUS);
	spelled = malloc(VALUE_MAX);
	return spelled == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(spelled);
	corpus_close(&corpus);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_corpus_is_as_large_as_promised),
	    cmocka_unit_test(test_blocks_are_decoded),
	    cmocka_unit_test(test_every_entry_is_judged_as_the_corpus_says),
	    cmocka_unit_test(test_spelling_of_blanks_and_folds_changes_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
