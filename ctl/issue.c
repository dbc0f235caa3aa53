/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/issue.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/attr.h"
#include "ctl/access.h"
#include "ctl/names.h"
#include "ctl/secret.h"

/* What is told about it. */
struct told {
	const struct pt_login *login;
	struct pc_changed *changed;
	const struct pt_password *made;
};

void
pc_issue_made(struct pc_issue *issue, struct pt_account *account, uint32_t id)
{
	const struct pt_password *password = pt_password_living(account, id);

	if (password != NULL)
		issue->made = *password;
}

static void
put_setting(struct pc_output *out, const char *name, const char *value)
{
	pc_output_text(out, name);
	pc_output_text(out, value);
}

/* For people: a line for each part. */
static int
put_block(struct pc_output *out, const struct told *told, const char *secret,
    struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"setting", NULL, 0},
	    {"value", NULL, 0},
	};
	const struct pt_password *made = told->made;
	char protocols[PC_PROTOCOLS_TEXT_MAX];
	char networks[PC_NETWORKS_TEXT_MAX];
	const char *from = pc_name_networks(made, networks, sizeof(networks));

	pt_external_protocols_format(
	    made->protocols, protocols, sizeof(protocols));
	pc_output_begin(out, columns, PT_ARRAY_LEN(columns), false);
	put_setting(out, "login", told->login->text);
	if (told->changed->is_new)
		put_setting(out, "record", "new: nothing was known of it");
	pc_output_text(out, "id");
	pc_output_number(out, made->id);
	put_setting(out, "label", made->label[0] == '\0' ? NULL : made->label);
	put_setting(out, "app password", secret);
	put_setting(out, "protocols", protocols);
	put_setting(out, "networks", from == NULL ? "any" : from);
	pc_output_text(out, "expires");
	if (made->expires_at == 0)
		pc_output_text(out, "never");
	else
		pc_output_time(out, made->expires_at);
	put_setting(out, "shown", "this once only");
	return pc_output_end(out, err);
}

/*
 * For programs: one row, the same whether an app password was made or not
 * ("secret" is NULL then).
 */
static int
put_row(struct pc_output *out, const struct told *told, const char *secret,
    struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"login", NULL, 0},
	    {"what", NULL, 0},
	    {"detail", NULL, 0},
	    {"changed", NULL, PC_MACHINE},
	    {"new_record", NULL, PC_MACHINE},
	    {"id", NULL, PC_MACHINE},
	    {"label", NULL, PC_MACHINE},
	    {"password", NULL, PC_MACHINE},
	    {"protocols", NULL, PC_MACHINE},
	    {"networks", NULL, PC_MACHINE},
	    {"expires", NULL, PC_MACHINE},
	};
	const struct pc_changed *changed = told->changed;
	const struct pt_password *made = told->made;
	bool done = changed->result == PC_EDIT_DONE;
	char text[PC_NETWORKS_TEXT_MAX];

	pc_output_begin(out, columns, PT_ARRAY_LEN(columns), false);
	pc_output_text(out, told->login->text);
	pc_output_text(out, done ? changed->what : "unchanged");
	pc_output_text(out, changed->detail);
	pc_output_bool(out, done);
	pc_output_bool(out, done && changed->is_new);
	if (secret == NULL) {
		for (unsigned i = 0; i < 6; i++)
			pc_output_none(out);
		return pc_output_end(out, err);
	}
	pc_output_number(out, made->id);
	pc_output_text(out, made->label);
	pc_output_text(out, secret);
	pt_external_protocols_format(made->protocols, text, sizeof(text));
	pc_output_text(out, text);
	pc_output_text(out, pc_name_networks(made, text, sizeof(text)));
	pc_output_time(out, made->expires_at);
	return pc_output_end(out, err);
}

static int
put_secret(struct pc_output *out, const char *stand_in, const void *arg,
    struct pt_err *err)
{
	if (pc_output_format(out) == PC_FORMAT_TABLE)
		return put_block(out, arg, stand_in, err);
	return put_row(out, arg, stand_in, err);
}

static enum pc_edit_result
edit_take_back(const struct pc_call *call, struct pt_records *records,
    void *arg, struct pt_text *detail, struct pt_err *err)
{
	struct pt_external_actor actor = {
	    .who = call->who,
	    .note = "it could not be printed",
	    .now = call->now,
	};
	const uint32_t *id = arg;

	(void)detail;
	if (pt_external_revoke(
		records->account, *id, &actor, &records->note, err) != 0)
		return PC_EDIT_FAILED;
	pc_change_mark(call, records);
	return PC_EDIT_DONE;
}

/* Nobody has seen it, or only a part: it must not stay. */
static void
take_back(
    const struct pc_call *call, const struct told *told, struct pt_err *err)
{
	uint32_t id = told->made->id;
	struct pc_edit edit = {
	    .what = "password revoke",
	    .fn = edit_take_back,
	    .arg = &id,
	};
	struct pc_changed changed;
	struct pt_err why = *err;
	struct pt_err second;

	if (pc_change_apply(call, told->login, &edit, &changed, &second) == 0)
		(void)pt_err_set(err, why.kind,
		    "cannot print the app password: %.128s; it was revoked "
		    "again: run posternctl password create %s",
		    why.text, told->login->text);
	else
		(void)pt_err_set(err, why.kind,
		    "cannot print the app password: %.128s; it could not be "
		    "revoked either: run posternctl password revoke %s "
		    "%" PRIu32,
		    why.text, told->login->text, id);
}

/* Nobody shall wait for one. */
static void
add_none_made(struct pc_changed *changed)
{
	struct pt_text detail = {
	    .at = changed->detail,
	    .cap = sizeof(changed->detail),
	    .len = strlen(changed->detail),
	};

	pt_text_add(&detail, "; no app password was made");
}

static enum pc_answer
tell(struct pc_call *call, const struct told *told,
    const struct pc_secret *secret, struct pt_err *err)
{
	if (told->made->id == 0) {
		add_none_made(told->changed);
		return put_row(call->out, told, NULL, err) == 0 ? PC_YES
								: PC_FAILED;
	}
	if (pc_secret_write(call, secret, put_secret, told, err) == 0)
		return PC_YES;
	take_back(call, told, err);
	return PC_FAILED;
}

enum pc_answer
pc_issue_run(
    struct pc_call *call, const char *what, pc_edit_fn *fn, struct pt_err *err)
{
	char note[PT_NOTE_MAX + 1];
	struct pc_secret secret;
	struct pc_changed changed;
	struct pt_login login;
	struct pc_issue issue = {
	    .actor = {.who = call->who, .note = note, .now = call->now},
	    .secret = secret.text,
	    .salt = secret.salt,
	};
	struct pc_edit edit = {.what = what, .fn = fn, .arg = &issue};
	struct told told = {&login, &changed, &issue.made};
	enum pc_answer answer = PC_FAILED;

	if (pc_call_login(call, 0, &login, err) != 0 ||
	    pc_wish_read(call, &issue.wish, err) != 0 ||
	    pc_change_note(call, note, sizeof(note), err) != 0)
		return PC_FAILED;
	if (pc_secret_make(&secret, err) == 0 &&
	    pc_access_change(call, &login, &edit, &changed, err) == 0)
		answer = tell(call, &told, &secret, err);
	else if (err->kind == PT_ERR_NONE)
		answer = PC_NO;
	pc_secret_wipe(&secret);
	return answer;
}
