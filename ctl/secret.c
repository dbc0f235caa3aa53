/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/secret.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
pc_secret_make(struct pc_secret *secret, struct pt_err *err)
{
	/* pt_password_generate() tells if libsodium cannot be used. */
	if (pt_password_generate(secret->text, err) != 0 ||
	    pt_password_generate(secret->stand_in, err) != 0)
		return -1;
	randombytes_buf(secret->salt, sizeof(secret->salt));
	return 0;
}

void
pc_secret_wipe(struct pc_secret *secret)
{
	sodium_memzero(secret, sizeof(*secret));
}

static int
write_descriptor(int fd, const char *at, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
write_stream(FILE *stream, const char *at, size_t len)
{
	return fwrite(at, 1, len, stream) == len && fflush(stream) == 0 ? 0
									: EIO;
}

char *
pc_secret_fill_in(char *text, const struct pc_secret *secret)
{
	char *place = strstr(text, secret->stand_in);

	if (place == NULL)
		return NULL;
	memcpy(place, secret->text, PT_SECRET_TEXT_MAX - 1);
	return place + PT_SECRET_TEXT_MAX - 1;
}

void
pc_secret_wipe_text(char *text, size_t len)
{
	sodium_memzero(text, len);
}

/*
 * Past the buffer of the stream, which is not ours to wipe; a stream in
 * memory has no descriptor.  A pipe that was closed is an error to handle,
 * and no reason to die before it is handled.
 */
int
pc_secret_write_out(
    FILE *stream, const char *text, size_t len, struct pt_err *err)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction before;
	int code = 0;
	int fd;

	if (fflush(stream) != 0)
		code = errno;
	fd = fileno(stream);
	(void)sigemptyset(&ignore.sa_mask);
	(void)sigaction(SIGPIPE, &ignore, &before);
	if (code == 0 && fd < 0)
		code = write_stream(stream, text, len);
	else if (code == 0 && write_descriptor(fd, text, len) != 0)
		code = errno;
	(void)sigaction(SIGPIPE, &before, NULL);
	if (code != 0)
		return pt_err_sys(
		    err, PT_ERR_UNAVAILABLE, code, "standard output");
	return 0;
}

/* The rows with the stand-in, in memory; owned by the caller, or NULL. */
static char *
render(const struct pc_call *call, const struct pc_secret *secret,
    pc_secret_rows_fn *rows, const void *arg, struct pt_err *err)
{
	struct pc_output *out = NULL;
	FILE *memory;
	char *text = NULL;
	size_t len;
	int rc = -1;

	memory = open_memstream(&text, &len);
	if (memory != NULL)
		out = pc_output_new(memory, call->format, call->now);
	if (out == NULL)
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE, "out of memory");
	else
		rc = rows(out, secret->stand_in, arg, err);
	pc_output_free(out);
	if (memory != NULL && fclose(memory) != 0 && rc == 0)
		rc = pt_err_set(err, PT_ERR_UNAVAILABLE, "out of memory");
	if (rc == 0)
		return text;
	free(text);
	return NULL;
}

int
pc_secret_write(const struct pc_call *call, const struct pc_secret *secret,
    pc_secret_rows_fn *rows, const void *arg, struct pt_err *err)
{
	char *text;
	size_t len;
	int rc = -1;

	text = render(call, secret, rows, arg, err);
	if (text == NULL)
		return -1;
	len = strlen(text);
	if (pc_secret_fill_in(text, secret) == NULL)
		(void)pt_err_set(
		    err, PT_ERR_INTERNAL, "the result has no place for it");
	else
		rc = pc_secret_write_out(call->stream, text, len, err);
	pc_secret_wipe_text(text, len);
	free(text);
	return rc;
}
