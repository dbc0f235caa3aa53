/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What changes an account: by the same rules as posternctl's. */

#include "dovecot-plugin/doveadm/request.h"

#include <doveadm-print.h>

#include <sodium.h>

#include "core/base/attr.h"
#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "core/service/pending.h"
#include "dovecot-plugin/doveadm/commands.h"
#include "dovecot-plugin/doveadm/wish.h"

struct change;

/* Sets change->changed.  Runs in the transaction, perhaps several times. */
typedef int
edit_fn(struct change *change, struct pt_account *account,
    struct pt_trail *trail, struct pt_err *err);

struct change {
	const struct dp_request *request;
	edit_fn *edit;
	struct pt_external_actor actor;
	struct dp_wish wish;
	uint32_t wanted; /* the id to revoke */
	char secret[PT_SECRET_TEXT_MAX];
	unsigned char salt[PT_PASSWORD_SALT_BYTES];
	/* made anew by each run */
	bool changed;
	uint32_t id; /* of the new app password */
	struct pt_password made;
	int64_t active_from; /* activation_delay; 0: it works at once */
	int64_t locked_at;   /* a sending lock, which stays; 0: none */
	struct pt_err err;
};

static void
run_edit(struct pt_records *records, void *arg)
{
	struct change *change = arg;

	change->changed = false;
	change->err.kind = PT_ERR_NONE;
	if (change->edit(
		change, records->account, &records->trail, &change->err) != 0)
		return;
	records->account_changed = change->changed;
}

/*
 * What is pending comes first.  Orders to hold mail are not for who runs as
 * root: Postern's own user has to append to their file.
 */
static int
run_edits(struct change *change, struct pt_err *err)
{
	const struct dp_request *request = change->request;
	const struct pt_login *login = &request->login;
	struct pt_pending pending;

	if (pt_pending_settle(request->store, request->config, NULL, login,
		request->now, &pending, err) != 0)
		return -1;
	return pt_store_update_one(
	    request->store, PT_UPDATE_ACCOUNT, login, run_edit, change, err);
}

static int
commit(const struct dp_request *request, struct change *change, edit_fn *edit,
    struct pt_err *err)
{
	change->request = request;
	change->edit = edit;
	change->actor.who = "doveadm";
	change->actor.note = request->note;
	change->actor.now = request->now;
	if (run_edits(change, err) != 0)
		return -1;
	if (change->err.kind == PT_ERR_NONE)
		return 0;
	*err = change->err;
	return -1;
}

static void
keep_made(struct change *change, struct pt_account *account)
{
	const struct pt_password *made =
	    pt_password_living(account, change->id);
	int64_t now = change->request->now;
	const struct pt_plan *plan;
	struct pt_plan room;

	if (made != NULL)
		change->made = *made;
	plan = pt_account_plan(change->request->config, account, now, &room);
	change->active_from =
	    plan == NULL ? 0 : pt_access_begins(plan, account, now);
	change->locked_at = account->lock.at;
	change->changed = true;
}

static int
edit_enable(struct change *change, struct pt_account *account,
    struct pt_trail *trail, struct pt_err *err)
{
	if (pt_external_enable(change->request->config, account,
		change->wish.protocols, &change->wish.password, change->secret,
		change->salt, &change->actor, &change->id, trail, err) != 0)
		return -1;
	keep_made(change, account);
	return 0;
}

static int
edit_create(struct change *change, struct pt_account *account,
    struct pt_trail *trail, struct pt_err *err)
{
	if (pt_external_add_password(change->request->config, account,
		&change->wish.password, change->secret, &change->actor,
		&change->id, trail, err) != 0)
		return -1;
	keep_made(change, account);
	return 0;
}

static void
print_made(const struct change *change)
{
	static const char *const columns[] = {"user", "id", "label",
	    "protocols", "expires_at", "password", "active_from",
	    "sending_locked_at"};
	char protocols[64];

	pt_external_protocols_format(
	    change->made.protocols, protocols, sizeof(protocols));
	dp_request_columns(columns, PT_ARRAY_LEN(columns));
	dp_request_print(change->request->login.text);
	doveadm_print_num(change->id);
	dp_request_print(change->made.label);
	dp_request_print(protocols);
	dp_request_print_time(change->made.expires_at);
	dp_request_print(change->secret);
	dp_request_print_time(change->active_from);
	dp_request_print_time(change->locked_at);
}

static int
wish_for(const struct dp_request *request, struct change *change,
    bool is_for_access, struct pt_err *err)
{
	if (dp_wish_read(request, &change->wish, err) != 0 ||
	    pt_password_generate(change->secret, err) != 0)
		return -1;
	/* With enable, the protocols are those of the account. */
	if (!is_for_access)
		change->wish.password.protocols = change->wish.protocols;
	randombytes_buf(change->salt, sizeof(change->salt));
	return 0;
}

/* enable and password create: both make an app password and show it once. */
static void
make_password(
    struct doveadm_cmd_context *cctx, edit_fn *edit, bool is_for_access)
{
	struct dp_request request;
	struct change change = {0};
	struct pt_err err;

	if (!dp_request_open(&request, cctx, PT_STORE_WRITE))
		return;
	if (wish_for(&request, &change, is_for_access, &err) == 0 &&
	    commit(&request, &change, edit, &err) == 0)
		print_made(&change);
	else
		dp_request_fail(cctx, &err);
	sodium_memzero(&change, sizeof(change));
	dp_request_close(&request);
}

void
dp_command_enable(struct doveadm_cmd_context *cctx)
{
	make_password(cctx, edit_enable, true);
}

void
dp_command_create(struct doveadm_cmd_context *cctx)
{
	make_password(cctx, edit_create, false);
}

static int
edit_disable(struct change *change, struct pt_account *account,
    struct pt_trail *trail, struct pt_err *err)
{
	(void)err;
	change->changed = pt_external_disable(account, &change->actor, trail);
	return 0;
}

static int
edit_revoke(struct change *change, struct pt_account *account,
    struct pt_trail *trail, struct pt_err *err)
{
	if (pt_external_revoke(
		account, change->wanted, &change->actor, trail, err) != 0)
		return -1;
	change->changed = true;
	return 0;
}

static int
edit_changed(struct change *change, struct pt_account *account,
    struct pt_trail *trail, struct pt_err *err)
{
	(void)err;
	pt_external_password_changed(
	    change->request->config, account, &change->actor, trail);
	change->changed = true;
	return 0;
}

/* Runs the edit and says whether anything was changed. */
static void
change_and_tell(
    struct dp_request *request, struct change *change, edit_fn *edit)
{
	static const char *const columns[] = {"user", "changed"};
	struct pt_err err;

	if (commit(request, change, edit, &err) != 0) {
		dp_request_fail(request->cctx, &err);
		return;
	}
	dp_request_columns(columns, PT_ARRAY_LEN(columns));
	dp_request_print(request->login.text);
	dp_request_print(change->changed ? "yes" : "no");
}

static void
change_account(struct doveadm_cmd_context *cctx, edit_fn *edit)
{
	struct dp_request request;
	struct change change = {0};

	if (!dp_request_open(&request, cctx, PT_STORE_WRITE))
		return;
	change_and_tell(&request, &change, edit);
	dp_request_close(&request);
}

void
dp_command_disable(struct doveadm_cmd_context *cctx)
{
	change_account(cctx, edit_disable);
}

void
dp_command_changed(struct doveadm_cmd_context *cctx)
{
	change_account(cctx, edit_changed);
}

void
dp_command_revoke(struct doveadm_cmd_context *cctx)
{
	struct dp_request request;
	struct change change = {0};
	struct pt_err err;
	int64_t id;

	if (!dp_request_open(&request, cctx, PT_STORE_WRITE))
		return;
	if (!doveadm_cmd_param_int64(cctx, "id", &id)) {
		(void)pt_err_set(&err, PT_ERR_USAGE,
		    "cannot revoke: the parameter id is missing");
		dp_request_fail(cctx, &err);
	} else {
		/* 0 is no id, and neither is what does not fit. */
		if (id > 0 && id <= UINT32_MAX)
			change.wanted = (uint32_t)id;
		change_and_tell(&request, &change, edit_revoke);
	}
	dp_request_close(&request);
}
