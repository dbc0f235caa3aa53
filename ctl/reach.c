/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* getgrouplist() is not in POSIX. */
#define _DEFAULT_SOURCE 1

#include "ctl/reach.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"

#define PATH_CAP 1024

int
pc_user_find(const char *name, struct pc_user *out, struct pt_err *err)
{
	struct passwd *pw = getpwnam(name);

	if (pw == NULL)
		return pt_err_set(
		    err, PT_ERR_CONFIG, "there is no user %.64s", name);
	out->uid = pw->pw_uid;
	out->group_count = PC_REACH_GROUPS_MAX;
	/* With more groups than fit, those that fit are there. */
	(void)getgrouplist(name, pw->pw_gid, out->groups, &out->group_count);
	if (out->group_count > PC_REACH_GROUPS_MAX)
		out->group_count = PC_REACH_GROUPS_MAX;
	return 0;
}

static bool
is_in_group(const struct pc_user *user, gid_t gid)
{
	int i;

	for (i = 0; i < user->group_count; i++) {
		if (user->groups[i] == gid)
			return true;
	}
	return false;
}

/* "bit" as for others: S_IXOTH, S_IWOTH. */
static bool
may(const struct pc_user *user, const struct stat *st, mode_t bit)
{
	if (user->uid == 0)
		return true;
	if (st->st_uid == user->uid)
		return (st->st_mode & (bit << 6)) != 0;
	if (is_in_group(user, st->st_gid))
		return (st->st_mode & (bit << 3)) != 0;
	return (st->st_mode & bit) != 0;
}

static int
check_one(const struct pc_user *user, const char *path, mode_t bit,
    struct pt_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return pt_err_sys(
		    err, PT_ERR_CONFIG, errno, "cannot look at %s", path);
	if (may(user, &st, bit))
		return 0;
	return pt_err_set(err, PT_ERR_CONFIG,
	    bit == S_IXOTH ? "may not search the directory %s (mode %04o)"
			   : "may not write to %s (mode %04o)",
	    path, (unsigned)(st.st_mode & 07777));
}

int
pc_reach_check(const struct pc_user *user, const char *path, const char *from,
    struct pt_err *err)
{
	size_t from_len = strlen(from);
	char part[PATH_CAP];
	size_t i;

	if (pt_text_copy(part, sizeof(part), path) != 0)
		return pt_err_set(err, PT_ERR_CONFIG, "the path is too long");
	if (strncmp(path, from, from_len) != 0)
		from_len = 0;
	if (from_len > 1 && check_one(user, from, S_IXOTH, err) != 0)
		return -1;
	for (i = from_len + 1; part[i] != '\0'; i++) {
		if (part[i] != '/')
			continue;
		part[i] = '\0';
		if (check_one(user, part, S_IXOTH, err) != 0)
			return -1;
		part[i] = '/';
	}
	return check_one(user, path, S_IWOTH, err);
}
