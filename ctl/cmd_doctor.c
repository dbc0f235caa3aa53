/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: everything that is looked at, in the order of the report. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "ctl/columns.h"
#include "ctl/doctor.h"
#include "ctl/doctor_dovecot.h"
#include "ctl/handlers.h"

#define WHAT_MAX    1536
#define SENDMAIL_CF "/etc/mail/sendmail.cf"

void
pc_doctor_begin(struct pc_doctor *doctor)
{
	pc_output_begin(doctor->call->out, pc_columns_doctor, true);
}

/* Several lines stay below one another. */
static void
show_fix(const struct pc_fix *fix, char *buf, size_t cap)
{
	const char *line = fix->line;
	struct pt_text text;
	size_t len;

	pt_text_init(&text, buf, cap);
	pt_text_addf(&text, "in %s:", fix->place);
	for (;;) {
		len = strcspn(line, "\n");
		pt_text_add(&text, "\n    ");
		pt_text_add_bytes(&text, line, len);
		if (line[len] == '\0')
			return;
		line += len + 1;
	}
}

void
pc_doctor_say(struct pc_doctor *doctor, enum pc_level level, const char *where,
    const struct pc_fix *fix, const char *fmt, ...)
{
	static const char *const names[] = {
	    [PC_LEVEL_OK] = "ok",
	    [PC_LEVEL_NOTE] = "note",
	    [PC_LEVEL_PROBLEM] = "problem",
	};
	struct pc_output *out = doctor->call->out;
	char below[16384];
	char what[WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	if (level == PC_LEVEL_PROBLEM)
		doctor->problems++;
	pc_output_text(out, names[level]);
	pc_output_text(out, where);
	pc_output_text(out, what);
	pc_output_text(out, fix == NULL ? NULL : fix->place);
	pc_output_text(out, fix == NULL ? NULL : fix->line);
	if (fix == NULL) {
		pc_output_none(out);
		return;
	}
	show_fix(fix, below, sizeof(below));
	pc_output_text(out, below);
}

static void
look_at_mta(struct pc_doctor *doctor)
{
	const char *sendmail = pc_call_option(doctor->call, "sendmail-config");
	struct pc_postfix postfix;
	bool found = pc_doctor_postfix_read(doctor, &postfix);
	bool asks;

	if (found) {
		pc_doctor_sockets(doctor, &postfix);
		pc_doctor_services(doctor, &postfix);
		pc_doctor_milter(doctor, &postfix);
	}
	pc_doctor_postfix_clear(&postfix);
	/* Packages of Postfix leave the file of a Sendmail that was there. */
	if (found && sendmail == NULL)
		return;
	asks = pc_doctor_sendmail(doctor,
	    sendmail == NULL ? SENDMAIL_CF : sendmail, sendmail != NULL);
	/* Sendmail has no use for policyd. */
	if (asks)
		pc_doctor_milter_socket(doctor, &postfix);
	else if (!found)
		pc_doctor_sockets(doctor, &postfix);
}

static void
look_at_dovecot(struct pc_doctor *doctor)
{
	struct pc_dovecot dovecot;

	if (!pc_doctor_dovecot_read(doctor, &dovecot))
		return;
	pc_doctor_dovecot_examine(doctor, &dovecot);
	pc_dovecot_clear(&dovecot);
}

static void
look_at_everything(struct pc_doctor *doctor)
{
	pc_doctor_config(doctor);
	pc_doctor_state(doctor);
	pc_doctor_notices(doctor);
	look_at_mta(doctor);
	look_at_dovecot(doctor);
	/* Last, because it gives up the rights that the others need. */
	pc_doctor_environments(doctor);
}

enum pc_answer
pc_cmd_doctor(struct pc_call *call, struct pt_err *err)
{
	const char *policy = pc_call_option(call, "policy");
	struct pc_doctor doctor = {.call = call};

	if (policy != NULL) {
		doctor.listen = &policy;
		doctor.listen_count = 1;
	} else {
		doctor.listen =
		    (const char *const *)call->config->policy_listen.at;
		doctor.listen_count = call->config->policy_listen.count;
	}
	pc_doctor_begin(&doctor);
	look_at_everything(&doctor);
	if (pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return doctor.problems > 0 ? PC_NO : PC_YES;
}
