/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/rules_dsn.h"

/* Line ends as a milter gets them, or those of a file. */
static size_t
with_crlf(const char *at, size_t len, char *out)
{
	size_t to = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (at[i] == '\n')
			out[to++] = '\r';
		out[to++] = at[i];
	}
	return to;
}

static void
assert_same(const struct pt_dsn *a, const struct pt_dsn *b)
{
	unsigned i;

	assert_int_equal(a->is_report, b->is_report);
	assert_int_equal(a->from_a_list, b->from_a_list);
	assert_string_equal(a->reporting_mta, b->reporting_mta);
	assert_string_equal(a->message_id, b->message_id);
	assert_int_equal(a->message_id_len, b->message_id_len);
	assert_int_equal(a->count, b->count);
	for (i = 0; i < a->count; i++) {
		assert_true(pt_login_equal(
		    &a->recipients[i].original, &b->recipients[i].original));
		assert_true(pt_login_equal(
		    &a->recipients[i].final, &b->recipients[i].final));
	}
}

static const struct sample {
	const char *file;
	unsigned count;               /* 0: no report of failures */
	const char *original, *final; /* of the last recipient; NULL: none */
	const char *mta;
	const char *message_id;
	bool from_a_list;
} samples[] = {
    {"postfix", 2, "carol@example.net", "carol@example.net", "mail.example.com",
	"<one@example.com>", false},
    {"postfix-headers", 2, "carol@example.net", "carol@example.net",
	"mail.example.com", "<one@example.com>", false},
    {"postfix-utf8", 1, "j\xc3\xbcrgen@example.net",
	"j\xc3\xbcrgen@example.net", "mail.example.com", "<three@example.com>",
	false},
    {"sendmail", 1, "bob@example.net", "bob@example.net", "mail.example.com",
	"<one@example.com>", false},
    {"sendmail-headers", 1, "bob@example.net", "bob@example.net",
	"mail.example.com", "<one@example.com>", false},
    {"exim", 1, NULL, "bob@example.net", "mail.example.com",
	"<one@example.com>", false},
    {"exchange", 1, "bob@example.net", "bob@example.net", "mbx01.example.net",
	"<one@example.com>", false},
    {"gmail", 1, NULL, "bob@example.net", "mx.example.org", "<one@example.com>",
	false},
    {"amazon-ses", 1, NULL, "bob@example.net", "a1-23.smtp-out.example.org",
	"<one@example.com>", false},
    {"base64", 1, "bob+news@example.net", "bob+news@example.net",
	"gw.example.org", "<one@example.com>", false},
    {"mailing-list", 1, "cooks@lists.example.org", "member@example.net",
	"mx.example.org", "<one@example.com>", true},
    {.file = "postfix-delay"},
    {.file = "postfix-success"},
    {.file = "qmail-qsbmf"},
    {.file = "read-receipt"},
    {.file = "abuse-report"},
    {.file = "vacation"},
    {.file = "list-of-reports"},
};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static size_t
load(const struct sample *sample, char *out)
{
	char path[128];
	FILE *file;
	size_t len;

	(void)snprintf(
	    path, sizeof(path), "tests/corpus/dsn/%s.eml", sample->file);
	file = fopen(path, "rb");
	if (file == NULL)
		fail_msg("cannot open %s", path);
	len = fread(out, 1, MESSAGE_MAX, file);
	(void)fclose(file);
	assert_in_range(len, 1, MESSAGE_MAX - 1);
	return len;
}

static void
test_reports_of_real_programs_are_understood(void **state)
{
	static char text[MESSAGE_MAX];
	static struct pt_dsn dsn;
	const struct sample *sample;
	const struct pt_dsn_recipient *last;
	size_t i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		sample = &samples[i];
		read_message(
		    &dsn, text, load(sample, text), MESSAGE_MAX, MESSAGE_MAX);
		if (dsn.is_report != (sample->count > 0) ||
		    dsn.count != sample->count)
			fail_msg("%s: report %d of %u", sample->file,
			    dsn.is_report, dsn.count);
		if (sample->count == 0)
			continue;
		last = &dsn.recipients[dsn.count - 1];
		assert_address(&last->original, sample->original);
		assert_address(&last->final, sample->final);
		assert_string_equal(dsn.reporting_mta, sample->mta);
		assert_string_equal(dsn.message_id, sample->message_id);
		assert_int_equal(dsn.from_a_list, sample->from_a_list);
	}
}

static void
test_every_chunking_gives_the_same(void **state)
{
	static char text[MESSAGE_MAX];
	static char crlf[2 * MESSAGE_MAX];
	static struct pt_dsn whole;
	static struct pt_dsn dsn;
	size_t i;
	size_t n;
	size_t len;
	size_t crlf_len;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		len = load(&samples[i], text);
		crlf_len = with_crlf(text, len, crlf);
		read_message(&whole, text, len, MESSAGE_MAX, MESSAGE_MAX);
		for (n = 1; n < 80; n++) {
			read_message(&dsn, text, len, n, n);
			assert_same(&whole, &dsn);
			read_message(&dsn, crlf, crlf_len, n, n);
			assert_same(&whole, &dsn);
		}
		/* And cut in two at every place. */
		for (n = 1; n < crlf_len; n++) {
			read_message(&dsn, crlf, crlf_len, n, crlf_len);
			assert_same(&whole, &dsn);
		}
	}
}

/* No prefix of a report proves more than the whole. */
static void
test_a_report_that_is_cut_off_proves_no_more(void **state)
{
	static char text[MESSAGE_MAX];
	static struct pt_dsn whole;
	static struct pt_dsn dsn;
	size_t len;
	size_t body;
	size_t n;

	(void)state;
	len = load(&samples[0], text);
	read_message(&whole, text, len, MESSAGE_MAX, MESSAGE_MAX);
	pt_dsn_init(&dsn);
	body = add_header(&dsn, text, len);
	for (n = body; n < len; n++) {
		read_message(&dsn, text, n, MESSAGE_MAX, MESSAGE_MAX);
		assert_true(!dsn.is_report || dsn.count == whole.count);
		assert_true(dsn.message_id_len == 0 ||
			    strcmp(dsn.message_id, whole.message_id) == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reports_of_real_programs_are_understood),
	    cmocka_unit_test(test_every_chunking_gives_the_same),
	    cmocka_unit_test(test_a_report_that_is_cut_off_proves_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
