/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _DEFAULT_SOURCE /* initgroups(), setgroups() */

#include "core/service/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"

int
pt_privilege_owner(
    const char *state_dir, struct pt_owner *out, struct pt_err *err)
{
	const struct passwd *user;
	struct stat st;

	*out = (struct pt_owner){.is_set = false};
	if (geteuid() != 0)
		return 0;
	if (stat(state_dir, &st) != 0)
		return pt_err_sys(err, PT_ERR_CONFIG, errno,
		    "cannot use state directory %s (posternctl init makes it)",
		    state_dir);
	if (st.st_uid == 0)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "state directory %s belongs to root, and Postern's "
		    "daemons do not run as root: give it to a user of its own: "
		    "posternctl init --owner postern",
		    state_dir);
	out->is_set = true;
	out->uid = st.st_uid;
	out->gid = st.st_gid;
	user = getpwuid(st.st_uid);
	if (user == NULL)
		return 0;
	if (pt_text_copy(out->name, sizeof(out->name), user->pw_name) != 0)
		out->name[0] = '\0';
	if (out->gid == 0)
		out->gid = user->pw_gid;
	return 0;
}

/*
 * What fails leaves us root, who we were; and that root is never kept by
 * mistake is seen to by pt_privilege_drop().
 */
void
pt_privilege_borrow(const struct pt_owner *owner)
{
	if (!owner->is_set || setegid(owner->gid) != 0)
		return;
	if (seteuid(owner->uid) != 0)
		pt_privilege_return(owner);
}

void
pt_privilege_return(const struct pt_owner *owner)
{
	if (!owner->is_set || seteuid(0) != 0 || setegid(getgid()) != 0)
		return;
}

int
pt_privilege_drop(const struct pt_owner *owner, struct pt_err *err)
{
	int rc;

	if (!owner->is_set)
		return 0;
	rc = owner->name[0] != '\0' ? initgroups(owner->name, owner->gid)
				    : setgroups(1, &owner->gid);
	if (rc == 0)
		rc = setgid(owner->gid);
	if (rc == 0)
		rc = setuid(owner->uid);
	if (rc != 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot become user %ld", (long)owner->uid);
	if (owner->uid != 0 && setuid(0) == 0)
		return pt_err_set(
		    err, PT_ERR_INTERNAL, "cannot give up root's rights");
	return 0;
}

void
pt_privilege_hide(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

size_t
pt_privilege_files(size_t wanted)
{
	struct rlimit limit;
	struct rlimit raised;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted)
		return wanted;
	raised = limit;
	raised.rlim_cur = wanted;
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted)
		raised.rlim_max = wanted;
	if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
		return wanted;
	raised.rlim_cur = limit.rlim_max;
	raised.rlim_max = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
		return (size_t)raised.rlim_cur;
	return (size_t)limit.rlim_cur;
}
