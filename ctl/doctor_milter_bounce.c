/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: does the milter see bounces, where a plan takes them for evidence?
 * Those of this host come by cleanup, if Postfix is told to show them; those
 * of other hosts come by the smtpd that takes mail from the world.
 */

#include <stdio.h>
#include <string.h>

#include "ctl/doctor_milter.h"

static bool
are_wanted(const struct pt_config *config)
{
	size_t i;

	for (i = 0; i < config->plan_count; i++) {
		if (config->plans[i].bounce_min.count > 0)
			return true;
	}
	return false;
}

/* Lines that are missing in main.cf, one below the other. */
static void
say_own(const struct pc_milters *milters, bool has_class)
{
	char lines[PC_RESTRICT_LIST_MAX];
	const struct pc_fix fix = {"main.cf", lines};
	const char *classes = pc_service_setting(
	    milters->service, "internal_mail_filter_classes");
	struct pt_text text;

	pt_text_init(&text, lines, sizeof(lines));
	if (!has_class)
		pt_text_addf(&text, "internal_mail_filter_classes = bounce%s%s",
		    classes[0] == '\0' ? "" : ", ", classes);
	if (!milters->ours) {
		if (text.len > 0)
			pt_text_add(&text, "\n");
		pc_milters_line(milters, &text);
	}
	pc_doctor_say(milters->service->doctor, PC_LEVEL_NOTE, PC_MILTER_WHERE,
	    &fix,
	    "bounces that this Postfix makes are not shown to the milter, so "
	    "they do not count against a cracked account (bounce_min)");
}

static void
check_own(struct pc_service *cleanup)
{
	struct pc_milters milters;
	bool has_class;

	pc_milters_read(cleanup, "non_smtpd_milters", &milters);
	has_class = pc_restrict_has(
	    pc_service_setting(cleanup, "internal_mail_filter_classes"),
	    "bounce");
	if (milters.ours && has_class)
		pc_doctor_say(cleanup->doctor, PC_LEVEL_OK, PC_MILTER_WHERE,
		    NULL, "sees the bounces that this Postfix makes");
	else
		say_own(&milters, has_class);
}

/* Port 25, by number or by name. */
static bool
is_for_the_world(const struct pc_service *service)
{
	const char *colon = strrchr(service->name, ':');
	const char *port = colon == NULL ? service->name : colon + 1;

	return strstr(service->entry, "/inet") != NULL &&
	       (strcmp(port, "smtp") == 0 || strcmp(port, "25") == 0);
}

static void
check_foreign(struct pc_service *smtpd)
{
	struct pc_milters milters;
	char place[PC_SERVICE_NAME_MAX + 32];
	char line[PC_RESTRICT_LIST_MAX];
	const struct pc_fix fix = {place, line};
	struct pt_text text;

	pc_milters_read(smtpd, "smtpd_milters", &milters);
	if (milters.ours) {
		pc_doctor_say(smtpd->doctor, PC_LEVEL_OK, smtpd->name, NULL,
		    "shows bounces of other hosts to the milter");
		return;
	}
	snprintf(place, sizeof(place), "master.cf, under %s", smtpd->name);
	pt_text_init(&text, line, sizeof(line));
	pt_text_add(&text, "-o { ");
	pc_milters_line(&milters, &text);
	pt_text_add(&text, " }");
	pc_doctor_say(smtpd->doctor, PC_LEVEL_NOTE, smtpd->name, &fix,
	    "bounces of other hosts are not shown to the milter, so they do "
	    "not count against a cracked account (bounce_min)");
}

void
pc_doctor_milter_bounces(
    struct pc_doctor *doctor, const struct pc_postfix *postfix)
{
	const char *listen = doctor->call->config->milter_listen;
	struct pc_service service;
	size_t i = 0;

	if (!are_wanted(doctor->call->config))
		return;
	while (pc_service_next(doctor, postfix, "smtpd", &i, &service)) {
		service.listen = &listen;
		service.listen_count = 1;
		/* Where mail programs log in, that was looked at. */
		if (!pc_service_has_sasl(&service) &&
		    is_for_the_world(&service))
			check_foreign(&service);
	}
	i = 0;
	if (!pc_service_next(doctor, postfix, "cleanup", &i, &service))
		return;
	service.listen = &listen;
	service.listen_count = 1;
	check_own(&service);
}
