/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* posternctl would, and what explain and reset make of it. */

#include <sysexits.h>

#include "core/base/clock.h"
#include "core/rules/reason.h"
#include "ctl/would.h"
#include "tests/unit/ctl_fixture.h"

#define DAY ((int64_t)86400)

#define CONFIG                                     \
	"mode = observe\n"                         \
	"state_dir = \"@DIR@/state\"\n"            \
	"default_domain = \"example.com\"\n"       \
	"default_plan = \"free\"\n"                \
	"plan free { messages = { \"15/1h\" } }\n" \
	"plan gold { messages = { \"100/1h\" } }\n"

/* Of ages in days; figures as they were met. */
struct noted {
	const char *login;
	enum pt_reason_id reason;
	uint64_t messages;
	int64_t first_days;
	int64_t last_days;
	struct pt_figures peak;
};

static const struct noted noted[] = {
    {"ann@example.com", PT_REASON_QUOTA, 17, 3, 1,
	{PT_FIGURES_MESSAGES, 32, 15, 3600}},
    {"ann@example.com", PT_REASON_FROM_NOT_OWNED, 2, 9, 9,
	{.unit = PT_FIGURES_NONE}},
    {"ann@example.com", PT_REASON_BLOCKED, 1, 1, 1,
	{PT_FIGURES_REFUSALS, 51, 50, 3600}},
    {"bob@example.com", PT_REASON_QUOTA, 40, 2, 2,
	{PT_FIGURES_MESSAGES, 90, 15, 3600}},
    {"bob@example.com", PT_REASON_MESSAGE_SIZE, 1, 2, 2,
	{PT_FIGURES_BYTES, (30 << 20) + 1, 10 << 20, 0}},
    {"cid@example.com", PT_REASON_QUOTA, 5, 2, 2,
	{PT_FIGURES_MESSAGES, 20, 15, 3600}},
    {"dan@example.com", PT_REASON_QUOTA, 900, 80, 70,
	{PT_FIGURES_MESSAGES, 500, 15, 3600}},
};

static void
note(struct pt_records *records, void *arg)
{
	const struct noted *n = arg;
	struct pt_observed *observed = &records->activity->observed;
	int64_t now = pt_clock_now();

	observed->entry[observed->count++] = (struct pt_would){
	    .reason = (unsigned char)n->reason,
	    .messages = n->messages,
	    .first_at = now - n->first_days * DAY,
	    .last_at = now - n->last_days * DAY,
	    .peak = n->peak,
	};
	observed->passed[0] = (struct pt_window_log){1, {{now, now, 1}}};
	records->activity_changed = true;
}

static int
set_up(void **state)
{
	struct pt_store *store;
	struct pt_err err;

	(void)fixture_set_up(state);
	fixture_configure(*state, CONFIG);
	store = fixture_open_store(*state);
	for (size_t i = 0; i < PT_ARRAY_LEN(noted); i++) {
		const struct pt_login login = test_login(noted[i].login);
		struct noted one = noted[i];

		assert_int_equal(pt_store_update_one(store, PT_UPDATE_ACTIVITY,
				     &login, note, &one, &err),
		    0);
	}
	pt_store_close(store);
	fixture_run(*state, 0, "set bob plan=gold");
	return 0;
}

/* The columns but for the times, which are those of the run. */
static void
check_rows(const struct fixture *f, const char *const *rows, size_t n)
{
	const char *at = strchr(f->out, '\n');

	assert_non_null(at);
	for (size_t i = 0; i < n; i++) {
		at++;
		if (strncmp(at, rows[i], strlen(rows[i])) != 0)
			fail_msg("row %zu is not \"%s\": %s", i, rows[i], at);
		at = strchr(at, '\n');
		assert_non_null(at);
	}
	assert_string_equal(at, "\n");
}

static void
those_with_most_come_first(void **state)
{
	static const char *const rows[] = {
	    "bob@example.com\tgold\tquota\tmessages\t15/1h\t40\t90\t90/1h\t",
	    ("bob@example.com\tgold\tmessage-size\tbytes\t10M\t1\t31457281\t"
	     "30721K\t"),
	    "ann@example.com\tfree\tquota\tmessages\t15/1h\t17\t32\t32/1h\t",
	    "ann@example.com\tfree\tfrom-not-owned\t\t\t2\t\t\t",
	    "ann@example.com\tfree\tblocked\trefusals\t50/1h\t1\t51\t\t",
	    "cid@example.com\tfree\tquota\tmessages\t15/1h\t5\t20\t20/1h\t",
	};
	struct fixture *f = *state;

	fixture_run(f, 0, "would -f tab");
	check_rows(f, rows, PT_ARRAY_LEN(rows));
	fixture_run(f, 0, "would -f json cid");
	fixture_said(f, "\"login\": \"cid@example.com\", \"plan\": \"free\", "
			"\"reason\": \"quota\", \"kind\": \"messages\", "
			"\"limit\": \"15/1h\", \"messages\": 5, "
			"\"peak\": 20, \"enough\": \"20/1h\", "
			"\"first\": \"20");
	fixture_run(f, 0, "would");
	fixture_said(f, "reason");
	fixture_said(f, "from-not-owned");
}

static void
rows_can_be_chosen(void **state)
{
	static const struct {
		const char *line;
		size_t rows;
	} cases[] = {
	    {"would -f tab ann", 3},
	    {"would -f tab --reason quota", 3},
	    {"would -f tab --reason quota ann", 1},
	    {"would -f tab --since 36h", 2},
	    {"would -f tab --since 8d", 5},
	    {"would -f tab --limit 2", 2},
	    {"would -f tab --limit 100", 6},
	    {"would -f tab --reason penalty", 0},
	    {"would -f tab nobody", 0},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		size_t lines = 0;

		fixture_run(f, 0, cases[i].line);
		for (const char *at = f->out; *at != '\0'; at++)
			lines += *at == '\n';
		if (lines != cases[i].rows + 1)
			fail_msg("%s: %zu lines", cases[i].line, lines);
	}
	fixture_said(f, "posternctl: nothing would have been refused");
}

static void
the_summary_tells_whom_each_limit_meets(void **state)
{
	static const char *const rows[] = {
	    "free\tquota\tmessages\t15/1h\t2\t22\t20\t32\t32",
	    "free\tfrom-not-owned\t\t\t1\t2\t\t\t",
	    "free\tblocked\trefusals\t50/1h\t1\t1\t51\t51\t51",
	    "gold\tquota\tmessages\t15/1h\t1\t40\t90\t90\t90",
	    ("gold\tmessage-size\tbytes\t10M\t1\t1\t31457281\t31457281\t"
	     "31457281"),
	};
	struct fixture *f = *state;

	fixture_run(f, 0, "would --summary -f tab");
	check_rows(f, rows, PT_ARRAY_LEN(rows));
	fixture_run(f, 0, "would --summary -f tab --reason quota --limit 1");
	check_rows(f, rows, 1);
}

static void
percentiles_are_peaks_that_were_reached(void **state)
{
	static struct pc_would_row rows[100];
	static struct pc_would_login login = {.plan = "free"};
	struct pc_would_list list = {.logins = &login, .rows = rows};
	static const struct {
		size_t n;
		uint64_t median, p95, highest;
	} cases[] = {{1, 1, 1, 1}, {2, 1, 2, 2}, {3, 2, 3, 3}, {20, 10, 19, 20},
	    {21, 11, 20, 21}, {100, 50, 95, 100}};

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		struct pc_would_group *groups;
		struct pt_err err;
		size_t n;

		list.count = cases[i].n;
		/* From the highest down. */
		for (size_t j = 0; j < list.count; j++)
			rows[j] = (struct pc_would_row){
			    &login, {
					.reason = PT_REASON_QUOTA,
					.messages = 2,
					.peak = {PT_FIGURES_MESSAGES,
					    list.count - j, 0, 60},
				    }};
		assert_int_equal(pc_would_group(&list, &groups, &n, &err), 0);
		assert_int_equal(n, 1);
		assert_int_equal(groups->logins, cases[i].n);
		assert_int_equal(groups->messages, 2 * cases[i].n);
		assert_int_equal(groups->median, cases[i].median);
		assert_int_equal(groups->p95, cases[i].p95);
		assert_int_equal(groups->limit.used, cases[i].highest);
		free(groups);
	}
}

static void
what_would_do_can_be_written_into_a_plan(void **state)
{
	static const struct {
		enum pt_reason_id reason;
		struct pt_figures peak;
		const char *limit, *enough;
	} cases[] = {
	    {PT_REASON_PENALTY, {PT_FIGURES_MESSAGES, 9, 4, 3600}, "4/1h",
		"9/1h"},
	    {PT_REASON_RECIPIENTS_PER_MESSAGE,
		{PT_FIGURES_RECIPIENTS, 45, 30, 0}, "30", "45"},
	    {PT_REASON_MESSAGE_SIZE, {PT_FIGURES_BYTES, 1000, 900, 0}, "900",
		"1000"},
	    {PT_REASON_MESSAGE_SIZE, {PT_FIGURES_BYTES, 1025, 1024, 0}, "1K",
		"2K"},
	    {PT_REASON_QUOTA,
		{PT_FIGURES_BYTES, (2000U << 20) + 5, 500U << 20, 86400},
		"500M/1d", "2001M/1d"},
	    {PT_REASON_QUOTA,
		{PT_FIGURES_BYTES, UINT64_MAX - 9, 500U << 20, 86400},
		"500M/1d", "18446744073709551615/1d"},
	    {PT_REASON_CLIENT_ADDRESSES, {PT_FIGURES_ADDRESSES, 0, 3, 86400},
		"3/1d", ""},
	    {PT_REASON_BLOCKED, {PT_FIGURES_BOUNCES, 30, 25, 86400}, "25/1d",
		""},
	    {PT_REASON_TLS_REQUIRED, {.unit = PT_FIGURES_NONE}, "", ""},
	};
	char text[PC_WOULD_LIMIT_MAX];

	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		const struct pt_would would = {
		    .reason = (unsigned char)cases[i].reason,
		    .peak = cases[i].peak};

		pc_would_limit(&would.peak, text, sizeof(text));
		assert_string_equal(text, cases[i].limit);
		pc_would_enough(&would, text, sizeof(text));
		assert_string_equal(text, cases[i].enough);
	}
}

static void
clear_forgets_what_it_shows(void **state)
{
	struct fixture *f = *state;
	const char *at;

	fixture_run(f, 0, "would --clear -f tab --reason from-not-owned");
	fixture_said(f, "ann@example.com\tfree\tfrom-not-owned");
	fixture_run(f, 0, "would -f tab ann");
	assert_null(strstr(f->out, "from-not-owned"));
	fixture_said(f, "quota");
	fixture_run(f, 0, "would --clear ann");
	fixture_run(f, 0, "would -f tab");
	assert_null(strstr(f->out, "ann@"));
	fixture_said(f, "bob@");
	fixture_run(f, 0, "would --clear");
	fixture_run(f, 0, "would");
	fixture_said(f, "posternctl: nothing would have been refused");
	fixture_run(f, 0, "would --summary");
	fixture_said(f, "posternctl: nothing would have been refused");
	/* Nothing of it is left, of the logs neither, but what is too old. */
	fixture_run(f, 0, "dump");
	at = strstr(f->out, "\"observed\"");
	assert_non_null(at);
	assert_null(strstr(at + 1, "\"observed\""));
	fixture_said(f, "\"login\": \"dan@example.com\"");
}

static void
clear_forgets_nothing_that_could_not_be_shown(void **state)
{
	struct fixture *f = *state;
	char name[] = "posternctl", c[] = "-c", would[] = "would";
	char clear[] = "--clear";
	char *words[] = {name, c, f->conf, would, clear, NULL};
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	assert_int_equal(pc_run(5, words, full, full), EX_TEMPFAIL);
	(void)fclose(full);
	fixture_run(f, 0, "would -f tab");
	fixture_said(f, "ann@example.com\tfree\tquota");
}

static void
explain_tells_of_it(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "explain -f tab ann");
	fixture_said(f, "observed\tmessages that would have been refused, "
			"since ");
	fixture_said(f, ": quota 17, from-not-owned 2, blocked 1; posternctl "
			"would ann@example.com tells which limits would do\n");
	fixture_run(f, 0, "explain -f tab eve");
	assert_null(strstr(f->out, "observed\t"));
}

static void
reset_empties_the_windows_and_keeps_what_was_noted(void **state)
{
	struct fixture *f = *state;

	fixture_run(f, 0, "dump");
	fixture_said(f, "\"would\"");
	fixture_run(f, 0, "reset ann");
	fixture_said(f, "the windows were emptied");
	fixture_run(f, 0, "would -f tab ann --reason quota");
	fixture_said(f, "32/1h");
}

static void
wrong_options_are_refused(void **state)
{
	static const struct {
		const char *line, *text;
	} cases[] = {
	    {"would --reason quotas",
		"cannot read --reason: \"quotas\" is none, postern(7)"},
	    {"would --reason none", "cannot read --reason: \"none\" is none"},
	    {"would --reason \033[31m", "cannot read --reason: \"\\x1B[31m\""},
	    {"would --since yesterday", "cannot read --since"},
	    {"would --limit 0", "cannot read --limit"},
	    {"would --clear --summary", "cannot use --clear with"},
	    {"would --clear --limit 5", "cannot use --clear with"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < PT_ARRAY_LEN(cases); i++) {
		fixture_run(f, 64, cases[i].line);
		fixture_said(f, cases[i].text);
	}
}

static void
a_dump_brings_it_back(void **state)
{
	struct fixture *f = *state;
	char path[300];
	char line[400];

	fixture_run(f, 0, "dump");
	assert_in_range(snprintf(path, sizeof(path), "%s/dump", f->dir), 1,
	    sizeof(path) - 1);
	test_write_file(path, f->out);
	fixture_run(f, 0, "would --clear");
	(void)snprintf(line, sizeof(line), "load %s", path);
	fixture_run(f, 0, line);
	fixture_run(f, 0, "would -f tab cid");
	fixture_said(f, "\t20/1h\t");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(those_with_most_come_first),
	    TEST(rows_can_be_chosen),
	    TEST(the_summary_tells_whom_each_limit_meets),
	    TEST(clear_forgets_what_it_shows),
	    TEST(clear_forgets_nothing_that_could_not_be_shown),
	    TEST(explain_tells_of_it),
	    TEST(reset_empties_the_windows_and_keeps_what_was_noted),
	    TEST(wrong_options_are_refused),
	    TEST(a_dump_brings_it_back),
	    cmocka_unit_test(percentiles_are_peaks_that_were_reached),
	    cmocka_unit_test(what_would_do_can_be_written_into_a_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
