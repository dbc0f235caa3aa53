/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a doctor_*.c says, for tests that link the modules of posternctl. */
#ifndef TESTS_UNIT_SUPPORT_DOCTOR_REPORT_H
#define TESTS_UNIT_SUPPORT_DOCTOR_REPORT_H

#include "ctl/doctor.h"
#include "tests/unit/support/testing.h"

struct doctor_diagnosis {
	char *text;
	unsigned problems;
};

struct doctor_report {
	struct pt_config config;
	struct pt_plan plan;
	struct pc_call call;
	struct pc_doctor doctor;
	FILE *stream;
	size_t len;
	struct doctor_diagnosis *out;
};

static void
doctor_report_begin(struct doctor_report *report, const char *listen,
    struct doctor_diagnosis *out)
{
	memset(report, 0, sizeof(*report));
	report->out = out;
	report->plan.bounce_min.count = 1;
	report->config.plans = &report->plan;
	report->config.plan_count = 1;
	(void)snprintf(report->config.milter_listen,
	    sizeof(report->config.milter_listen), "%s", listen);
	report->call =
	    (struct pc_call){.config = &report->config, .now = TEST_NOW};
	report->doctor.call = &report->call;
	report->stream = open_memstream(&out->text, &report->len);
	assert_non_null(report->stream);
	report->call.out =
	    pc_output_new(report->stream, PC_FORMAT_TAB, TEST_NOW);
	assert_non_null(report->call.out);
	pc_doctor_begin(&report->doctor);
}

static void
doctor_report_end(struct doctor_report *report)
{
	struct pt_err err;

	assert_int_equal(pc_output_end(report->call.out, &err), 0);
	pc_output_free(report->call.out);
	assert_int_equal(fclose(report->stream), 0);
	report->out->problems = report->doctor.problems;
}

/* The line that says "what", and what stands in it. */
static void
doctor_expect_line(const struct doctor_diagnosis *diagnosis, size_t number,
    const char *level, const char *what, const char *fix)
{
	const char *found = strstr(diagnosis->text, what);
	const char *line;
	const char *at;

	if (found == NULL) {
		fail_msg("%zu: no \"%s\" in %s", number, what, diagnosis->text);
		return;
	}
	line = found;
	while (line > diagnosis->text && line[-1] != '\n')
		line--;
	if (strncmp(line, level, strlen(level)) != 0)
		fail_msg("%zu: %s", number, line);
	at = strstr(found, fix);
	if (at == NULL || at > strchr(found, '\n'))
		fail_msg("%zu: no \"%s\" in %s", number, fix, found);
}

#endif
