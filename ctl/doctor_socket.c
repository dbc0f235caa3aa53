/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: the sockets of policyd and of the milter. */

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/doctor.h"
#include "ctl/probe.h"
#include "ctl/reach.h"

/* Whose sockets they are. */
struct daemon {
	const char *name;
	struct pc_fix start_it;
	const char *restart;
	int (*probe)(const struct pt_listen *address, struct pt_err *err);
};

static const struct daemon policyd = {"policyd",
    {"a shell", "systemctl start postern-policyd"},
    "systemctl restart postern-policyd", pc_probe};

static const struct daemon milter = {"milter",
    {"a shell", "systemctl start postern-milter"},
    "systemctl restart postern-milter", pc_probe_milter};

/* Can Postfix get there?  Where Postfix is not known, nothing is said. */
static void
check_reach(struct pc_doctor *doctor, const struct daemon *daemon,
    const struct pc_postfix *postfix, const char *path)
{
	const char *queue = postfix->queue_directory;
	const char *owner = pc_settings_get(&postfix->main, "mail_owner");
	char line[1024];
	const struct pc_fix fix = {"a shell", line};
	struct pc_user user;
	struct pt_err err;
	const char *from = "/";

	if (queue == NULL || owner == NULL)
		return;
	/* smtpd works in queue_directory and asks for relative paths. */
	if (strncmp(path, queue, strlen(queue)) == 0 &&
	    path[strlen(queue)] == '/')
		from = queue;
	if (pc_user_find(owner, &user, &err) == 0 &&
	    pc_reach_check(&user, path, from, &err) == 0) {
		pc_doctor_say(doctor, PC_LEVEL_OK, daemon->name, NULL,
		    "%s, as whom smtpd runs, may connect to %s", owner, path);
		return;
	}
	snprintf(line, sizeof(line), "chgrp %s %.*s && chmod 0750 %.*s", owner,
	    (int)(strrchr(path, '/') - path), path,
	    (int)(strrchr(path, '/') - path), path);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, daemon->name, &fix,
	    "smtpd cannot connect to %s: %s %s", path, owner, err.text);
}

static bool
is_folder_there(const char *path)
{
	char folder[PT_LISTEN_PATH_MAX + 1];

	snprintf(folder, sizeof(folder), "%.*s",
	    (int)(strrchr(path, '/') - path), path);
	return folder[0] == '\0' || access(folder, F_OK) == 0;
}

/* The daemon cannot start without it, and must not own what is above it. */
static void
say_no_folder(struct pc_doctor *doctor, const struct daemon *daemon,
    const struct pc_postfix *postfix, const char *path)
{
	const char *group = pc_settings_get(&postfix->main, "mail_owner");
	struct passwd *pw = NULL;
	struct stat st;
	char line[640];
	const struct pc_fix fix = {"a shell", line};

	if (stat(doctor->call->config->state_dir, &st) == 0)
		pw = getpwuid(st.st_uid);
	snprintf(line, sizeof(line),
	    "install -d -o %.64s -g %.64s -m 0750 %.*s && %s",
	    pw == NULL ? "postern" : pw->pw_name,
	    group == NULL ? "postfix" : group, (int)(strrchr(path, '/') - path),
	    path, daemon->restart);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, daemon->name, &fix,
	    "there is no directory for the socket %s, so %s cannot start", path,
	    daemon->name);
}

/* false if there is nothing to connect to. */
static bool
check_file(struct pc_doctor *doctor, const struct daemon *daemon,
    const struct pc_postfix *postfix, const char *path)
{
	struct stat st;

	errno = 0;
	if (stat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		return true;
	if (errno == EACCES)
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, daemon->name, NULL,
		    "cannot look at %s: run doctor as root", path);
	else if (stat(path, &st) == 0)
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, daemon->name, NULL,
		    "%s is a file, not a socket", path);
	else if (!is_folder_there(path))
		say_no_folder(doctor, daemon, postfix, path);
	else
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, daemon->name,
		    &daemon->start_it,
		    "there is no socket %s: %s does not run, or with "
		    "another configuration",
		    path, daemon->name);
	return false;
}

static void
check_address(struct pc_doctor *doctor, const struct daemon *daemon,
    const struct pc_postfix *postfix, const char *address)
{
	struct pt_listen listen;
	struct pt_err err;

	if (pt_listen_parse(address, &listen, &err) != 0) {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, daemon->name, NULL,
		    "%s", err.text);
		return;
	}
	if (listen.is_unix && !check_file(doctor, daemon, postfix, listen.path))
		return;
	if (daemon->probe(&listen, &err) == 0)
		pc_doctor_say(doctor, PC_LEVEL_OK, daemon->name, NULL,
		    "answers a request at %s", address);
	else
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, daemon->name,
		    &daemon->start_it, "does not answer at %s: %s", address,
		    err.text);
	if (listen.is_unix)
		check_reach(doctor, daemon, postfix, listen.path);
}

void
pc_doctor_sockets(struct pc_doctor *doctor, const struct pc_postfix *postfix)
{
	size_t i;

	for (i = 0; i < doctor->listen_count; i++)
		check_address(doctor, &policyd, postfix, doctor->listen[i]);
	if (doctor->listen_count == 0)
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "configuration", NULL,
		    "policy_listen is empty: Postfix cannot ask anybody");
}

void
pc_doctor_milter_socket(
    struct pc_doctor *doctor, const struct pc_postfix *postfix)
{
	check_address(
	    doctor, &milter, postfix, doctor->call->config->milter_listen);
}
