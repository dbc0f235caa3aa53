/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* setgroups() is not in POSIX. */
#define _DEFAULT_SOURCE 1

#include "ctl/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"

int
pc_privilege_drop(const char *dir, struct pt_err *err)
{
	const struct passwd *pw;
	struct stat st;
	gid_t gid;

	if (geteuid() != 0 || stat(dir, &st) != 0 || st.st_uid == 0)
		return 0;
	gid = st.st_gid;
	pw = getpwuid(st.st_uid);
	if (gid == 0 && pw != NULL)
		gid = pw->pw_gid;
	if (setgroups(1, &gid) != 0 || setgid(gid) != 0 ||
	    setuid(st.st_uid) != 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot become the owner of %s", dir);
	if (setuid(0) == 0)
		return pt_err_set(
		    err, PT_ERR_INTERNAL, "cannot give up root's rights");
	return 0;
}

/* What may stand in a user name; SUDO_USER comes from the environment. */
static bool
is_user_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[0] != '-' &&
	       strspn(name,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789._-@") == len;
}

void
pc_privilege_who(char *buf, size_t cap)
{
	const char *sudo = getenv("SUDO_USER");
	struct passwd *pw;

	if (getuid() == 0 && sudo != NULL && is_user_name(sudo) &&
	    pt_text_copy(buf, cap, sudo) == 0)
		return;
	pw = getpwuid(getuid());
	if (pw != NULL && pt_text_copy(buf, cap, pw->pw_name) == 0)
		return;
	snprintf(buf, cap, "uid %lu", (unsigned long)getuid());
}

int
pc_privilege_find_user(
    const char *name, uid_t *uid_out, gid_t *gid_out, struct pt_err *err)
{
	struct passwd *pw = getpwnam(name);

	if (pw == NULL)
		return pt_err_set(
		    err, PT_ERR_USAGE, "there is no user \"%.64s\"", name);
	*uid_out = pw->pw_uid;
	*gid_out = pw->pw_gid;
	return 0;
}
