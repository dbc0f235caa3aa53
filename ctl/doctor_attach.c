/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: is Postern asked at the right stages?  At the end of the message,
 * where it counts, and for each recipient, so that a message over the limit
 * is not taken just to be deferred; each time before permit_sasl_authenticated
 * ends the list for the very clients that it is about.
 */

#include <stdio.h>
#include <string.h>

#include "ctl/doctor_service.h"

#define WAYS_MAX 8

/* What was found in the lists of one stage. */
struct stage {
	struct pc_service *service;
	const char *list; /* at work */
	/* The best place where Postern is asked; NULL: nowhere. */
	const char *ours_list;
	struct pc_policy ours;
	struct pc_before before;
	/* A policy service that was meant to be Postern; NULL: none. */
	const char *estranged_list;
	struct pc_policy estranged;
};

struct ways {
	struct pc_service *service;
	char text[WAYS_MAX][PC_RESTRICT_WORD_MAX];
};

static bool
is_good(const struct pc_before *before)
{
	return !before->sasl && !before->everybody;
}

static bool
note_policy(
    const struct pc_policy *policy, const struct pc_before *before, void *arg)
{
	struct stage *stage = arg;

	switch (pc_endpoint_judge(stage->service, policy->endpoint)) {
	case PC_ENDPOINT_OURS:
		if (stage->ours_list != NULL &&
		    (is_good(&stage->before) || !is_good(before)))
			break;
		stage->ours_list = stage->list;
		stage->ours = *policy;
		stage->before = *before;
		break;
	case PC_ENDPOINT_ESTRANGED:
		if (stage->estranged_list != NULL)
			break;
		stage->estranged_list = stage->list;
		stage->estranged = *policy;
		break;
	case PC_ENDPOINT_OTHER:
		break;
	}
	return true;
}

static void
look_at_list(struct stage *stage, const char *name)
{
	char list[PC_RESTRICT_LIST_MAX];
	struct pt_text text;

	pt_text_init(&text, list, sizeof(list));
	pc_service_list(stage->service, name, &text);
	stage->list = name;
	pc_restrict_each_policy(list, note_policy, stage);
}

static bool
is_delayed(const struct pc_service *service)
{
	return strcmp(pc_service_setting(service, "smtpd_delay_reject"),
		   "yes") == 0;
}

/* Everything that Postfix asks when a recipient is named. */
static void
look_at_recipient(struct stage *stage)
{
	look_at_list(stage, "smtpd_recipient_restrictions");
	look_at_list(stage, "smtpd_relay_restrictions");
	if (!is_delayed(stage->service))
		return;
	look_at_list(stage, "smtpd_sender_restrictions");
	look_at_list(stage, "smtpd_helo_restrictions");
	look_at_list(stage, "smtpd_client_restrictions");
}

void
pc_service_add_line(const struct pc_service *service, const char *list,
    const char *policy, const char *gone, struct pt_text *out)
{
	const char *value = pc_service_setting(service, list);
	char rest[PC_RESTRICT_LIST_MAX];
	struct pt_text text;

	if (value[0] == '\0' &&
	    strcmp(list, "smtpd_recipient_restrictions") == 0)
		value = "permit_sasl_authenticated, reject";
	pt_text_init(&text, rest, sizeof(rest));
	pc_restrict_put_first(value, policy, gone, &text);
	if (out->len > 0)
		pt_text_add(out, " ");
	pt_text_addf(out, "-o { %s = %s }", list, rest);
}

static void
say_with_line(const struct pc_service *service, enum pc_level level,
    const char *list, const char *policy, const char *gone, const char *what)
{
	char line[PC_RESTRICT_LIST_MAX];
	char place[PC_SERVICE_NAME_MAX + 32];
	const struct pc_fix fix = {place, line};
	struct pt_text text;

	pt_text_init(&text, line, sizeof(line));
	pc_service_add_line(service, list, policy, gone, &text);
	snprintf(place, sizeof(place), "master.cf, under %s", service->name);
	pc_doctor_say(service->doctor, level, service->name, &fix, "%s", what);
}

static void
say_estranged(const struct stage *stage)
{
	const struct pc_service *service = stage->service;
	const char *endpoint = stage->estranged.endpoint;
	char resolved[512];
	char what[1024];

	pc_endpoint_resolve(service, endpoint, resolved, sizeof(resolved));
	snprintf(what, sizeof(what),
	    "%s asks %s, which %sis %s: policyd does not listen there",
	    stage->estranged_list, endpoint,
	    service->chrooted ? "for a chrooted service " : "", resolved);
	say_with_line(service, PC_LEVEL_PROBLEM, stage->estranged_list,
	    service->policy, endpoint, what);
}

/* false if Postern is not asked at this stage as it should be. */
static bool
say_found(const struct stage *stage, const char *when)
{
	const struct pc_service *service = stage->service;
	char what[512];

	if (stage->ours_list == NULL && stage->estranged_list == NULL)
		return false;
	if (stage->ours_list == NULL) {
		say_estranged(stage);
		return true;
	}
	if (is_good(&stage->before)) {
		pc_doctor_say(service->doctor, PC_LEVEL_OK, service->name, NULL,
		    "asks Postern %s (%s)", when, stage->ours_list);
		if (!stage->before.mynetworks)
			return true;
		snprintf(what, sizeof(what),
		    "%s lets clients in mynetworks pass before it asks "
		    "Postern",
		    stage->ours_list);
		say_with_line(service, PC_LEVEL_NOTE, stage->ours_list,
		    stage->ours.text, NULL, what);
		return true;
	}
	snprintf(what, sizeof(what),
	    "%s asks Postern after %s, so never for a login", stage->ours_list,
	    stage->before.sasl ? "permit_sasl_authenticated"
			       : "what ends the list for everybody");
	say_with_line(service, PC_LEVEL_PROBLEM, stage->ours_list,
	    stage->ours.text, NULL, what);
	return true;
}

static bool
count_way(
    const struct pc_policy *policy, const struct pc_before *before, void *arg)
{
	struct ways *ways = arg;
	struct pc_service *service = ways->service;
	unsigned i;

	(void)before;
	if (pc_endpoint_judge(service, policy->endpoint) != PC_ENDPOINT_OURS)
		return true;
	for (i = 0; i < service->ways; i++) {
		if (strcmp(ways->text[i], policy->text) == 0)
			return true;
	}
	if (service->ways == WAYS_MAX)
		return false;
	if (service->ways == 0)
		service->used = *policy;
	memcpy(ways->text[service->ways++], policy->text, sizeof(policy->text));
	return true;
}

/* smtpd keeps a connection for each way in which a policy service is named. */
static void
count_ways(struct pc_service *service)
{
	static const char *const lists[] = {"smtpd_end_of_data_restrictions",
	    "smtpd_data_restrictions", "smtpd_recipient_restrictions",
	    "smtpd_relay_restrictions", "smtpd_sender_restrictions",
	    "smtpd_helo_restrictions", "smtpd_client_restrictions"};
	struct ways ways = {.service = service};
	char list[PC_RESTRICT_LIST_MAX];
	struct pt_text text;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(lists); i++) {
		pt_text_init(&text, list, sizeof(list));
		pc_service_list(service, lists[i], &text);
		pc_restrict_each_policy(list, count_way, &ways);
	}
}

void
pc_doctor_attachment(struct pc_service *service)
{
	struct stage recipient = {.service = service};
	struct stage data = {.service = service};
	struct stage end = {.service = service};

	count_ways(service);
	look_at_recipient(&recipient);
	look_at_list(&data, "smtpd_data_restrictions");
	look_at_list(&end, "smtpd_end_of_data_restrictions");
	if (!say_found(&recipient, "for each recipient")) {
		bool at_data = data.ours_list != NULL && is_good(&data.before);

		say_with_line(service,
		    at_data ? PC_LEVEL_NOTE : PC_LEVEL_PROBLEM,
		    "smtpd_recipient_restrictions", service->policy, NULL,
		    at_data ? "asks Postern at DATA, but for no recipient: too "
			      "many recipients are noticed late"
			    : "asks Postern for no recipient: a message over "
			      "the limit is taken whole just to be deferred");
	}
	if (!say_found(&end, "at the end of the message"))
		say_with_line(service, PC_LEVEL_PROBLEM,
		    "smtpd_end_of_data_restrictions", service->policy, NULL,
		    "does not ask Postern at the end of the message: nothing "
		    "is counted, so no limit holds");
}
