/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: can owners be told? */

#include <pwd.h>
#include <unistd.h>

#include "core/base/zone.h"
#include "core/notice/template.h"
#include "core/service/mailer.h"
#include "ctl/doctor.h"

#define WHERE "notices"

static void
check_zone(struct pc_doctor *doctor)
{
	static const struct pc_fix fix = {
	    "postern.conf, notice", "timezone = \"UTC\""};
	const char *zone = doctor->call->config->notice.timezone;

	/* The database may have gone since the configuration was written. */
	if (!pt_zone_exists(zone))
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &fix,
		    "there is no time zone %s on this machine: times are told "
		    "in UTC",
		    zone);
}

static int
check_texts_and_command(const struct pc_doctor *doctor, struct pt_err *err)
{
	const struct pt_config *config = doctor->call->config;

	if (pt_templates_check(config, err) != 0)
		return -1;
	return pt_mailer_check(config->notice.command, err);
}

void
pc_doctor_notices(struct pc_doctor *doctor)
{
	static const struct pc_fix from = {
	    "postern.conf, notice", "from = \"postmaster@example.com\""};
	const struct pt_notice_config *config = &doctor->call->config->notice;
	struct pt_err err;

	if (config->from[0] == '\0') {
		pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, &from,
		    "owners are told nothing, because notice { from } is not "
		    "set");
		return;
	}
	doctor->cannot_tell = check_texts_and_command(doctor, &err) != 0;
	if (doctor->cannot_tell)
		pc_doctor_say(
		    doctor, PC_LEVEL_PROBLEM, WHERE, NULL, "%s", err.text);
	else
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "owners are told in %zu language%s, from %s",
		    config->languages.count,
		    config->languages.count == 1 ? "" : "s", config->from);
	check_zone(doctor);
}

void
pc_doctor_notices_of_keeper(struct pc_doctor *doctor)
{
	struct passwd *pw = getpwuid(geteuid());
	struct pt_err err;

	if (doctor->call->config->notice.from[0] == '\0' ||
	    doctor->cannot_tell || check_texts_and_command(doctor, &err) == 0)
		return;
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
	    "postern-keeper, which works as %s, cannot start, or goes on with "
	    "what it has read before: %s",
	    pw == NULL ? "the owner of the state" : pw->pw_name, err.text);
}
