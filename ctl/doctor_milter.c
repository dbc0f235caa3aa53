/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: is the From header watched?  On every service where mail programs
 * log in, the milter must be among smtpd_milters, and before whoever signs:
 * it may change the header, and a signature over the old one would be broken.
 */

#include "ctl/doctor_milter.h"

#include <stdio.h>

#define LIST "smtpd_milters"

static void
say(const struct pc_milters *milters, enum pc_level level, const char *what)
{
	const struct pc_service *service = milters->service;
	char place[PC_SERVICE_NAME_MAX + 32];
	char line[PC_RESTRICT_LIST_MAX];
	const struct pc_fix fix = {place, line};
	struct pt_text text;

	snprintf(place, sizeof(place), "master.cf, under %s", service->name);
	pt_text_init(&text, line, sizeof(line));
	pt_text_add(&text, "-o { ");
	pc_milters_line(milters, &text);
	pt_text_add(&text, " }");
	pc_doctor_say(service->doctor, level, service->name, &fix, "%s", what);
}

static void
say_estranged(const struct pc_milters *milters)
{
	const struct pc_service *service = milters->service;
	char resolved[512];
	char what[1024];

	pc_endpoint_resolve(
	    service, milters->endpoint, resolved, sizeof(resolved));
	snprintf(what, sizeof(what),
	    "%s asks %s, which %sis %s: the milter does not listen there",
	    milters->list, milters->endpoint,
	    service->chrooted ? "for a chrooted service " : "", resolved);
	say(milters, PC_LEVEL_PROBLEM, what);
}

static void
say_unreachable(const struct pc_milters *milters)
{
	const char *queue = milters->service->postfix->queue_directory;
	char line[512];
	const struct pc_fix fix = {"postern.conf", line};

	snprintf(line, sizeof(line),
	    "milter_listen = \"unix:%s/postern/milter.sock\"", queue);
	pc_doctor_say(milters->service->doctor, PC_LEVEL_PROBLEM,
	    milters->service->name, &fix,
	    "runs chrooted in %s and cannot reach milter_listen", queue);
}

static void
check_order(const struct pc_milters *milters)
{
	const struct pt_sender_config *sender =
	    &milters->service->doctor->call->config->sender;
	bool changes = sender->policy == PT_SENDER_REWRITE ||
		       sender->foreign_sender == PT_FOREIGN_SENDER_REMOVE;
	char what[512];

	if (milters->signer[0] == '\0')
		return;
	snprintf(what, sizeof(what),
	    "%s asks %s before the milter, which may change the header "
	    "afterwards%s: the milter should come first",
	    milters->list, milters->signer,
	    changes ? " and break the signature" : "");
	say(milters, changes ? PC_LEVEL_PROBLEM : PC_LEVEL_NOTE, what);
}

static void
check_stray(const struct pc_milters *milters)
{
	char what[512];

	if (milters->stray[0] == '\0')
		return;
	snprintf(what, sizeof(what),
	    "%s names %.200s, which is no milter, so Postfix turns every "
	    "client away: what belongs to a milter stands with it in braces",
	    milters->list, milters->stray);
	say(milters, PC_LEVEL_PROBLEM, what);
}

/* Two ways to take all milters away from clients, or from some. */
static void
check_exceptions(const struct pc_milters *milters)
{
	const struct pc_service *service = milters->service;
	const char *maps = pc_service_setting(service, "smtpd_milter_maps");

	if (pc_restrict_has(
		pc_service_setting(service, "receive_override_options"),
		"no_milters"))
		pc_doctor_say(service->doctor, PC_LEVEL_PROBLEM, service->name,
		    NULL,
		    "receive_override_options has no_milters: the milter is "
		    "never asked; take no_milters out there");
	if (maps[0] != '\0')
		pc_doctor_say(service->doctor, PC_LEVEL_NOTE, service->name,
		    NULL,
		    "smtpd_milter_maps (%.200s) can take the milter away from "
		    "some clients",
		    maps);
}

/* True if the service asks the milter. */
static bool
look_at_service(struct pc_service *service)
{
	struct pc_milters milters;

	pc_milters_read(service, LIST, &milters);
	if (milters.ours) {
		pc_doctor_say(service->doctor, PC_LEVEL_OK, service->name, NULL,
		    "asks the milter about headers (" LIST ")");
		check_stray(&milters);
		check_order(&milters);
		check_exceptions(&milters);
		pc_doctor_milter_safety(&milters);
		return true;
	}
	if (!milters.reachable)
		say_unreachable(&milters);
	else if (milters.word[0] != '\0')
		say_estranged(&milters);
	else
		say(&milters, PC_LEVEL_NOTE,
		    "does not ask the milter: a login can put anybody's "
		    "address into From");
	return false;
}

void
pc_doctor_milter(struct pc_doctor *doctor, const struct pc_postfix *postfix)
{
	static const struct pc_fix listen_fix = {"postern.conf",
	    "milter_listen = \"unix:/var/spool/postfix/postern/milter.sock\""};
	const char *listen = doctor->call->config->milter_listen;
	struct pc_service service;
	unsigned attached = 0;
	size_t i = 0;

	if (listen[0] == '\0') {
		pc_doctor_say(doctor, PC_LEVEL_NOTE, PC_MILTER_WHERE,
		    &listen_fix,
		    "milter_listen is empty: a login can put anybody's address "
		    "into From");
		return;
	}
	while (pc_service_next(doctor, postfix, "smtpd", &i, &service)) {
		if (!pc_service_has_sasl(&service))
			continue;
		service.listen = &listen;
		service.listen_count = 1;
		if (look_at_service(&service))
			attached++;
	}
	if (attached == 0)
		return;
	pc_doctor_milter_socket(doctor, postfix);
	pc_doctor_milter_bounces(doctor, postfix);
}
