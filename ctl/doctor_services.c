/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: which services of Postfix are Postern's business, one by one. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl/doctor_service.h"

#define COMMAND "/command"

static const char *
option(const struct pc_service *service, const char *name)
{
	char key[PC_SERVICE_NAME_MAX + 128];

	snprintf(key, sizeof(key), "%s/%s", service->entry, name);
	return pc_settings_get(&service->postfix->options, key);
}

bool
pc_service_has_option(const struct pc_service *service, const char *name)
{
	return option(service, name) != NULL;
}

const char *
pc_service_setting(const struct pc_service *service, const char *name)
{
	const char *value = option(service, name);

	if (value == NULL)
		value = pc_settings_get(&service->postfix->main, name);
	return value == NULL ? "" : value;
}

void
pc_service_list(
    const struct pc_service *service, const char *name, struct pt_text *out)
{
	pc_restrict_expand(
	    pc_service_setting(service, name), &service->postfix->main, out);
}

/* A column of master.cf. */
static const char *
column(const struct pc_service *service, const char *name)
{
	char key[PC_SERVICE_NAME_MAX + 32];
	const char *value;

	snprintf(key, sizeof(key), "%s/%s", service->entry, name);
	value = pc_settings_get(&service->postfix->services, key);
	return value == NULL ? "-" : value;
}

/* "-" stands for yes only where the configuration is older than 3.0. */
static bool
is_chrooted(const struct pc_service *service)
{
	const char *chroot = column(service, "chroot");
	const char *level;

	if (chroot[0] != '-')
		return chroot[0] == 'y';
	level = pc_settings_get(&service->postfix->main, "compatibility_level");
	return level != NULL && level[0] == '0';
}

static uint64_t
process_limit(const struct pc_service *service)
{
	const char *limit = column(service, "process_limit");
	uint64_t processes = 0;

	if (limit[0] == '-')
		limit = pc_service_setting(service, "default_process_limit");
	(void)pt_text_to_u64(limit, UINT32_MAX, &processes);
	return processes;
}

/* Is it the program's name that the line of master.cf begins with? */
static bool
is_program(const char *line, const char *name)
{
	size_t len = strcspn(line, " \t");

	return len == strlen(name) && memcmp(line, name, len) == 0;
}

/* false if the line of postconf -F is about something else. */
static bool
make_service(struct pc_doctor *doctor, const struct pc_postfix *postfix,
    const char *command, const struct pc_setting *line, struct pc_service *out)
{
	size_t len = strlen(line->name);
	const char *slash;
	struct pt_text text;

	if (len <= strlen(COMMAND) ||
	    strcmp(line->name + len - strlen(COMMAND), COMMAND) != 0 ||
	    !is_program(line->value, command))
		return false;
	memset(out, 0, sizeof(*out));
	out->doctor = doctor;
	out->postfix = postfix;
	out->listen = doctor->listen;
	out->listen_count = doctor->listen_count;
	pt_text_init(&text, out->entry, sizeof(out->entry));
	pt_text_add_bytes(&text, line->name, len - strlen(COMMAND));
	slash = strrchr(out->entry, '/');
	pt_text_init(&text, out->name, sizeof(out->name));
	pt_text_add_bytes(&text, out->entry,
	    slash == NULL ? strlen(out->entry) : (size_t)(slash - out->entry));
	out->chrooted = is_chrooted(out);
	out->processes = process_limit(out);
	return true;
}

bool
pc_service_next(struct pc_doctor *doctor, const struct pc_postfix *postfix,
    const char *command, size_t *i, struct pc_service *out)
{
	while (*i < postfix->services.count) {
		if (make_service(doctor, postfix, command,
			&postfix->services.at[(*i)++], out))
			return true;
	}
	return false;
}

bool
pc_service_has_sasl(const struct pc_service *service)
{
	return strcmp(pc_service_setting(service, "smtpd_sasl_auth_enable"),
		   "yes") == 0;
}

static void
say_unreachable(const struct pc_service *service)
{
	const char *queue = service->postfix->queue_directory;
	char line[512];
	const struct pc_fix fix = {"postern.conf", line};

	snprintf(line, sizeof(line),
	    "policy_listen = { \"unix:%s/postern/policy.sock\" }", queue);
	pc_doctor_say(service->doctor, PC_LEVEL_PROBLEM, service->name, &fix,
	    "runs chrooted in %s and cannot reach any address of "
	    "policy_listen",
	    queue);
}

static void
look_at_service(struct pc_service *service)
{
	char endpoint[512];

	if (!pc_endpoint_suggest(service, endpoint, sizeof(endpoint)))
		say_unreachable(service);
	snprintf(service->policy, sizeof(service->policy), "{ %s, timeout=5s }",
	    endpoint);
	pc_doctor_attachment(service);
	pc_doctor_safety(service);
}

static void
check_connections(struct pc_doctor *doctor, uint64_t needed, bool is_unlimited)
{
	const struct pt_limit *max = &doctor->call->config->max_connections;
	char line[64];
	const struct pc_fix fix = {"postern.conf", line};

	if (!max->on || (needed == 0 && !is_unlimited))
		return;
	if (is_unlimited) {
		pc_doctor_say(doctor, PC_LEVEL_NOTE, "policyd", NULL,
		    "a service has no process limit in master.cf, so there "
		    "may be more connections than max_connections (%" PRIu64
		    ")",
		    max->value);
		return;
	}
	if (needed <= max->value) {
		pc_doctor_say(doctor, PC_LEVEL_OK, "policyd", NULL,
		    "Postfix opens at most %" PRIu64 " connections, "
		    "max_connections is %" PRIu64,
		    needed, max->value);
		return;
	}
	snprintf(line, sizeof(line), "max_connections = %" PRIu64, needed);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "policyd", &fix,
	    "Postfix may open %" PRIu64 " connections, but max_connections is "
	    "%" PRIu64 ": some would be turned away",
	    needed, max->value);
}

void
pc_doctor_services(struct pc_doctor *doctor, const struct pc_postfix *postfix)
{
	static const struct pc_fix enable = {
	    "master.cf, under the service for mail programs",
	    "-o smtpd_sasl_auth_enable=yes"};
	struct pc_service service;
	bool is_unlimited = false;
	uint64_t needed = 0;
	unsigned found = 0;
	size_t i = 0;

	while (pc_service_next(doctor, postfix, "smtpd", &i, &service)) {
		if (!pc_service_has_sasl(&service))
			continue;
		found++;
		look_at_service(&service);
		needed += service.processes * service.ways;
		if (service.processes == 0 && service.ways > 0)
			is_unlimited = true;
	}
	if (found == 0)
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "postfix", &enable,
		    "no smtpd service in master.cf has SASL, so there are no "
		    "logins that Postern could look after");
	check_connections(doctor, needed, is_unlimited);
}
