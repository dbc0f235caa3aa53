/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: the session socket, which processes of mail users connect to.  They
 * are no member of any group of Postern's, so its directory must be open to
 * all.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/doctor_dovecot.h"
#include "ctl/reach.h"

#define WHERE        "sessions"
#define USUAL_SOCKET "/run/postern/session.sock"
#define USUAL_USER   "nobody"

/* By its name, or by another name of the same file. */
static bool
is_same(const char *one, const char *two)
{
	struct stat first;
	struct stat second;

	if (strcmp(one, two) == 0)
		return true;
	return stat(one, &first) == 0 && stat(two, &second) == 0 &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

static bool
is_listened_at(const struct pt_config *config, const char *path)
{
	struct pt_listen listen;
	struct pt_err err;
	size_t i;

	for (i = 0; i < config->session_listen.count; i++) {
		if (pt_listen_parse(
			config->session_listen.at[i], &listen, &err) == 0 &&
		    listen.is_unix && is_same(listen.path, path))
			return true;
	}
	return false;
}

/* false if policyd and Dovecot do not mean the same socket. */
static bool
check_same(struct pc_doctor *doctor, const char *path)
{
	const struct pt_config *config = doctor->call->config;
	char line[512];
	const struct pc_fix fix = {"postern.conf", line};

	if (is_listened_at(config, path))
		return true;
	snprintf(
	    line, sizeof(line), "session_listen = { \"unix:%.400s\" }", path);
	if (config->session_listen.count == 0)
		pc_doctor_say(doctor, PC_LEVEL_NOTE, WHERE, &fix,
		    "session_listen is empty: open sessions are not counted, "
		    "held or ended");
	else
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &fix,
		    "Dovecot's sessions connect to %s, but policyd does not "
		    "listen there (session_listen)",
		    path);
	return false;
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int code = 0;
	int fd;

	if (pt_text_copy(address.sun_path, sizeof(address.sun_path), path) != 0)
		return ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return errno;
	/* A daemon that takes no connections must not stop the doctor. */
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		code = errno;
	(void)close(fd);
	return code;
}

static void
check_answer(struct pc_doctor *doctor, const char *path)
{
	static const struct pc_fix start_it = {
	    "a shell", "systemctl restart postern-policyd"};
	int code = connect_to(path);

	if (code == 0)
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "policyd listens at %s", path);
	else
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &start_it,
		    "cannot connect to %s: %s", path, strerror(code));
}

/* Whom mail processes run as, if it is one user for all. */
static const char *
mail_user(const struct pc_dovecot *dovecot, char *buf, size_t cap)
{
	const struct pc_blocks *conf = &dovecot->conf;
	const char *uid = pc_dovecot_get(dovecot, "mail_uid", "");
	struct pc_dovecot_db db;
	const char *args;
	size_t i = 0;
	size_t fields;

	while (
	    uid[0] == '\0' && pc_dovecot_db_next(dovecot, "userdb", &i, &db)) {
		args =
		    strstr(pc_dovecot_db_get(dovecot, &db, "args", ""), "uid=");
		fields = db.block;
		if (args != NULL)
			uid = args + strlen("uid=");
		else if (pc_blocks_next(conf, db.block, "fields", &fields) &&
			 pc_blocks_get(conf, fields, "uid") != NULL)
			uid = pc_blocks_get(conf, fields, "uid");
	}
	if (uid[0] == '\0')
		uid = USUAL_USER;
	snprintf(buf, cap, "%.*s", (int)strcspn(uid, " \t"), uid);
	return buf;
}

static int
find_user(const char *name, struct pc_user *out, struct pt_err *err)
{
	uint64_t uid;

	if (!pt_text_to_u64(name, UINT32_MAX, &uid))
		return pc_user_find(name, out, err);
	out->uid = (uid_t)uid;
	out->group_count = 0;
	return 0;
}

static void
check_reach(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const char *path)
{
	int dir_len = (int)(strrchr(path, '/') - path);
	char line[600];
	char name[64];
	const struct pc_fix fix = {"a shell", line};
	struct pc_user user;
	struct pt_err err;

	mail_user(dovecot, name, sizeof(name));
	if (find_user(name, &user, &err) == 0 &&
	    pc_reach_check(&user, path, "/", &err) == 0) {
		pc_doctor_say(doctor, PC_LEVEL_OK, WHERE, NULL,
		    "a mail user (%s) may connect to %s", name, path);
		return;
	}
	snprintf(line, sizeof(line), "chmod 0711 %.*s && chmod 0666 %s",
	    dir_len, path, path);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &fix,
	    "a mail user (%s) cannot connect to %s: %s", name, path, err.text);
}

void
pc_doctor_sessions(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	static const struct pc_fix start_it = {
	    "a shell", "systemctl start postern-policyd"};
	const char *path =
	    pc_dovecot_plugin_get(dovecot, "postern_session_socket");
	struct stat st;

	if (path == NULL || path[0] != '/')
		path = USUAL_SOCKET;
	if (!check_same(doctor, path))
		return;
	if (stat(path, &st) != 0) {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, &start_it,
		    "cannot look at the socket %s: %s", path, strerror(errno));
		return;
	}
	if (!S_ISSOCK(st.st_mode)) {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
		    "%s is no socket", path);
		return;
	}
	check_answer(doctor, path);
	check_reach(doctor, dovecot, path);
}
