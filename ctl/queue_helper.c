/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/queue_helper.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"
#include "ctl/process.h"
#include "ctl/process_file.h"

#define ARGS_MAX (PC_QUEUE_IDS_MAX + 8)

/* A question: its deed, and a NUL-terminated id for each message. */
struct question {
	unsigned char deed;
	unsigned n;
	char ids[PC_QUEUE_IDS_MAX][PC_QUEUE_ID_MAX + 1];
};

struct reply {
	int rc;
	struct pt_err err;
};

static const struct deed {
	const char *program;
	const char *option;
} deeds[PC_QUEUE_DEEDS] = {
    [PC_QUEUE_LIST] = {"postqueue", "-j"},
    [PC_QUEUE_SHOW] = {"postcat", "-eq"},
    [PC_QUEUE_HOLD] = {"postsuper", "-h"},
    [PC_QUEUE_RELEASE] = {"postsuper", "-H"},
};

/* The ids, one a line, for "-" as the argument of postsuper. */
static int
write_ids(FILE *file, const struct question *question, struct pt_err *err)
{
	unsigned i;

	for (i = 0; i < question->n; i++)
		fprintf(file, "%s\n", question->ids[i]);
	if (fflush(file) != 0 || fseek(file, 0, SEEK_SET) != 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot write a temporary file");
	return 0;
}

static int
run_deed(const struct question *question, const char *config_dir, int out_fd,
    struct pt_err *err)
{
	const struct deed *deed = &deeds[question->deed];
	bool by_file = question->deed == PC_QUEUE_HOLD ||
		       question->deed == PC_QUEUE_RELEASE;
	const char *argv[ARGS_MAX];
	char path[256];
	FILE *file = NULL;
	size_t n = 0;
	unsigned i;
	int rc = 0;

	if (!pc_process_find(deed->program, path, sizeof(path)))
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot find %s: the queue can be held where Postfix is "
		    "the MTA",
		    deed->program);
	argv[n++] = path;
	if (config_dir != NULL) {
		argv[n++] = "-c";
		argv[n++] = config_dir;
	}
	argv[n++] = deed->option;
	if (by_file)
		argv[n++] = "-";
	for (i = 0; question->deed == PC_QUEUE_SHOW && i < question->n; i++)
		argv[n++] = question->ids[i];
	argv[n] = NULL;
	if (by_file) {
		file = tmpfile();
		rc = file == NULL ? pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
					"cannot make a temporary file")
				  : write_ids(file, question, err);
	}
	if (rc == 0)
		rc = pc_process_run((char *const *)(uintptr_t)argv,
		    file == NULL ? -1 : fileno(file), out_fd, err);
	if (file != NULL)
		(void)fclose(file);
	return rc;
}

/* The parent is not trusted with more than this. */
static bool
is_good(const struct question *question)
{
	unsigned i;

	if (question->deed >= PC_QUEUE_DEEDS || question->n > PC_QUEUE_IDS_MAX)
		return false;
	if (question->deed == PC_QUEUE_SHOW && question->n == 0)
		return false;
	for (i = 0; i < question->n; i++) {
		if (!pc_queue_is_id(question->ids[i],
			strnlen(question->ids[i], PC_QUEUE_ID_MAX + 1)))
			return false;
	}
	return true;
}

static void
serve(int fd, int answer_fd, const char *config_dir)
{
	struct question question;
	struct reply reply;
	ssize_t n;

	for (;;) {
		n = recv(fd, &question, sizeof(question), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != (ssize_t)sizeof(question) || !is_good(&question))
			return;
		memset(&reply, 0, sizeof(reply));
		if (ftruncate(answer_fd, 0) != 0 ||
		    lseek(answer_fd, 0, SEEK_SET) != 0)
			reply.rc = pt_err_sys(&reply.err, PT_ERR_UNAVAILABLE,
			    errno, "cannot empty a temporary file");
		else
			reply.rc = run_deed(
			    &question, config_dir, answer_fd, &reply.err);
		if (send(fd, &reply, sizeof(reply), MSG_NOSIGNAL) !=
		    (ssize_t)sizeof(reply))
			return;
	}
}

int
pc_queue_helper_start(
    struct pc_queue_helper *helper, const char *config_dir, struct pt_err *err)
{
	int fds[2];

	memset(helper, 0, sizeof(*helper));
	helper->fd = -1;
	if (config_dir == NULL)
		config_dir = getenv("MAIL_CONFIG");
	helper->answer = tmpfile();
	if (helper->answer == NULL)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot make a temporary file");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) != 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot make a pair of sockets");
	helper->pid = fork();
	if (helper->pid == 0) {
		(void)close(fds[0]);
		serve(fds[1], fileno(helper->answer), config_dir);
		_exit(0);
	}
	(void)close(fds[1]);
	helper->fd = fds[0];
	if (helper->pid < 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot start another process");
	return 0;
}

void
pc_queue_helper_stop(struct pc_queue_helper *helper)
{
	if (helper->answer == NULL)
		return;
	(void)fclose(helper->answer);
	if (helper->fd >= 0)
		(void)close(helper->fd);
	while (helper->pid > 0 && waitpid(helper->pid, NULL, 0) < 0 &&
	       errno == EINTR)
		continue;
	memset(helper, 0, sizeof(*helper));
}

int
pc_queue_helper_ask(struct pc_queue_helper *helper, enum pc_queue_deed deed,
    const char *const *ids, size_t n, struct pt_err *err)
{
	struct question question;
	struct reply reply;
	size_t i;
	ssize_t got;

	memset(&reply, 0, sizeof(reply));
	memset(&question, 0, sizeof(question));
	question.deed = (unsigned char)deed;
	for (i = 0; i < n && i < PC_QUEUE_IDS_MAX; i++)
		(void)pt_text_copy(
		    question.ids[i], sizeof(question.ids[i]), ids[i]);
	question.n = (unsigned)i;
	got = send(helper->fd, &question, sizeof(question), MSG_NOSIGNAL);
	if (got == (ssize_t)sizeof(question)) {
		do {
			got = recv(helper->fd, &reply, sizeof(reply), 0);
		} while (got < 0 && errno == EINTR);
	}
	if (got != (ssize_t)sizeof(reply))
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "cannot ask Postfix: the process that runs its programs "
		    "has ended");
	if (reply.rc != 0) {
		*err = reply.err;
		return -1;
	}
	rewind(helper->answer);
	return 0;
}
