/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/batch_input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM ((size_t)64 << 10)

/* A producer that is a little slower than we are still fills a batch. */
#define MOMENT_MS 20

int
pc_batch_input_open(
    struct pc_batch_input *input, const char *name, struct pt_err *err)
{
	memset(input, 0, sizeof(*input));
	input->fd = STDIN_FILENO;
	if (name != NULL && strcmp(name, "-") != 0) {
		input->fd = open(name, O_RDONLY | O_CLOEXEC);
		if (input->fd < 0)
			return pt_err_sys(err, PT_ERR_INPUT, errno,
			    "cannot open %.200s", name);
		input->is_ours = true;
	}
	input->buf = malloc(ROOM);
	if (input->buf == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the commands: out of memory");
	return 0;
}

void
pc_batch_input_close(struct pc_batch_input *input)
{
	if (input->is_ours)
		(void)close(input->fd);
	free(input->buf);
	memset(input, 0, sizeof(*input));
}

static bool
is_ready(const struct pc_batch_input *input)
{
	struct pollfd one = {.fd = input->fd, .events = POLLIN};

	return poll(&one, 1, MOMENT_MS) != 0;
}

static int
fill(struct pc_batch_input *input, struct pt_err *err)
{
	ssize_t n;

	memmove(input->buf, input->buf + input->at, input->len - input->at);
	input->len -= input->at;
	input->at = 0;
	do {
		n = read(input->fd, input->buf + input->len, ROOM - input->len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, errno, "cannot read the commands");
	input->ended = n == 0;
	input->len += (size_t)n;
	return 0;
}

/* The line that begins at input->at and has so many bytes. */
static enum pc_batch_read
give(struct pc_batch_input *input, size_t len, char *buf, struct pt_err *err)
{
	const char *line = input->buf + input->at;

	input->at += len;
	if (input->at < input->len)
		input->at++;
	input->number++;
	if (input->skipping || len > PC_BATCH_LINE_MAX) {
		input->skipping = false;
		(void)pt_err_set(err, PT_ERR_USAGE,
		    "cannot read the line: it is longer than %d bytes",
		    PC_BATCH_LINE_MAX);
		return PC_BATCH_REFUSED;
	}
	if (memchr(line, '\0', len) != NULL) {
		(void)pt_err_set(err, PT_ERR_USAGE,
		    "cannot read the line: it has a NUL character");
		return PC_BATCH_REFUSED;
	}
	memcpy(buf, line, len);
	buf[len] = '\0';
	return PC_BATCH_LINE;
}

enum pc_batch_read
pc_batch_input_next(
    struct pc_batch_input *input, bool wait, char *buf, struct pt_err *err)
{
	const char *end;
	size_t unread;

	for (;;) {
		unread = input->len - input->at;
		end = unread == 0
			  ? NULL
			  : memchr(input->buf + input->at, '\n', unread);
		if (end != NULL)
			return give(input,
			    (size_t)(end - input->buf) - input->at, buf, err);
		if (input->ended && unread == 0 && !input->skipping)
			return PC_BATCH_END;
		if (input->ended)
			return give(input, unread, buf, err);
		if (unread > PC_BATCH_LINE_MAX) {
			input->skipping = true;
			input->at = input->len;
		}
		if (!wait && !is_ready(input))
			return PC_BATCH_LATER;
		if (fill(input, err) != 0)
			return PC_BATCH_FAILED;
	}
}
