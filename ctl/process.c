/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/text.h"

#define OUTPUT_MAX ((size_t)4 << 20)
#define ERRORS_MAX ((size_t)4 << 10)
#define TIME_MS    10000

struct stream {
	int fd; /* -1: at its end */
	char *at;
	size_t len;
	size_t cap; /* the NUL included */
	bool grows; /* else what does not fit is dropped */
};

struct process {
	const char *name;
	pid_t pid; /* 0: none */
	struct stream out;
	struct stream errors;
	char errors_room[ERRORS_MAX];
};

bool
pc_process_find(const char *name, char *path, size_t cap)
{
	static const char *const dirs[] = {
	    "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin"};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(dirs); i++) {
		snprintf(path, cap, "%s/%s", dirs[i], name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static int
make_pipe(int fds[2])
{
	if (pipe(fds) != 0)
		return -1;
	(void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

static int
spawn(struct process *process, char *const *argv, int out_fd, int errors_fd)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	char *environment[] = {path, locale, NULL};
	posix_spawn_file_actions_t actions;
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	rc = posix_spawn_file_actions_addopen(
	    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(
		    &actions, out_fd, STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(
		    &actions, errors_fd, STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawn(
		    &process->pid, argv[0], &actions, NULL, argv, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (rc != 0)
		process->pid = 0;
	return rc;
}

static int
start(struct process *process, char *const *argv, struct pt_err *err)
{
	int out[2];
	int errors[2];
	int rc;

	if (make_pipe(out) != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot make a pipe");
	process->out.fd = out[0];
	if (make_pipe(errors) != 0) {
		(void)close(out[1]);
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot make a pipe");
	}
	process->errors.fd = errors[0];
	rc = spawn(process, argv, out[1], errors[1]);
	(void)close(out[1]);
	(void)close(errors[1]);
	if (rc != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, rc, "cannot run %s", argv[0]);
	return 0;
}

/* Doubles the room; at OUTPUT_MAX that is an error. */
static int
grow(struct stream *stream)
{
	size_t cap = stream->cap == 0 ? (size_t)64 << 10 : stream->cap * 2;
	char *at;

	if (cap > OUTPUT_MAX)
		return -1;
	at = realloc(stream->at, cap);
	if (at == NULL)
		return -1;
	stream->at = at;
	stream->cap = cap;
	return 0;
}

static int
read_some(struct stream *stream)
{
	char dropped[512];
	ssize_t n;

	if (stream->grows && stream->len + 1 >= stream->cap &&
	    grow(stream) != 0)
		return -1;
	if (stream->len + 1 < stream->cap)
		n = read(stream->fd, stream->at + stream->len,
		    stream->cap - 1 - stream->len);
	else
		n = read(stream->fd, dropped, sizeof(dropped));
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -1;
	if (n == 0) {
		(void)close(stream->fd);
		stream->fd = -1;
	} else if (stream->len + 1 < stream->cap) {
		stream->len += (size_t)n;
	}
	return 0;
}

static int
collect(struct process *process, struct pt_err *err)
{
	int64_t deadline_ms = pt_clock_ticks_ms() + TIME_MS;
	struct stream *streams[2] = {&process->out, &process->errors};
	struct pollfd fds[2];
	int64_t left_ms;
	size_t i;

	while (process->out.fd >= 0 || process->errors.fd >= 0) {
		for (i = 0; i < 2; i++) {
			fds[i].fd = streams[i]->fd;
			fds[i].events = POLLIN;
			fds[i].revents = 0;
		}
		left_ms = deadline_ms - pt_clock_ticks_ms();
		if (left_ms <= 0 ||
		    (poll(fds, 2, (int)left_ms) < 0 && errno != EINTR))
			return pt_err_set(err, PT_ERR_UNAVAILABLE,
			    "cannot wait for %s: it takes too long",
			    process->name);
		for (i = 0; i < 2; i++) {
			if (fds[i].revents != 0 && read_some(streams[i]) != 0)
				return pt_err_set(err, PT_ERR_UNAVAILABLE,
				    "cannot read the output of %s",
				    process->name);
		}
	}
	return 0;
}

/* What it said last is what it died of. */
static int
refuse_exit(struct process *process, int status, struct pt_err *err)
{
	char *errors = process->errors.at;
	struct pt_text text;
	char shown[256];
	const char *line;
	size_t len = process->errors.len;

	while (len > 0 && errors[len - 1] == '\n')
		len--;
	errors[len] = '\0';
	line = strrchr(errors, '\n');
	line = line == NULL ? errors : line + 1;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, line, strlen(line));
	return pt_err_set(err, PT_ERR_UNAVAILABLE, "%s failed (%d): %s",
	    process->name, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	    shown[0] == '\0' ? "it did not say why" : shown);
}

/* Also after a failure: no process and no descriptor stays behind. */
static int
finish(struct process *process, int rc, struct pt_err *err)
{
	int status = 0;

	if (process->out.fd >= 0)
		(void)close(process->out.fd);
	if (process->errors.fd >= 0)
		(void)close(process->errors.fd);
	if (process->pid == 0)
		return rc;
	if (rc != 0)
		(void)kill(process->pid, SIGKILL);
	while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (rc == 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		return refuse_exit(process, status, err);
	return rc;
}

int
pc_process_read(char *const *argv, char **text_out, struct pt_err *err)
{
	struct process process;
	const char *slash = strrchr(argv[0], '/');
	int rc;

	memset(&process, 0, sizeof(process));
	process.name = slash == NULL ? argv[0] : slash + 1;
	process.out.fd = -1;
	process.out.grows = true;
	process.errors.fd = -1;
	process.errors.at = process.errors_room;
	process.errors.cap = sizeof(process.errors_room);
	rc = start(&process, argv, err);
	if (rc == 0)
		rc = collect(&process, err);
	rc = finish(&process, rc, err);
	if (rc == 0 && process.out.at == NULL && grow(&process.out) != 0)
		rc = pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the output of %s: out of memory",
		    process.name);
	if (rc != 0) {
		free(process.out.at);
		return -1;
	}
	process.out.at[process.out.len] = '\0';
	*text_out = process.out.at;
	return 0;
}
