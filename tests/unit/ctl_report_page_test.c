/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* report: figures from a state, and the page that is made of them. */

#include <sys/stat.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/rules/reason.h"
#include "core/state/store.h"
#include "ctl/report.h"
#include "ctl/report_html.h"
#include "ctl/report_page.h"
#include "tests/unit/ctl_fixture.h"

#define HOUR 3600
#define NOW  INT64_C(1795339510) /* 2026-11-22 09:25:10 UTC */

typedef void
write_fn(FILE *out, const void *arg);

/* What it writes; owned by the caller. */
static char *
written(write_fn *fn, const void *arg)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	fn(out, arg);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
write_text(FILE *out, const void *arg)
{
	pc_html_text(out, arg);
}

static void
text_never_becomes_markup(void **state)
{
	static const char *const cases[][2] = {
	    {"", ""},
	    {"ann@example.com", "ann@example.com"},
	    {"<script>alert('x')</script>",
		"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
	    {"\"&amp;", "&quot;&amp;amp;"},
	    {"a\nb\x1b[2J\x7f", "a\\x0ab\\x1b[2J\\x7f"},
	    {"j\xc4\x81nis", "j\xc4\x81nis"},
	    {"\xff<\xc4", "\\xff&lt;\\xc4"},
	};
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		text = written(write_text, cases[i][0]);
		assert_string_equal(text, cases[i][1]);
		free(text);
	}
}

static void
write_number(FILE *out, const void *arg)
{
	pc_html_number(out, *(const uint64_t *)arg);
}

static void
numbers_have_blanks_between_thousands(void **state)
{
	static const struct {
		uint64_t number;
		const char *text;
	} cases[] = {
	    {0, "0"},
	    {999, "999"},
	    {1000, "1&#8239;000"},
	    {12345678, "12&#8239;345&#8239;678"},
	};
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		text = written(write_number, &cases[i].number);
		assert_string_equal(text, cases[i].text);
		free(text);
	}
}

static void
an_axis_ends_at_or_above_the_highest_bar(void **state)
{
	static const uint64_t cases[][2] = {
	    {1, 1},
	    {2, 2},
	    {3, 4},
	    {5, 6},
	    {7, 8},
	    {9, 10},
	    {10, 10},
	    {11, 20},
	    {61, 80},
	    {100, 100},
	    {101, 200},
	    {4050, 6000},
	    {99999, 100000},
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++)
		assert_int_equal(pc_html_nice(cases[i][0]), cases[i][1]);
	assert_true(pc_html_nice(UINT64_MAX) > 0);
}

static void
windows_are_sorted_into_tenths(void **state)
{
	static const struct {
		uint64_t used;
		uint64_t limit;
		size_t part;
	} cases[] = {
	    {0, 100, 0},
	    {9, 100, 0},
	    {10, 100, 1},
	    {99, 100, 9},
	    {100, 100, 10},
	    {101, 100, 10},
	    {0, 0, 10},
	    {1, 15, 0},
	    {14, 15, 9},
	    {UINT64_MAX - 1, UINT64_MAX, 9},
	    {UINT64_MAX / 2, UINT64_MAX, 4},
	};
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++)
		assert_int_equal(
		    pc_report_fill_part(cases[i].used, cases[i].limit),
		    cases[i].part);
}

static void
blocks_are_known_by_their_history(void **state)
{
	static const struct {
		const char *what;
		const char *detail;
		enum pt_block_reason reason;
	} cases[] = {
	    {"block", "reason=quota used=52", PT_BLOCK_QUOTA},
	    {"block", "reason=cracked", PT_BLOCK_CRACKED},
	    {"block", "reason=quotas", PT_BLOCK_NONE},
	    {"block", "", PT_BLOCK_NONE},
	    {"unblock", "reason=quota", PT_BLOCK_NONE},
	    {"lock", "reason=quota", PT_BLOCK_NONE},
	};
	struct pt_history entry;
	size_t i;

	(void)state;
	for (i = 0; i < PT_ARRAY_LEN(cases); i++) {
		memset(&entry, 0, sizeof(entry));
		(void)snprintf(entry.note.what, sizeof(entry.note.what), "%s",
		    cases[i].what);
		(void)snprintf(entry.note.detail, sizeof(entry.note.detail),
		    "%s", cases[i].detail);
		assert_int_equal(pc_report_block_of(&entry), cases[i].reason);
	}
}

static void
a_period_of_any_length_has_bars_that_fit_and_reach_now(void **state)
{
	unsigned days;

	(void)state;
	for (days = 1; days <= PC_REPORT_DAYS_MAX; days++) {
		struct pc_report *report = pc_report_new(NOW, days);
		int64_t bar;

		assert_non_null(report);
		bar = (int64_t)report->bar_hours * HOUR;
		assert_in_range(report->bar_count, 1, PC_REPORT_BARS_MAX);
		assert_in_range(report->block_bar_count, 1, PC_REPORT_BARS_MAX);
		assert_int_equal(report->from % bar, 0);
		assert_true(report->from <= NOW - (days - 1) * 24 * HOUR);
		assert_true(
		    report->from + (int64_t)report->bar_count * bar > NOW);
		assert_true(
		    report->from + (int64_t)(report->bar_count - 1) * bar <=
		    NOW);
		pc_report_free(report);
	}
}

/* A state with counters of two programs, by the hour. */
static void
fill_state(const struct fixture *f, int64_t now)
{
	struct pt_counters policyd = {0};
	struct pt_counters milter = {0};
	struct pt_store *store;
	struct pt_err err;
	char dir[300];
	int i;

	(void)snprintf(dir, sizeof(dir), "%s/state", f->dir);
	assert_int_equal(pt_store_open(dir, PT_STORE_WRITE, &store, &err), 0);
	for (i = 20; i >= 0; i--) {
		policyd.permitted += 100;
		policyd.refused[PT_REASON_QUOTA] += 7;
		milter.refused[PT_REASON_FROM_NOT_OWNED] += 1;
		milter.permitted += 1;
		assert_int_equal(pt_store_put_counters(store, "policyd",
				     &policyd, now - i * HOUR, &err),
		    0);
		assert_int_equal(pt_store_put_counters(store, "milter", &milter,
				     now - i * HOUR, &err),
		    0);
	}
	pt_store_close(store);
}

static char *
read_page(const struct fixture *f)
{
	static char page[1 << 18];
	char path[300];
	FILE *file;
	size_t len;

	(void)snprintf(path, sizeof(path), "%s/pages/index.html", f->dir);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(page, 1, sizeof(page) - 1, file);
	assert_int_equal(fclose(file), 0);
	page[len] = '\0';
	return page;
}

static void
run_report(struct fixture *f, const char *options)
{
	char line[400];

	(void)snprintf(
	    line, sizeof(line), "report %s/pages %s", f->dir, options);
	fixture_run(f, 0, line);
}

static void
assert_has(const char *page, const char *text)
{
	if (strstr(page, text) == NULL)
		fail_msg("\"%s\" is not in the page", text);
}

static void
the_page_has_the_numbers_of_stats(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	char path[300];
	char *page;

	fill_state(f, pt_clock_now());
	fixture_run(f, 0, "stats -f tab");
	fixture_said(f, "policyd\tpermitted\t\t2100\n");
	fixture_said(f, "policyd\trefused\tquota\t147\n");
	fixture_said(f, "milter\trefused\tfrom-not-owned\t21\n");
	fixture_said(f, "milter\tpermitted\t\t21\n");
	run_report(f, "--days 1");
	page = read_page(f);
	assert_has(page, "<b>2&#8239;121</b><span>messages permitted");
	assert_has(page, "<b>168</b><span>messages refused");
	assert_has(page, "<td>quota</td><td class=\"n\">147</td>");
	assert_has(page, "<td>from-not-owned</td><td class=\"n\">21</td>");
	assert_has(page, "2&#8239;121 permitted and 168 refused");
	(void)snprintf(path, sizeof(path), "%s/pages", f->dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void
a_page_needs_nothing_from_elsewhere(void **state)
{
	static const char *const never[] = {"<script", "http://", "https://",
	    "src=", "href=", "url(", "@import", "<iframe", "<object", "onload"};
	struct fixture *f = *state;
	const char *page;
	size_t i;

	fixture_run(f, 0,
	    "block eve --reason abuse --note "
	    "<script~src='http://evil.example/'>\"onload=x");
	run_report(f, "--account eve");
	page = read_page(f);
	/* The note is there, as text. */
	assert_has(page, "&lt;script src=");
	assert_has(page, "</html>");
	for (i = 0; i < PT_ARRAY_LEN(never); i++) {
		const char *at = page;

		while ((at = strstr(at, never[i])) != NULL) {
			/* Only within the note. */
			assert_true(at > strstr(page, "&lt;script") &&
				    at < strstr(page, "&lt;script") + 100);
			at++;
		}
	}
}

static void
an_empty_state_gives_a_page_that_says_so(void **state)
{
	struct fixture *f = *state;
	const char *page;

	run_report(f, "--account nobody --days 400");
	page = read_page(f);
	assert_has(page, "No message was counted in this period.");
	assert_has(page, "No account was blocked in this period.");
	assert_has(page, "Nobody has sent anything yet.");
	assert_has(page, "There is no record of it");
	assert_null(strstr(page, "<svg"));
	assert_null(strstr(page, "nan"));
	assert_null(strstr(page, "inf%"));
}

static void
an_older_page_stays_until_a_new_one_is_whole(void **state)
{
	struct fixture *f = *state;
	char path[300];
	char line[400];
	char *page;

	run_report(f, "");
	(void)snprintf(path, sizeof(path), "%s/state", f->dir);
	(void)snprintf(line, sizeof(line), "%s/gone", f->dir);
	assert_int_equal(rename(path, line), 0);
	(void)snprintf(line, sizeof(line), "report %s/pages", f->dir);
	assert_int_not_equal(fixture_try(f, line), 0);
	page = read_page(f);
	assert_has(page, "</html>");
	(void)snprintf(path, sizeof(path), "%s/pages/.index.html.new", f->dir);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
options_that_cannot_be_are_refused(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 64, "report /nonexistent --days 0");
	fixture_run(f, 64, "report /nonexistent --days 401");
	fixture_run(f, 64, "report /nonexistent --account @");
	fixture_run(f, 75, "report /nonexistent/there/dir");
	fixture_said(f, "cannot make /nonexistent/there/dir");
}

#define WITH_STATE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_never_becomes_markup),
	    cmocka_unit_test(numbers_have_blanks_between_thousands),
	    cmocka_unit_test(an_axis_ends_at_or_above_the_highest_bar),
	    cmocka_unit_test(windows_are_sorted_into_tenths),
	    cmocka_unit_test(blocks_are_known_by_their_history),
	    cmocka_unit_test(
		a_period_of_any_length_has_bars_that_fit_and_reach_now),
	    WITH_STATE(the_page_has_the_numbers_of_stats),
	    WITH_STATE(a_page_needs_nothing_from_elsewhere),
	    WITH_STATE(an_empty_state_gives_a_page_that_says_so),
	    WITH_STATE(an_older_page_stays_until_a_new_one_is_whole),
	    WITH_STATE(options_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
