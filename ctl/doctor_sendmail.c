/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * doctor: Sendmail.  Its filters stand in sendmail.cf as
 *
 *	O InputMailFilters=postern, opendkim
 *	Xpostern, S=unix:/run/postern/milter.sock, F=T, T=S:4m;R:4m
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/doctor.h"
#include "ctl/doctor_milter.h"

#define WHERE      "sendmail"
#define PLACE      "sendmail.mc"
#define LIST       "O InputMailFilters="
#define LINE_CAP   4096
#define FILTERS    16
#define NAME_CAP   64
#define SOCKET_CAP 256

struct filter {
	char name[NAME_CAP];
	char socket[SOCKET_CAP];
	char down; /* F=: 'T', 'R', '4'; 0: mail passes */
};

struct sendmail {
	char list[LINE_CAP]; /* names in their order */
	struct filter filters[FILTERS];
	size_t count;
};

/* What stands behind KEY= in "Xname, S=..., F=T", up to a comma. */
static void
get_equate(const char *line, char key, char *buf, size_t cap)
{
	const char *at = line;
	struct pt_text text;

	buf[0] = '\0';
	while ((at = strchr(at, ',')) != NULL) {
		at++;
		at += strspn(at, " \t");
		if (at[0] != key || at[1] != '=')
			continue;
		pt_text_init(&text, buf, cap);
		pt_text_add_bytes(&text, at + 2, strcspn(at + 2, ", \t\r\n"));
		return;
	}
}

static void
read_filter(const char *line, struct sendmail *out)
{
	struct filter *filter;
	char down[8];
	struct pt_text text;

	if (out->count == FILTERS)
		return;
	filter = &out->filters[out->count++];
	memset(filter, 0, sizeof(*filter));
	pt_text_init(&text, filter->name, sizeof(filter->name));
	pt_text_add_bytes(&text, line + 1, strcspn(line + 1, ", \t\r\n"));
	get_equate(line, 'S', filter->socket, sizeof(filter->socket));
	get_equate(line, 'F', down, sizeof(down));
	filter->down = down[0];
}

static void
read_line(const char *line, struct sendmail *out)
{
	struct pt_text text;
	const char *list = line + strlen(LIST);

	if (line[0] == 'X') {
		read_filter(line, out);
	} else if (strncmp(line, LIST, strlen(LIST)) == 0) {
		pt_text_init(&text, out->list, sizeof(out->list));
		pt_text_add_bytes(&text, list, strcspn(list, "\r\n"));
	}
}

static int
read_file(const char *file, struct sendmail *out)
{
	FILE *stream = fopen(file, "r");
	char line[LINE_CAP];
	int rc;

	memset(out, 0, sizeof(*out));
	if (stream == NULL)
		return -1;
	while (fgets(line, sizeof(line), stream) != NULL)
		read_line(line, out);
	rc = ferror(stream) ? -1 : 0;
	(void)fclose(stream);
	return rc;
}

static const struct filter *
find_filter(const struct sendmail *sendmail, const char *name)
{
	size_t i;

	for (i = 0; i < sendmail->count; i++) {
		if (strcmp(sendmail->filters[i].name, name) == 0)
			return &sendmail->filters[i];
	}
	return NULL;
}

/* "unix:/PATH" or "local:/PATH" against "unix:/PATH", "inet:PORT@HOST"
 * against "inet:HOST:PORT". */
static bool
is_ours(const struct filter *filter, const char *address)
{
	const char *path = strchr(filter->socket, ':');
	struct pt_listen listen;
	struct pt_err err;
	char number[8];

	if (path == NULL || pt_listen_parse(address, &listen, &err) != 0)
		return false;
	path++;
	if (listen.is_unix)
		return strcmp(path, listen.path) == 0;
	snprintf(number, sizeof(number), "%u", (unsigned)listen.port);
	return strncmp(filter->socket, "inet", 4) == 0 &&
	       strncmp(path, number, strlen(number)) == 0 &&
	       (path[strlen(number)] == '@' || path[strlen(number)] == '\0');
}

/* The line of sendmail.mc that attaches us. */
static void
format_line(const char *address, char *buf, size_t cap)
{
	struct pt_listen listen;
	struct pt_err err;
	char socket[320] = "";

	if (pt_listen_parse(address, &listen, &err) != 0 || listen.is_unix)
		snprintf(socket, sizeof(socket), "%s", address);
	else
		snprintf(socket, sizeof(socket), "inet:%u@%s",
		    (unsigned)listen.port, listen.host);
	snprintf(buf, cap,
	    "INPUT_MAIL_FILTER(`postern', `S=%s, F=T, T=S:4m;R:4m')dnl",
	    socket);
}

static void
say(struct pc_doctor *doctor, enum pc_level level, bool with_line,
    const char *what)
{
	char line[512];
	const struct pc_fix fix = {PLACE, line};

	format_line(doctor->call->config->milter_listen, line, sizeof(line));
	pc_doctor_say(
	    doctor, level, WHERE, with_line ? &fix : NULL, "%s", what);
}

static void
say_found(
    struct pc_doctor *doctor, const struct filter *ours, const char *signer)
{
	char what[256];

	snprintf(
	    what, sizeof(what), "asks the milter (filter %.64s)", ours->name);
	say(doctor, PC_LEVEL_OK, false, what);
	if (ours->down == 'R')
		say(doctor, PC_LEVEL_PROBLEM, true,
		    "while the milter is down, mail is refused for good (F=R)");
	else if (ours->down == '\0')
		say(doctor, PC_LEVEL_NOTE, true,
		    "while the milter is down, mail passes with any From and "
		    "is not counted (no F=T)");
	else
		say(doctor, PC_LEVEL_OK, false,
		    "while the milter is down, mail is deferred");
	if (signer[0] == '\0')
		return;
	snprintf(what, sizeof(what),
	    "asks %.64s before the milter, which may change the header "
	    "afterwards: the milter should come first",
	    signer);
	say(doctor, PC_LEVEL_NOTE, true, what);
}

static bool
look(struct pc_doctor *doctor, const struct sendmail *sendmail)
{
	const char *address = doctor->call->config->milter_listen;
	const char *at = sendmail->list;
	const struct filter *filter;
	char signer[NAME_CAP] = "";
	char name[NAME_CAP];

	while (pc_restrict_next(&at, name, sizeof(name))) {
		/* A semicolon separates them as well. */
		name[strcspn(name, ";")] = '\0';
		filter = find_filter(sendmail, name);
		if (filter == NULL)
			continue;
		if (is_ours(filter, address)) {
			say_found(doctor, filter, signer);
			return true;
		}
		if (pc_milters_is_signer(filter->name) ||
		    pc_milters_is_signer(filter->socket))
			(void)pt_text_copy(signer, sizeof(signer), name);
	}
	say(doctor, PC_LEVEL_PROBLEM, true,
	    "does not ask the milter (InputMailFilters), so no limit and no "
	    "sender rule holds");
	return false;
}

bool
pc_doctor_sendmail(struct pc_doctor *doctor, const char *file, bool named)
{
	struct sendmail sendmail;

	if (read_file(file, &sendmail) != 0) {
		if (named || errno != ENOENT)
			pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
			    "cannot read %s: %s", file, strerror(errno));
		return false;
	}
	if (doctor->call->config->milter_listen[0] == '\0') {
		pc_doctor_say(doctor, PC_LEVEL_PROBLEM, WHERE, NULL,
		    "milter_listen is empty, so Sendmail cannot ask anybody");
		return false;
	}
	return look(doctor, &sendmail);
}
