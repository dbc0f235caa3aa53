/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One run of the command that sends mail (notice { command }), beside the
 * caller: the whole mail is put into a pipe before the command starts, so
 * nobody waits for anybody.  No shell, an environment of our own, of our
 * descriptors none but the three, a process group of its own.  What takes
 * longer than a minute is asked to end, and killed five seconds later.
 *
 * For processes of one thread that do not reap children themselves.
 */
#ifndef PT_SERVICE_MAILER_H
#define PT_SERVICE_MAILER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/err.h"

#define PT_MAILER_MS         60000
#define PT_MAILER_GRACE_MS   5000
#define PT_MAILER_WORDS_MAX  32
#define PT_MAILER_OUTPUT_MAX 512

enum pt_mailer_state {
	PT_MAILER_NONE, /* nothing was started */
	PT_MAILER_RUNS,
	PT_MAILER_DONE, /* exit code 0 */
	PT_MAILER_FAILED,
};

struct pt_mailer {
	enum pt_mailer_state state;
	pid_t pid; /* and process group; 0: none */
	int output_fd;
	int64_t begun_ms;
	int signal; /* that was sent last; 0: none */
	size_t output_len;
	char output[PT_MAILER_OUTPUT_MAX]; /* the last of what it said */
};

/*
 * Starts it: words of the command separated by blanks, then the recipients.
 * A recipient that could be taken for an option is refused unless the command
 * ends with "--".  PT_ERR_CONFIG: the command cannot be used;
 * PT_ERR_UNAVAILABLE: no process, no pipe, or one that is too small.
 */
int
pt_mailer_start(struct pt_mailer *mailer, const char *command,
    const char *const *recipients, size_t count, const char *mail, size_t len,
    int64_t now_ms, struct pt_err *err);

/* What became of it.  Failed: *err says why, as the command said it. */
enum pt_mailer_state
pt_mailer_look(struct pt_mailer *mailer, int64_t now_ms, struct pt_err *err);

/* Ends what runs, at once; waits for its end, which is near then. */
void
pt_mailer_kill(struct pt_mailer *mailer);

/* Can the command be run by whom we are?  For doctor. */
int
pt_mailer_check(const char *command, struct pt_err *err);

#endif
