/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: the configuration and the state. */

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "ctl/doctor.h"

#define STATE      "state"
#define ROOM_SHORT ((uint64_t)1 << 30)
#define ROOM_NONE  ((uint64_t)64 << 20)
#define MIB        ((uint64_t)1 << 20)

static void
check_plans(struct pc_doctor *doctor)
{
	const struct pt_config *config = doctor->call->config;
	const struct pt_plan *plan;
	size_t i;

	for (i = 0; i < config->plan_count; i++) {
		plan = &config->plans[i];
		if (plan->messages.count == 0 && plan->recipients.count == 0)
			pc_doctor_say(doctor, PC_LEVEL_NOTE, "configuration",
			    NULL,
			    "plan %s limits neither messages nor recipients",
			    plan->name);
	}
}

void
pc_doctor_config(struct pc_doctor *doctor)
{
	static const struct pc_fix enforce = {"postern.conf", "mode = enforce"};

	if (doctor->call->config->mode == PT_MODE_ENFORCE)
		pc_doctor_say(doctor, PC_LEVEL_OK, "configuration", NULL,
		    "%s is without mistakes, mode is enforce",
		    doctor->call->config_file);
	else
		pc_doctor_say(doctor, PC_LEVEL_NOTE, "configuration", &enforce,
		    "mode is observe: refusals of mail are logged, and no "
		    "mail is refused; logins of mail programs are judged all "
		    "the same");
	check_plans(doctor);
}

static void
check_owner(struct pc_doctor *doctor, const char *dir, const struct stat *st)
{
	static const struct pc_fix give_away = {
	    "a shell", "posternctl init --owner postern"};
	struct passwd *pw = getpwuid(st->st_uid);
	char line[640];
	const struct pc_fix fix = {"a shell", line};

	if (st->st_uid == 0) {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, STATE, &give_away,
		    "%s belongs to root, and policyd does not run as root: "
		    "give it to a user of its own",
		    dir);
	} else {
		pc_doctor_say(doctor, PC_LEVEL_OK, STATE, NULL,
		    "%s belongs to %s", dir,
		    pw == NULL ? "a user without a name" : pw->pw_name);
	}
	if ((st->st_mode & 077) == 0)
		return;
	snprintf(line, sizeof(line), "chmod 0700 %s", dir);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, STATE, &fix,
	    "%s is open to others (mode %04o): whoever may write there can "
	    "stop all mail",
	    dir, (unsigned)(st->st_mode & 07777));
}

/* A file of another owner is one that policyd cannot write. */
static void
check_files(
    struct pc_doctor *doctor, const char *dir, const struct stat *dir_st)
{
	static const char *const names[] = {"accounts", "accounts/data.mdb",
	    "accounts/lock.mdb", "activity", "activity/data.mdb",
	    "activity/lock.mdb"};
	struct passwd *pw = getpwuid(dir_st->st_uid);
	char line[640];
	const struct pc_fix fix = {"a shell", line};
	char path[640];
	struct stat st;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (stat(path, &st) != 0 || st.st_uid == dir_st->st_uid)
			continue;
		snprintf(line, sizeof(line), "chown -R %s: %s",
		    pw == NULL ? "OWNER" : pw->pw_name, dir);
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, STATE, &fix,
		    "%s does not belong to the owner of %s", path, dir);
		return;
	}
}

static void
check_room(struct pc_doctor *doctor, const char *dir)
{
	enum pc_level level = PC_LEVEL_OK;
	struct statvfs fs;
	uint64_t room;

	if (statvfs(dir, &fs) != 0)
		return;
	room = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (room < ROOM_NONE)
		level = PC_LEVEL_PROBLEM;
	else if (room < ROOM_SHORT)
		level = PC_LEVEL_NOTE;
	pc_doctor_say(doctor, level, STATE, NULL,
	    "%" PRIu64 " MiB are free on the disk%s", room / MIB,
	    level == PC_LEVEL_OK
		? ""
		: "; when it is full, all mail of logins is deferred");
}

void
pc_doctor_state(struct pc_doctor *doctor)
{
	const char *dir = doctor->call->config->state_dir;
	static const struct pc_fix init = {"a shell", "posternctl init"};
	struct stat st;

	if (stat(dir, &st) != 0) {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, STATE,
		    errno == ENOENT ? &init : NULL, "cannot look at %s: %s",
		    dir, strerror(errno));
		return;
	}
	check_owner(doctor, dir, &st);
	check_files(doctor, dir, &st);
	check_room(doctor, dir);
}

/* As the owner of the state: root can read what policyd cannot. */
static void
check_readable(struct pc_doctor *doctor)
{
	const char *file = doctor->call->config_file;
	const char *slash = strrchr(file, '/');
	struct passwd *pw = getpwuid(geteuid());
	struct pt_config *again;
	char line[1024];
	const struct pc_fix fix = {"a shell", line};
	struct pt_err err;

	if (pt_config_load(file, &again, &err) == 0) {
		pt_config_free(again);
		return;
	}
	/* If that file can be read, it is one of those beside it. */
	if (access(file, R_OK) == 0 && slash != NULL)
		snprintf(line, sizeof(line), "chmod -R a+rX %.*s/conf.d",
		    (int)(slash - file), file);
	else
		snprintf(line, sizeof(line), "chmod a+x %.*s && chmod a+r %s",
		    slash == NULL ? 1 : (int)(slash - file),
		    slash == NULL ? "." : file, file);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "configuration", &fix,
	    "policyd, which works as %s, %s",
	    pw == NULL ? "the owner of the state" : pw->pw_name, err.text);
}

void
pc_doctor_environments(struct pc_doctor *doctor)
{
	struct pt_store_usage usage;
	struct pt_err err;

	if (access(doctor->call->config->state_dir, F_OK) != 0)
		return;
	if (pc_call_open_store(doctor->call, PT_STORE_READ, &err) != 0 ||
	    pt_store_usage(doctor->call->store, &usage, &err) != 0) {
		pc_doctor_say(
		    doctor, PC_LEVEL_PROBLEM, STATE, NULL, "%s", err.text);
		return;
	}
	pc_doctor_say(doctor, PC_LEVEL_OK, STATE, NULL,
	    "accounts and activity can be read (records: %" PRIu64
	    ", logins with activity: %" PRIu64 ")",
	    usage.accounts, usage.activities);
	pc_doctor_keeper(doctor);
	pc_doctor_queue(doctor);
	check_readable(doctor);
	pc_doctor_maps(doctor);
}
