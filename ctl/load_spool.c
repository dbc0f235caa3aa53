/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/load_spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Before the bytes of each record. */
struct head {
	enum pc_record_kind kind;
	uint32_t key_name;
	struct pt_login login;
	size_t len;
};

int
pc_load_spool_open(struct pc_load_spool *spool, struct pt_err *err)
{
	const char *dir = getenv("TMPDIR");
	char path[512];
	int fd;

	if (dir == NULL || dir[0] != '/')
		dir = "/tmp";
	if (snprintf(path, sizeof(path), "%s/posternctl.XXXXXX", dir) >=
	    (int)sizeof(path))
		return pt_err_set(err, PT_ERR_USAGE, "TMPDIR is too long");
	fd = mkstemp(path);
	if (fd >= 0)
		(void)unlink(path);
	spool->file = fd < 0 ? NULL : fdopen(fd, "w+");
	if (spool->file != NULL)
		return 0;
	(void)pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
	    "cannot make a temporary file in %.200s", dir);
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

void
pc_load_spool_close(struct pc_load_spool *spool)
{
	if (spool->file != NULL)
		(void)fclose(spool->file);
	spool->file = NULL;
}

static int
refuse_write(struct pt_err *err)
{
	return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
	    "cannot write a temporary file (TMPDIR may name a folder with more "
	    "room)");
}

int
pc_load_spool_add(struct pc_load_spool *spool, const struct pc_load_item *item,
    struct pt_err *err)
{
	struct head head;

	memset(&head, 0, sizeof(head));
	head.kind = item->kind;
	head.key_name = item->key_name;
	/* Not what happens to lie behind its text. */
	head.login.len = item->login.len;
	head.login.at = item->login.at;
	memcpy(head.login.text, item->login.text, item->login.len);
	head.len = item->len;
	if (fwrite(&head, sizeof(head), 1, spool->file) != 1 ||
	    fwrite(item->bytes, item->len, 1, spool->file) != 1)
		return refuse_write(err);
	spool->count++;
	return 0;
}

int
pc_load_spool_rewind(struct pc_load_spool *spool, struct pt_err *err)
{
	if (fflush(spool->file) != 0 || fseek(spool->file, 0, SEEK_SET) != 0)
		return refuse_write(err);
	return 0;
}

int
pc_load_spool_next(
    struct pc_load_spool *spool, struct pc_load_item *item, struct pt_err *err)
{
	struct head head;

	if (fread(&head, sizeof(head), 1, spool->file) != 1) {
		if (ferror(spool->file) == 0)
			return 0;
	} else if (head.len <= PC_LOAD_BYTES_MAX &&
		   fread(item->bytes, head.len, 1, spool->file) == 1) {
		item->kind = head.kind;
		item->key_name = head.key_name;
		item->login = head.login;
		item->len = head.len;
		return 1;
	}
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, errno, "cannot read a temporary file");
}
