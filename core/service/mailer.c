/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/mailer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"

#define COMMAND_MAX  512
#define EXIT_NO_EXEC 127
#define OUTPUT_SHOWN 100
#define CHUNKS       16  /* of output a look */
#define CHUNKS_LAST  256 /* more than a pipe holds */

struct words {
	char room[COMMAND_MAX];
	char *at[PT_MAILER_WORDS_MAX + 1];
	size_t count;
};

static int
split(const char *command, struct words *words, struct pt_err *err)
{
	char *at = words->room;

	words->count = 0;
	if (pt_text_copy(words->room, sizeof(words->room), command) != 0)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot run notice { command }: it is too long");
	for (;;) {
		at += strspn(at, " ");
		if (*at == '\0')
			break;
		if (words->count == PT_MAILER_WORDS_MAX)
			return pt_err_set(err, PT_ERR_CONFIG,
			    "cannot run notice { command }: it has more than "
			    "%d words",
			    PT_MAILER_WORDS_MAX);
		words->at[words->count++] = at;
		at += strcspn(at, " ");
		if (*at != '\0')
			*at++ = '\0';
	}
	if (words->count == 0)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot run notice { command }: it is empty");
	words->at[words->count] = NULL;
	return 0;
}

/* execv() takes strings that may be changed; it does not change them. */
static char *
unconst(const char *text)
{
	union {
		const char *in;
		char *out;
	} u = {text};

	return u.out;
}

static int
add_recipients(struct words *words, const char *const *recipients, size_t count,
    struct pt_err *err)
{
	bool is_ended = strcmp(words->at[words->count - 1], "--") == 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (words->count == PT_MAILER_WORDS_MAX)
			return pt_err_set(err, PT_ERR_CONFIG,
			    "cannot run notice { command }: it has too many "
			    "words");
		if (recipients[i][0] == '-' && !is_ended)
			return pt_err_set(err, PT_ERR_CONFIG,
			    "cannot send to an address that begins with a "
			    "hyphen: let notice { command } end with --");
		words->at[words->count++] = unconst(recipients[i]);
	}
	words->at[words->count] = NULL;
	return 0;
}

/* Both ends stay here when the command starts; [write_end] does not wait. */
static int
make_pipe(int fds[2], int quick)
{
	if (pipe(fds) != 0)
		return -1;
	(void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	(void)fcntl(fds[quick], F_SETFL, O_NONBLOCK);
	return 0;
}

static void
close_pipe(int fds[2])
{
	(void)close(fds[0]);
	(void)close(fds[1]);
}

/* All of the mail into the pipe, or nothing starts. */
static int
fill(int fd, const char *mail, size_t len, struct pt_err *err)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, mail, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		mail += n;
		len -= (size_t)n;
	}
	if (len == 0)
		return 0;
	if (errno == EAGAIN)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot pass the mail on: a pipe holds too little");
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, errno, "cannot pass the mail on");
}

static void
say(const char *text)
{
	/* There is nobody else to tell. */
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		_exit(EXIT_NO_EXEC);
}

/* In the child; only what may be called between fork and exec. */
static void
run(char **words, int in_fd, int out_fd)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	char *environment[] = {path, locale, NULL};
	struct sigaction standard;
	sigset_t none;
	const char *why;

	(void)setpgid(0, 0);
	memset(&standard, 0, sizeof(standard));
	standard.sa_handler = SIG_DFL;
	(void)sigaction(SIGPIPE, &standard, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(in_fd, STDIN_FILENO) >= 0 &&
	    dup2(out_fd, STDOUT_FILENO) >= 0 &&
	    dup2(out_fd, STDERR_FILENO) >= 0)
		(void)execve(words[0], words, environment);
	why = errno == ENOENT   ? "there is no such file"
	      : errno == EACCES ? "it may not be run by this user"
				: "it cannot be run";
	say(words[0]);
	say(": ");
	say(why);
	_exit(EXIT_NO_EXEC);
}

static int
spawn(struct pt_mailer *mailer, char **words, int mail_fd, struct pt_err *err)
{
	int output[2];
	pid_t pid;

	if (make_pipe(output, 0) != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot make a pipe");
	pid = fork();
	if (pid == 0)
		run(words, mail_fd, output[1]);
	if (pid < 0) {
		(void)pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot start %s", words[0]);
		close_pipe(output);
		return -1;
	}
	(void)close(output[1]);
	mailer->pid = pid;
	mailer->output_fd = output[0];
	return 0;
}

int
pt_mailer_start(struct pt_mailer *mailer, const char *command,
    const char *const *recipients, size_t count, const char *mail, size_t len,
    int64_t now_ms, struct pt_err *err)
{
	struct words words;
	int pipe_fds[2];
	int rc;

	*mailer = (struct pt_mailer){.state = PT_MAILER_NONE};
	if (split(command, &words, err) != 0 ||
	    add_recipients(&words, recipients, count, err) != 0)
		return -1;
	if (make_pipe(pipe_fds, 1) != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot make a pipe");
	rc = fill(pipe_fds[1], mail, len, err);
	if (rc == 0)
		rc = spawn(mailer, words.at, pipe_fds[0], err);
	close_pipe(pipe_fds);
	if (rc != 0)
		return -1;
	mailer->state = PT_MAILER_RUNS;
	mailer->begun_ms = now_ms;
	return 0;
}

/* Keeps the end of it; a command that talks on and on is heard in part. */
static void
listen_to(struct pt_mailer *mailer, int chunks)
{
	char chunk[PT_MAILER_OUTPUT_MAX];
	size_t room;
	ssize_t n;
	int i;

	for (i = 0; i < chunks; i++) {
		n = read(mailer->output_fd, chunk, sizeof(chunk));
		if (n <= 0)
			break;
		room = sizeof(mailer->output) - mailer->output_len;
		if ((size_t)n > room) {
			size_t drop = (size_t)n - room;

			memmove(mailer->output, mailer->output + drop,
			    mailer->output_len - drop);
			mailer->output_len -= drop;
		}
		memcpy(mailer->output + mailer->output_len, chunk, (size_t)n);
		mailer->output_len += (size_t)n;
	}
}

/* Its last line is what it died of. */
static void
tell_failure(struct pt_mailer *mailer, int status, struct pt_err *err)
{
	const char *line = mailer->output;
	size_t len = mailer->output_len;
	char shown[OUTPUT_SHOWN];
	struct pt_text text;
	size_t i;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	for (i = len; i > 0 && line[i - 1] != '\n'; i--)
		continue;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, line + i, len - i);
	if (mailer->signal != 0)
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "the command took longer than a minute and was ended");
	else if (WIFSIGNALED(status))
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "the command was ended by signal %d", WTERMSIG(status));
	else if (shown[0] == '\0')
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "the command ended with %d and did not say why",
		    WEXITSTATUS(status));
	else
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE, "%s (%d)", shown,
		    WEXITSTATUS(status));
}

/* The whole group, so that nothing that it started stays behind. */
static void
send_signal(struct pt_mailer *mailer, int number)
{
	if (kill(-mailer->pid, number) != 0)
		(void)kill(mailer->pid, number);
	mailer->signal = number;
}

static void
end(struct pt_mailer *mailer, enum pt_mailer_state state)
{
	(void)close(mailer->output_fd);
	mailer->pid = 0;
	mailer->state = state;
}

enum pt_mailer_state
pt_mailer_look(struct pt_mailer *mailer, int64_t now_ms, struct pt_err *err)
{
	int64_t age_ms = now_ms - mailer->begun_ms;
	int status = 0;
	pid_t pid;

	if (mailer->state != PT_MAILER_RUNS)
		return mailer->state;
	listen_to(mailer, CHUNKS);
	pid = waitpid(mailer->pid, &status, WNOHANG);
	if (pid == mailer->pid || (pid < 0 && errno != EINTR)) {
		listen_to(mailer, CHUNKS_LAST);
		if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
			end(mailer, PT_MAILER_DONE);
			return PT_MAILER_DONE;
		}
		if (pid < 0)
			(void)pt_err_sys(err, PT_ERR_INTERNAL, errno,
			    "cannot learn how the command ended");
		else
			tell_failure(mailer, status, err);
		end(mailer, PT_MAILER_FAILED);
		return PT_MAILER_FAILED;
	}
	if (mailer->signal == 0 && age_ms > PT_MAILER_MS)
		send_signal(mailer, SIGTERM);
	else if (mailer->signal == SIGTERM &&
		 age_ms > PT_MAILER_MS + PT_MAILER_GRACE_MS)
		send_signal(mailer, SIGKILL);
	return PT_MAILER_RUNS;
}

void
pt_mailer_kill(struct pt_mailer *mailer)
{
	if (mailer->state != PT_MAILER_RUNS)
		return;
	send_signal(mailer, SIGKILL);
	while (waitpid(mailer->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	end(mailer, PT_MAILER_FAILED);
}

int
pt_mailer_check(const char *command, struct pt_err *err)
{
	struct words words;

	if (split(command, &words, err) != 0)
		return -1;
	if (access(words.at[0], X_OK) == 0)
		return 0;
	return pt_err_sys(err, PT_ERR_CONFIG, errno,
	    "cannot run %s of notice { command }", words.at[0]);
}
