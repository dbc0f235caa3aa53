/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: can the daemons read the sender maps, and do their servers answer? */

#include <pwd.h>
#include <unistd.h>

#include "core/maps/maps.h"
#include "ctl/doctor.h"

#define WHERE "maps"

/* A server that is down is noticed only when it is asked. */
static void
ask(struct pc_doctor *doctor, struct pt_maps *maps)
{
	static const char nobody[] = "postern-doctor@example.invalid";
	struct pt_maps_answer answer;
	struct pt_login address;
	struct pt_err err;

	if (pt_login_parse(nobody, sizeof(nobody) - 1, NULL, &address, &err) ==
		0 &&
	    pt_maps_owners(maps, &address, &answer, &err) == PT_OWNED_UNKNOWN)
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
		    "%s: mail that this map must decide about is deferred",
		    err.text);
	else
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "the sender maps can be read, and their servers answer");
}

void
pc_doctor_maps(struct pc_doctor *doctor)
{
	const struct pt_config *config = doctor->call->config;
	struct passwd *pw = getpwuid(geteuid());
	struct pt_maps *maps;
	struct pt_err err;

	if (config->sender.maps.count == 0)
		return;
	if (pt_maps_open(config, &maps, &err) != 0) {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
		    "policyd and the milter, which work as %s, cannot start, "
		    "or go on with what they have read before: %s",
		    pw == NULL ? "the owner of the state" : pw->pw_name,
		    err.text);
		return;
	}
	ask(doctor, maps);
	pt_maps_close(maps);
}
