/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: what Postfix does while the milter is down or hangs. */

#include <stdio.h>
#include <string.h>

#include "core/maps/maps.h"
#include "ctl/doctor_milter.h"

#define VERSION_NEEDED 6
#define CONNECT_LONG   60  /* seconds; Postfix itself takes 30 */
#define ANSWER_LONG    600 /* Postfix itself takes 30 and 300 */
/* A lookup in a map may take PT_MAPS_WAIT_MS, and there may be several. */
#define ANSWER_SHORT (3 * PT_MAPS_WAIT_MS / 1000)

/*
 * The remedy stands where the mistake does: "value" for "name" within the
 * braces, in master.cf or in main.cf.
 */
static void
say(const struct pc_milters *milters, enum pc_level level, const char *name,
    const char *value, const char *what)
{
	const struct pc_service *service = milters->service;
	char place[PC_SERVICE_NAME_MAX + 32] = "main.cf";
	char setting[64];
	char inside[64];
	char line[512];
	const struct pc_fix fix = {place, line};

	snprintf(setting, sizeof(setting), "milter_%s", name);
	pc_restrict_attribute(milters->word, name, inside, sizeof(inside));
	snprintf(line, sizeof(line), "%s = %s", setting, value);
	if (inside[0] != '\0') {
		snprintf(place, sizeof(place), "%s, for %s", milters->list,
		    service->name);
		snprintf(line, sizeof(line), "{ %s, %s=%s }", milters->endpoint,
		    name, value);
	} else if (pc_service_has_option(service, setting)) {
		snprintf(
		    place, sizeof(place), "master.cf, under %s", service->name);
		snprintf(line, sizeof(line), "-o %s=%s", setting, value);
	}
	pc_doctor_say(service->doctor, level, service->name, &fix, "%s", what);
}

static bool
knows_shutdown(const struct pc_postfix *postfix)
{
	const char *initial =
	    pc_settings_get(&postfix->defaults, "milter_default_action");

	return initial != NULL && strcmp(initial, "shutdown") == 0;
}

static void
say_ok(const struct pc_milters *milters, const char *what)
{
	pc_doctor_say(milters->service->doctor, PC_LEVEL_OK,
	    milters->service->name, NULL, "%s", what);
}

static void
check_default_action(const struct pc_milters *milters)
{
	static const char name[] = "default_action";
	char action[64];
	char what[256];

	pc_milters_setting(milters, name, action, sizeof(action));
	if (strcmp(action, "tempfail") == 0) {
		say_ok(milters,
		    "while the milter is down, mail is deferred (tempfail)");
	} else if (strcmp(action, "shutdown") == 0) {
		if (knows_shutdown(milters->service->postfix))
			say_ok(milters,
			    "while the milter is down, clients are turned away "
			    "at once to try again later (shutdown)");
		else
			say(milters, PC_LEVEL_PROBLEM, name, "tempfail",
			    "milter_default_action is shutdown, which this "
			    "Postfix does not know");
	} else if (strcmp(action, "reject") == 0) {
		say(milters, PC_LEVEL_PROBLEM, name, "tempfail",
		    "while the milter is down, mail is refused for good "
		    "(default_action is reject)");
	} else if (strcmp(action, "accept") == 0) {
		say(milters, PC_LEVEL_NOTE, name, "tempfail",
		    "while the milter is down, mail passes with any From "
		    "(default_action is accept)");
	} else {
		snprintf(what, sizeof(what),
		    "while the milter is down, mail is not simply deferred "
		    "(default_action is %.32s)",
		    action);
		say(milters, PC_LEVEL_NOTE, name, "tempfail", what);
	}
}

static void
check_protocol(const struct pc_milters *milters)
{
	uint64_t version = 0;
	char text[32];
	char what[256];

	pc_milters_setting(milters, "protocol", text, sizeof(text));
	if (pt_text_to_u64(text, 99, &version) && version >= VERSION_NEEDED)
		return;
	snprintf(what, sizeof(what),
	    "speaks version %.16s of the milter protocol, in which the milter "
	    "cannot choose steps and macros",
	    text);
	say(milters, PC_LEVEL_PROBLEM, "protocol", "6", what);
}

static void
check_time(const struct pc_milters *milters, const char *name, int64_t shortest,
    int64_t longest, const char *value)
{
	char text[32];
	char what[256];
	int64_t seconds;

	pc_milters_setting(milters, name, text, sizeof(text));
	seconds = pc_service_time(text);
	if (seconds == 0 || (seconds >= shortest && seconds <= longest))
		return;
	if (seconds < shortest)
		snprintf(what, sizeof(what),
		    "gives the milter up after %.24s (milter_%s), but a sender "
		    "map alone may take %d seconds",
		    text, name, PT_MAPS_WAIT_MS / 1000);
	else
		snprintf(what, sizeof(what),
		    "waits %.24s for the milter (milter_%s): if that hangs, so "
		    "do all clients",
		    text, name);
	say(milters, PC_LEVEL_NOTE, name, value, what);
}

void
pc_doctor_milter_safety(const struct pc_milters *milters)
{
	check_default_action(milters);
	check_protocol(milters);
	check_time(milters, "connect_timeout", 1, CONNECT_LONG, "30s");
	check_time(
	    milters, "command_timeout", ANSWER_SHORT, ANSWER_LONG, "30s");
	check_time(
	    milters, "content_timeout", ANSWER_SHORT, ANSWER_LONG, "300s");
}
