/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/process_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"

/* A queue of a million messages is listed in less. */
#define TIME_MS 300000

/* How long it sleeps between two looks: twice as long each time, up to this. */
#define STEP_NS 8000000

static int
spawn(char *const *argv, const int fds[3], pid_t *pid_out)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	char *environment[] = {path, locale, NULL};
	posix_spawn_file_actions_t actions;
	int rc;
	int i;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	if (fds[STDIN_FILENO] < 0)
		rc = posix_spawn_file_actions_addopen(
		    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	for (i = STDIN_FILENO; rc == 0 && i <= STDERR_FILENO; i++) {
		if (fds[i] >= 0)
			rc = posix_spawn_file_actions_adddup2(
			    &actions, fds[i], i);
	}
	if (rc == 0)
		rc = posix_spawn(
		    pid_out, argv[0], &actions, NULL, argv, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* -1: it takes too long, and was ended. */
static int
await(pid_t pid, int *status_out)
{
	struct timespec step = {.tv_nsec = STEP_NS / 16};
	int64_t deadline_ms = pt_clock_ticks_ms() + TIME_MS;
	pid_t ended;

	for (;;) {
		ended = waitpid(pid, status_out, WNOHANG);
		if (ended == pid || (ended < 0 && errno != EINTR))
			return ended == pid ? 0 : -1;
		if (pt_clock_ticks_ms() > deadline_ms)
			break;
		(void)nanosleep(&step, NULL);
		if (step.tv_nsec < STEP_NS)
			step.tv_nsec *= 2;
	}
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, status_out, 0) < 0 && errno == EINTR)
		continue;
	return -1;
}

/* What it said last is what it died of. */
static void
last_line(FILE *errors, char *buf, size_t cap)
{
	struct pt_text text;
	char line[256];

	pt_text_init(&text, buf, cap);
	rewind(errors);
	while (fgets(line, (int)sizeof(line), errors) != NULL) {
		pt_text_init(&text, buf, cap);
		pt_text_add_escaped(&text, line, strcspn(line, "\n"));
	}
	if (buf[0] == '\0')
		pt_text_add(&text, "it did not say why");
}

int
pc_process_run(char *const *argv, int in_fd, int out_fd, struct pt_err *err)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash == NULL ? argv[0] : slash + 1;
	FILE *errors = tmpfile();
	char why[256];
	int status = 0;
	pid_t pid;
	int rc;

	if (errors == NULL)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot make a temporary file");
	rc = spawn(argv, (int[3]){in_fd, out_fd, fileno(errors)}, &pid);
	if (rc != 0) {
		(void)pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, rc, "cannot run %s", argv[0]);
	} else if (await(pid, &status) != 0) {
		rc = pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot wait for %s: it takes too long", name);
	} else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		last_line(errors, why, sizeof(why));
		rc = pt_err_set(err, PT_ERR_UNAVAILABLE, "%s failed (%d): %s",
		    name, WIFEXITED(status) ? WEXITSTATUS(status) : -1, why);
	}
	(void)fclose(errors);
	return rc == 0 ? 0 : -1;
}
