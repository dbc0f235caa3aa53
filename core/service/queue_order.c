/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/queue_order.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/rules/account_plan.h"

#define PATH_BYTES 512
#define TAKEN      ".taken"

bool
pt_queue_order_is_closed(const struct pt_account *account)
{
	return account->lock.at != 0 ||
	       account->block_reason == PT_BLOCK_CRACKED;
}

bool
pt_queue_order_is_wanted(const struct pt_config *config,
    const struct pt_account *account, int64_t now)
{
	const struct pt_plan *plan;
	struct pt_plan room;

	if (!pt_queue_order_is_closed(account))
		return false;
	plan = pt_account_plan(config, account, now, &room);
	return plan != NULL && plan->on_block == PT_ON_BLOCK_HOLD_QUEUE;
}

static int
refuse(struct pt_err *err, const char *verb, const char *path)
{
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, errno, "cannot %s %.200s", verb, path);
}

int
pt_queue_order_add(
    const char *path, const struct pt_login *login, struct pt_err *err)
{
	char line[PT_LOGIN_MAX + 2];
	ssize_t written;
	int len;
	int fd;

	len = snprintf(line, sizeof(line), "%s\n", login->text);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
	    S_IRUSR | S_IWUSR);
	if (fd < 0)
		return refuse(err, "open", path);
	written = write(fd, line, (size_t)len);
	if (written != len) {
		if (written >= 0)
			errno = ENOSPC;
		(void)refuse(err, "write", path);
		(void)close(fd);
		return -1;
	}
	(void)close(fd);
	return 0;
}

static int
taken_path(const char *path, char *buf, size_t cap, struct pt_err *err)
{
	int len = snprintf(buf, cap, "%s%s", path, TAKEN);

	if (len > 0 && (size_t)len < cap)
		return 0;
	errno = ENAMETOOLONG;
	return refuse(err, "open", path);
}

/* NULL without an error if there is no such file. */
static int
open_taken(const char *path, FILE **file_out, struct pt_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	*file_out = NULL;
	if (fd < 0)
		return errno == ENOENT ? 0 : refuse(err, "open", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		errno = EINVAL;
		return refuse(err, "read", path);
	}
	*file_out = fdopen(fd, "r");
	if (*file_out != NULL)
		return 0;
	(void)close(fd);
	return refuse(err, "read", path);
}

static void
read_orders(FILE *file, pt_queue_order_fn *fn, void *arg)
{
	char line[PT_LOGIN_MAX + 2];
	struct pt_login login;
	struct pt_err unused;
	bool is_start = true;
	size_t len;

	while (fgets(line, (int)sizeof(line), file) != NULL) {
		len = strcspn(line, "\n");
		/* A line without an end was cut: too long, or a full disk. */
		if (is_start && line[len] == '\n' &&
		    pt_login_parse(line, len, NULL, &login, &unused) == 0)
			fn(&login, arg);
		is_start = line[len] == '\n';
	}
}

/* What an earlier reader left undone. */
static int
take_one(const char *taken, pt_queue_order_fn *fn, void *arg, bool *found_out,
    struct pt_err *err)
{
	FILE *file;

	if (open_taken(taken, &file, err) != 0)
		return -1;
	*found_out = file != NULL;
	if (file == NULL)
		return 0;
	read_orders(file, fn, arg);
	(void)fclose(file);
	return 0;
}

int
pt_queue_order_take(
    const char *path, pt_queue_order_fn *fn, void *arg, struct pt_err *err)
{
	char taken[PATH_BYTES];
	bool found;

	if (taken_path(path, taken, sizeof(taken), err) != 0 ||
	    take_one(taken, fn, arg, &found, err) != 0)
		return -1;
	if (found)
		return 0;
	if (rename(path, taken) != 0)
		return errno == ENOENT ? 0 : refuse(err, "take over", path);
	return take_one(taken, fn, arg, &found, err);
}

int
pt_queue_order_done(const char *path, struct pt_err *err)
{
	char taken[PATH_BYTES];

	if (taken_path(path, taken, sizeof(taken), err) != 0)
		return -1;
	if (unlink(taken) != 0 && errno != ENOENT)
		return refuse(err, "remove", taken);
	return 0;
}

int64_t
pt_queue_order_waits_since(const char *path)
{
	char taken[PATH_BYTES];
	struct pt_err unused;
	struct stat st;

	if (taken_path(path, taken, sizeof(taken), &unused) != 0 ||
	    (stat(taken, &st) != 0 && stat(path, &st) != 0))
		return 0;
	return st.st_mtime;
}
