/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"

#define SUFFIX ".conf"

/* What part of a path is shown; the reason must still fit behind it. */
#define SHOWN_MAX 256

void
pt_source_show(const char *path, char *buf, size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_text_add_escaped(&text, path, strlen(path));
}

static int
refuse(struct pt_err *err, const char *path, const char *why)
{
	char shown[SHOWN_MAX];

	pt_source_show(path, shown, sizeof(shown));
	return pt_err_set(err, PT_ERR_CONFIG, "cannot read %s: %s", shown, why);
}

static int
refuse_sys(struct pt_err *err, const char *path, int code)
{
	char shown[SHOWN_MAX];

	pt_source_show(path, shown, sizeof(shown));
	return pt_err_sys(err, PT_ERR_CONFIG, code, "cannot read %s", shown);
}

/* Up to cap bytes; -1 with errno set. */
static ssize_t
read_whole(int fd, char *buf, size_t cap)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n != 0 && len < cap) {
		n = read(fd, buf + len, cap - len);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			len += (size_t)n;
	}
	return (ssize_t)len;
}

static int
read_fd(int fd, const char *path, char **text_out, size_t *len_out,
    struct pt_err *err)
{
	struct stat st;
	char *text;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return refuse_sys(err, path, errno);
	if (S_ISDIR(st.st_mode))
		return refuse_sys(err, path, EISDIR);
	if (!S_ISREG(st.st_mode))
		return refuse(err, path, "it is not a file");
	/* One byte more than allowed tells what is too large. */
	text = malloc(PT_SOURCE_BYTES_MAX + 2);
	if (text == NULL)
		return refuse_sys(err, path, ENOMEM);
	n = read_whole(fd, text, PT_SOURCE_BYTES_MAX + 1);
	if (n < 0 || (size_t)n > PT_SOURCE_BYTES_MAX) {
		(void)(n < 0 ? refuse_sys(err, path, errno)
			     : refuse(err, path, "it is larger than 1 MiB"));
		free(text);
		return -1;
	}
	text[n] = '\0';
	*text_out = text;
	*len_out = (size_t)n;
	return 0;
}

int
pt_source_read(
    const char *path, char **text_out, size_t *len_out, struct pt_err *err)
{
	/* O_NONBLOCK: a FIFO without a writer must not hold up a reload. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return refuse_sys(err, path, errno);
	result = read_fd(fd, path, text_out, len_out, err);
	(void)close(fd);
	return result;
}

static bool
is_wanted(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > strlen(SUFFIX) &&
	       strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static int
compare_names(const void *a, const void *b)
{
	char *const *left = a;
	char *const *right = b;

	return strcmp(*left, *right);
}

static char *
join(const char *dir, size_t dir_len, const char *name)
{
	size_t len = strlen(name);
	char *path = malloc(dir_len + 1 + len + 1);

	if (path == NULL)
		return NULL;
	memcpy(path, dir, dir_len);
	path[dir_len] = '/';
	memcpy(path + dir_len + 1, name, len + 1);
	return path;
}

static int
list_fill(DIR *stream, const char *dir, struct pt_source_list *list,
    struct pt_err *err)
{
	const struct dirent *entry;

	list->at = calloc(PT_SOURCE_FILES_MAX, sizeof(*list->at));
	if (list->at == NULL)
		return refuse_sys(err, dir, ENOMEM);
	for (;;) {
		errno = 0;
		/* Nobody else reads this stream, so readdir() is safe. */
		entry = readdir(stream);
		if (entry == NULL && errno != 0)
			return refuse_sys(err, dir, errno);
		if (entry == NULL)
			return 0;
		if (!is_wanted(entry->d_name))
			continue;
		if (list->count == PT_SOURCE_FILES_MAX)
			return refuse(err, dir, "it has more than 256 files");
		list->at[list->count] = join(dir, strlen(dir), entry->d_name);
		if (list->at[list->count] == NULL)
			return refuse_sys(err, dir, ENOMEM);
		list->count++;
	}
}

int
pt_source_list(const char *dir, struct pt_source_list *out, struct pt_err *err)
{
	struct pt_source_list list = {0};
	DIR *stream = opendir(dir);
	int result;

	if (stream == NULL && errno != ENOENT)
		return refuse_sys(err, dir, errno);
	if (stream == NULL) {
		*out = list;
		return 0;
	}
	result = list_fill(stream, dir, &list, err);
	(void)closedir(stream);
	if (result != 0) {
		pt_source_list_free(&list);
		return -1;
	}
	qsort(list.at, list.count, sizeof(*list.at), compare_names);
	*out = list;
	return 0;
}

void
pt_source_list_free(struct pt_source_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	list->at = NULL;
	list->count = 0;
}

char *
pt_source_beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	if (name[0] == '/' || slash == NULL)
		return strdup(name);
	return join(path, (size_t)(slash - path), name);
}
