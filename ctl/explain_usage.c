/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* explain, the part about what mail programs did to read mail. */

#include <inttypes.h>

#include "core/rules/external.h"
#include "core/rules/password.h"
#include "ctl/explain.h"
#include "ctl/names.h"

static void
say_windows(struct pc_explain *ex, const char *topic, bool is_size,
    const struct pt_windows *windows, const struct pt_window_log *log)
{
	struct pc_fill fill;
	size_t i;

	if (windows->count == 0) {
		pc_explain_say(ex, topic, "no limit");
		return;
	}
	for (i = 0; i < windows->count; i++) {
		pc_fill_window(&windows->at[i], log, ex->call->now, &fill);
		pc_explain_fill(ex, topic, is_size, &fill);
	}
}

static const char *
label_of(const struct pt_account *account, uint32_t id)
{
	const struct pt_password *password = pt_password_by_id(account, id);

	return password != NULL ? password->label : "";
}

/* "14:05:10 UTC by imap from 192.0.2.1, app password 1 (Phone)" */
static void
say_last_use(struct pc_explain *ex, const struct pt_last_use *use)
{
	const char *label = label_of(ex->account, use->password);
	char text[PC_ADDRESS_TEXT_MAX];

	pc_explain_add_time(ex, use->at);
	pt_external_protocols_format(use->protocol, text, sizeof(text));
	pt_text_addf(&ex->text, " by %s", text);
	if (pc_name_address(use->address, text, sizeof(text)) != NULL)
		pt_text_addf(&ex->text, " from %s", text);
	pt_text_addf(&ex->text, ", app password %" PRIu32, use->password);
	if (label[0] != '\0')
		pt_text_addf(&ex->text, " (%s)", label);
	pc_explain_end(ex, "last login");
}

static void
say_last_logins(struct pc_explain *ex)
{
	const struct pt_usage *usage = ex->usage;
	unsigned i;

	if (usage->last_login_at == 0 && usage->last_use_count == 0) {
		pc_explain_say(ex, "last login", "never");
		return;
	}
	for (i = 0; i < usage->last_use_count; i++)
		say_last_use(ex, &usage->last_uses[i]);
	if (usage->last_use_count == 0) {
		pc_explain_add_time(ex, usage->last_login_at);
		pc_explain_end(ex, "last login");
	}
}

static void
say_check(struct pc_explain *ex, const char *topic, int64_t checked_at)
{
	int64_t due = checked_at + (int64_t)ex->plan->mail_check.value;

	if (checked_at == 0) {
		pt_text_add(&ex->text, "never");
	} else {
		pt_text_add(&ex->text, "last ");
		pc_explain_add_time(ex, checked_at);
		if (!ex->plan->mail_check.on || due <= ex->call->now) {
			pt_text_add(&ex->text, ", the next may be now");
		} else {
			pt_text_add(&ex->text, ", the next may be ");
			pc_explain_add_time(ex, due);
		}
	}
	pc_explain_end(ex, topic);
}

static void
say_view(struct pc_explain *ex)
{
	const struct pt_view *view = &ex->usage->view;
	int64_t due = view->checked_at + (int64_t)ex->plan->mail_check.value;

	if (ex->plan->imap_check != PT_IMAP_CHECK_HOLD ||
	    !ex->plan->mail_check.on || view->uidvalidity == 0 ||
	    due <= ex->call->now) {
		pc_explain_say(ex, "held view", "none: INBOX is shown whole");
		return;
	}
	pt_text_addf(&ex->text,
	    "INBOX is shown below UID %" PRIu32 " (UIDVALIDITY %" PRIu32
	    ") until ",
	    view->uidnext, view->uidvalidity);
	pc_explain_add_time(ex, due);
	pc_explain_end(ex, "held view");
}

static void
say_sessions(struct pc_explain *ex)
{
	const struct pt_open_sessions *sessions = &ex->usage->sessions;
	uint32_t open = sessions->life == ex->life ? sessions->count : 0;

	if (ex->life == 0) {
		pc_explain_say(ex, "open sessions",
		    "not known: postern-policyd, which counts them, is not "
		    "running");
		return;
	}
	if (ex->plan->sessions.on)
		pt_text_addf(&ex->text, "%" PRIu32 " of %" PRIu64, open,
		    ex->plan->sessions.value);
	else
		pt_text_addf(&ex->text, "%" PRIu32, open);
	pc_explain_end(ex, "open sessions");
}

void
pc_explain_usage(struct pc_explain *ex)
{
	const struct pt_usage *usage = ex->usage;
	const struct pt_plan *plan = ex->plan;

	if (plan != NULL)
		say_windows(ex, "logins", false, &plan->logins, &usage->logins);
	say_last_logins(ex);
	if (plan == NULL)
		return;
	say_check(ex, "POP3 mail check", usage->pop3_checked_at);
	say_check(ex, "IMAP mail check", usage->view.checked_at);
	say_view(ex);
	say_sessions(ex);
	say_windows(ex, "download", true, &plan->download,
	    &usage->traffic[PT_TRAFFIC_DOWN]);
	say_windows(
	    ex, "upload", true, &plan->upload, &usage->traffic[PT_TRAFFIC_UP]);
	say_windows(
	    ex, "wrong passwords", false, &plan->guesses, &usage->guesses);
}
