/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * report: a page of pictures.
 *
 * The file is the caller's, the state is its owner's: so a child becomes the
 * owner and writes into the file that was opened before, and the caller gives
 * it its name when all of it is there.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/report.h"
#include "ctl/report_page.h"

#define DAYS_DEFAULT 7
#define PAGE         "index.html"
#define PAGE_NEW     ".index.html.new"

/* Where it goes. */
struct place {
	const char *name;
	int dir; /* -1: not open */
	FILE *file;
};

static int
refuse(struct pt_err *err, const char *verb, const char *name)
{
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, errno, "cannot %s %.200s", verb, name);
}

/* The page may be read by who may read its folder. */
static int
open_place(struct place *place, struct pt_err *err)
{
	struct stat st;
	int fd;

	if (mkdir(place->name, S_IRWXU) != 0 && errno != EEXIST)
		return refuse(err, "make", place->name);
	place->dir = open(place->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->dir < 0 || fstat(place->dir, &st) != 0)
		return refuse(err, "open", place->name);
	(void)unlinkat(place->dir, PAGE_NEW, 0);
	fd = openat(place->dir, PAGE_NEW,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);
	if (fd < 0)
		return refuse(err, "write to", place->name);
	if (fchmod(fd,
		S_IRUSR | S_IWUSR | (st.st_mode & (S_IRGRP | S_IROTH))) != 0) {
		(void)refuse(err, "write to", place->name);
		(void)close(fd);
		return -1;
	}
	place->file = fdopen(fd, "w");
	if (place->file != NULL)
		return 0;
	(void)close(fd);
	return refuse(err, "write to", place->name);
}

static void
close_place(struct place *place)
{
	if (place->file != NULL)
		(void)fclose(place->file);
	if (place->dir < 0)
		return;
	(void)unlinkat(place->dir, PAGE_NEW, 0);
	(void)close(place->dir);
}

static int
write_page(struct pc_call *call, struct pc_report *report,
    const struct pt_login *login, struct place *place, struct pt_err *err)
{
	if (pc_call_open_store(call, PT_STORE_READ, err) != 0 ||
	    pc_report_gather(call, report, err) != 0 ||
	    (login != NULL &&
		pc_report_gather_account(call, login, report, err) != 0))
		return -1;
	pc_report_page(place->file, report);
	if (fflush(place->file) != 0 || ferror(place->file) != 0 ||
	    fsync(fileno(place->file)) != 0)
		return refuse(err, "write to", place->name);
	return 0;
}

/* In the child: what became of it goes up the pipe. */
static void
run_child(struct pc_call *call, struct pc_report *report,
    const struct pt_login *login, struct place *place, int fd)
{
	struct pt_err err = {PT_ERR_NONE, ""};
	ssize_t n;

	if (write_page(call, report, login, place, &err) == 0)
		err.kind = PT_ERR_NONE;
	pt_store_close(call->store);
	pc_report_free(report);
	(void)fflush(call->errors);
	n = write(fd, &err, sizeof(err));
	_exit(n == (ssize_t)sizeof(err) ? (int)(call->skipped > 0) : 2);
}

static int
await(pid_t pid, int fd, unsigned *skipped, struct pt_err *err)
{
	struct pt_err told;
	int status = 0;
	ssize_t n;

	do {
		n = read(fd, &told, sizeof(told));
	} while (n < 0 && errno == EINTR);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (n != (ssize_t)sizeof(told) || !WIFEXITED(status))
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "cannot make the report: its process died");
	*skipped = (unsigned)WEXITSTATUS(status);
	if (told.kind == PT_ERR_NONE)
		return 0;
	*err = told;
	return -1;
}

static int
make_page(struct pc_call *call, struct pc_report *report,
    const struct pt_login *login, struct place *place, struct pt_err *err)
{
	int fds[2];
	pid_t pid;
	int rc;

	if (pipe(fds) != 0)
		return refuse(err, "make", "a pipe");
	(void)fflush(call->errors);
	pid = fork();
	if (pid == 0) {
		(void)close(fds[0]);
		run_child(call, report, login, place, fds[1]);
	}
	(void)close(fds[1]);
	rc = pid < 0 ? refuse(err, "start", "another process")
		     : await(pid, fds[0], &call->skipped, err);
	(void)close(fds[0]);
	if (rc == 0 && renameat(place->dir, PAGE_NEW, place->dir, PAGE) != 0)
		rc = refuse(err, "write to", place->name);
	return rc;
}

static int
read_options(struct pc_call *call, unsigned *days, struct pt_login *login,
    const struct pt_login **one, struct pt_err *err)
{
	const char *text = pc_call_option(call, "days");
	const char *name = pc_call_option(call, "account");
	uint64_t number = DAYS_DEFAULT;

	if (text != NULL &&
	    (!pt_text_to_u64(text, PC_REPORT_DAYS_MAX, &number) || number == 0))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot read --days: it is a number from 1 to %d",
		    PC_REPORT_DAYS_MAX);
	*days = (unsigned)number;
	if (name == NULL)
		return 0;
	*one = login;
	if (pt_login_parse(name, strlen(name), call->config->default_domain,
		login, err) == 0)
		return 0;
	err->kind = PT_ERR_USAGE;
	return pt_err_prefix(err, "cannot read --account");
}

static int
tell(struct pc_call *call, struct pt_err *err)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", call->args[0], PAGE);
	pc_output_begin(call->out, pc_columns_report, false);
	pc_output_text(call->out, "report");
	pc_output_text(call->out, path);
	return pc_output_end(call->out, err);
}

enum pc_answer
pc_cmd_report(struct pc_call *call, struct pt_err *err)
{
	struct place place = {.name = call->args[0], .dir = -1};
	const struct pt_login *one = NULL;
	struct pc_report *report = NULL;
	struct pt_login login;
	unsigned days = 0;
	int rc;

	if (read_options(call, &days, &login, &one, err) != 0)
		return PC_FAILED;
	report = pc_report_new(call->now, days);
	rc = report == NULL ? pt_err_set(err, PT_ERR_UNAVAILABLE,
				  "cannot make the report: out of memory")
			    : open_place(&place, err);
	if (rc == 0)
		rc = make_page(call, report, one, &place, err);
	close_place(&place);
	pc_report_free(report);
	if (rc == 0)
		rc = tell(call, err);
	return rc == 0 ? PC_YES : PC_FAILED;
}
