/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* init: the state directory with an empty state. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/handlers.h"
#include "ctl/privilege.h"

#define OWNER "postern"

/*
 * What a state consists of.  The directories come after what they hold, so
 * that their new owner cannot yet put anything else there.
 */
static const char *const parts[] = {"/open.lock", "/users.lock",
    "/accounts/data.mdb", "/accounts/lock.mdb", "/accounts",
    "/activity/data.mdb", "/activity/lock.mdb", "/activity", ""};

struct owner {
	const char *name; /* NULL: who runs this */
	uid_t uid;
	gid_t gid;
};

/* policyd does not run as root, so neither may the state be root's own. */
static int
choose_owner(const struct pc_call *call, struct owner *out, struct pt_err *err)
{
	out->name = pc_call_option(call, "owner");
	out->uid = geteuid();
	out->gid = getegid();
	if (out->name == NULL && geteuid() != 0)
		return 0;
	if (out->name == NULL)
		out->name = OWNER;
	if (pc_privilege_find_user(out->name, &out->uid, &out->gid, err) != 0)
		return pt_err_prefix(err,
		    "cannot make the state: its owner must be a user of its "
		    "own, add one or name another with --owner");
	if (geteuid() != 0 && out->uid != geteuid())
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot give the state to %s: only root can", out->name);
	return 0;
}

/* Root's own state to another owner; no daemon can be working on it. */
static int
hand_over(const char *dir, const struct owner *owner, struct pt_err *err)
{
	char path[640];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(parts); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, parts[i]);
		if (lchown(path, owner->uid, owner->gid) != 0 &&
		    errno != ENOENT)
			return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
			    "cannot change the owner of %s", path);
	}
	return 0;
}

static int
check_directory(const char *dir, const struct owner *owner, struct pt_err *err)
{
	struct stat st;

	if (lstat(dir, &st) != 0)
		return pt_err_sys(
		    err, PT_ERR_CONFIG, errno, "cannot look at %s", dir);
	if (!S_ISDIR(st.st_mode))
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot use %s: it is not a directory", dir);
	if (st.st_uid == owner->uid)
		return 0;
	if (geteuid() == 0 && st.st_uid == 0)
		return hand_over(dir, owner, err);
	if (owner->name != NULL)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot use %s: it belongs to user %lu; to give it to "
		    "%s, stop the daemons and run chown -R %s: %s",
		    dir, (unsigned long)st.st_uid, owner->name, owner->name,
		    dir);
	return pt_err_set(err, PT_ERR_CONFIG,
	    "cannot use %s: it belongs to user %lu", dir,
	    (unsigned long)st.st_uid);
}

/* Makes the directory, or checks the one that is there. */
static int
make_directory(const struct pc_call *call, bool *made_out, struct pt_err *err)
{
	const char *dir = call->config->state_dir;
	struct owner owner;

	if (choose_owner(call, &owner, err) != 0)
		return -1;
	*made_out = mkdir(dir, S_IRWXU) == 0;
	if (*made_out) {
		if (geteuid() == 0 && chown(dir, owner.uid, owner.gid) != 0)
			return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
			    "cannot change the owner of %s", dir);
		return 0;
	}
	if (errno != EEXIST)
		return pt_err_sys(
		    err, PT_ERR_CONFIG, errno, "cannot make %s", dir);
	return check_directory(dir, &owner, err);
}

static bool
has_state(const char *dir, const char *environment)
{
	char path[640];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s/data.mdb", dir, environment);
	return stat(path, &st) == 0;
}

static void
tell(struct pc_call *call, const char *what, bool made)
{
	pc_output_text(call->out, what);
	pc_output_text(call->out, made ? "made" : "was there already");
	pc_output_bool(call->out, made);
}

enum pc_answer
pc_cmd_init(struct pc_call *call, struct pt_err *err)
{
	const char *dir = call->config->state_dir;
	bool had_accounts;
	bool had_activity;
	bool made;

	if (make_directory(call, &made, err) != 0)
		return PC_FAILED;
	/* From here on as the owner, whom all files shall belong to. */
	if (pc_privilege_drop(dir, err) != 0)
		return PC_FAILED;
	had_accounts = has_state(dir, "accounts");
	had_activity = has_state(dir, "activity");
	if (pt_store_create(dir, err) != 0)
		return PC_FAILED;
	pc_output_begin(call->out, pc_columns_init, false);
	tell(call, dir, made);
	tell(call, "accounts", !had_accounts);
	tell(call, "activity", !had_activity);
	return pc_output_end(call->out, err) == 0 ? PC_YES : PC_FAILED;
}
