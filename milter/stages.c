/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/stages.h"

#include <string.h>
#include <strings.h>

#include "core/base/clock.h"
#include "core/rules/bounce.h"
#include "milter/judge.h"
#include "milter/verdict.h"

static const char *
macro(const struct pm_mta *mta, const char *name)
{
	const char *value = mta->macro(mta->arg, name);

	return value != NULL ? value : "";
}

static enum pt_owned
ask_maps(struct pm_session *session, const struct pt_login *login,
    const char *sender, size_t len)
{
	const struct pm_snapshot *snapshot = session->snapshot;
	struct pt_login address;
	struct pt_err err;
	enum pt_owned owned;

	if (snapshot->maps == NULL || len == 0 ||
	    pt_login_parse(sender, len, NULL, &address, &err) != 0 ||
	    pt_sender_owns_plainly(&snapshot->config->sender, login, &address))
		return PT_OWNED_NO;
	owned = pt_maps_owns(snapshot->maps, login, &address, &err);
	if (owned == PT_OWNED_UNKNOWN)
		pm_report_error(
		    &session->filter->report, "map-unavailable", &err);
	return owned;
}

static void
name_recipient(
    struct pm_session *session, struct pm_look *look, const char *recipient)
{
	struct pm_message *message = &session->message;
	const char *bare;
	size_t len;

	bare = pm_message_bare(recipient, &len);
	pm_message_name_recipient(
	    message, pt_strangers_hash(session->filter->door.key, bare, len));
	look->message.named_count = message->named_count;
	look->message.nameless = message->recipients - message->named_count;
}

/*
 * Most looks change nothing, and a read waits for no lock of other processes;
 * only a refusal, which is counted, is worth an update, and a login whose
 * signals are wanted, too.
 */
static void
judge(struct pm_session *session, struct pm_look *look, const char *recipient)
{
	struct pm_filter *filter = session->filter;
	const struct pt_login *login = &session->message.login;
	struct pt_update update = {
	    .login = login,
	    .wants_signals = pm_judge_look_wants_signals,
	    .fn = pm_judge_look_update,
	    .arg = look,
	};
	struct pt_account account;
	struct pt_activity activity;
	bool is_worth_it = true;
	struct pt_err err;
	int rc;

	rc = pm_door_read(&filter->door, login, &account, &activity, &err);
	if (rc == 0 && pm_judge_look_wants_signals(&account, look)) {
		name_recipient(session, look, recipient);
	} else if (rc == 0) {
		pm_judge_look(look, &account, &activity);
		is_worth_it = look->effects.activity_changed;
	}
	if (rc == 0 && is_worth_it)
		rc = pm_door_update(&filter->door, &update, &err);
	if (rc == 0)
		return;
	pm_report_failed(&filter->report, login->text, &err);
	look->verdict = pm_judge_unavailable();
	look->effects = (struct pt_message_effects){.activity_changed = false};
}

static enum pm_step
look(
    struct pm_session *session, const struct pm_mta *mta, const char *recipient)
{
	struct pm_message *message = &session->message;
	struct pm_look look = {
	    .config = session->snapshot->config,
	    .now = pt_clock_now(),
	};
	struct pm_found found = {.stage = "rcpt", .now = look.now};

	if (message->has_login) {
		look.message = pm_message_facts(
		    message, PT_MESSAGE_LOOK, session->is_trusted);
		look.message.client = session->client_hash;
		judge(session, &look, recipient);
	} else {
		look.verdict = (struct pt_verdict){
		    .code = PT_VERDICT_DEFER,
		    .reason = PT_REASON_LOGIN_INVALID,
		};
	}
	found.size = look.message.size;
	found.effects = &look.effects;
	return pm_verdict_say(session, mta, &look.verdict, &found);
}

static void
begin(struct pm_session *session, enum pm_kind kind, const struct pm_mta *mta,
    const char *const *argv)
{
	struct pm_filter *filter = session->filter;
	struct pm_message *message = &session->message;

	pm_message_begin(
	    message, kind, atomic_fetch_add(&filter->serial, 1), argv);
	pm_message_set_queue_id(message, macro(mta, "i"));
	message->is_measured = session->has_body;
	(void)atomic_fetch_add(&filter->messages, 1);
}

static void
begin_login(struct pm_session *session, const char *login,
    const struct pm_mta *mta, const char *const *argv)
{
	struct pm_message *message = &session->message;

	begin(session, PM_KIND_LOGIN, mta, argv);
	pm_message_set_login(
	    message, login, session->snapshot->config->default_domain);
	message->encrypted = macro(mta, "{tls_version}")[0] != '\0';
	if (message->has_login)
		message->sender_by_maps = ask_maps(session, &message->login,
		    message->sender, message->sender_len);
}

static void
begin_bounce(struct pm_session *session, const struct pm_mta *mta,
    const char *const *argv)
{
	/*
	 * What our Postfix made itself has its queue id from the beginning
	 * and no brackets around its sender.
	 */
	bool may_be_ours = session->is_local && argv[0][0] == '\0' &&
			   macro(mta, "i")[0] != '\0';

	session->bounce = pm_bounce_watch_new(macro(mta, "j"), may_be_ours);
	if (session->bounce != NULL)
		begin(session, PM_KIND_BOUNCE, mta, argv);
}

void
pm_stages_mail(struct pm_session *session, const struct pm_mta *mta,
    const char *const *argv)
{
	struct pm_filter *filter = session->filter;
	const char *login = macro(mta, "{auth_authen}");
	size_t len;

	pm_session_end_message(session);
	if (atomic_load(&filter->is_stopping)) {
		session->is_late = login[0] != '\0';
		return;
	}
	pm_report_count(&filter->report, &filter->report.counters.requests);
	if (login[0] != '\0') {
		begin_login(session, login, mta, argv);
		return;
	}
	pm_report_count(
	    &filter->report, &filter->report.counters.unauthenticated);
	if (argv[0] == NULL || !session->has_body ||
	    !session->snapshot->wants_bounces)
		return;
	(void)pm_message_bare(argv[0], &len);
	if (len == 0)
		begin_bounce(session, mta, argv);
}

static void
note_recipient(struct pm_session *session, const char *recipient)
{
	struct pm_message *message = &session->message;
	struct pt_login address;
	struct pt_err err;
	const char *bare;
	size_t len;

	bare = pm_message_bare(recipient, &len);
	if (session->snapshot->wants_bounces &&
	    pt_login_parse(bare, len, session->snapshot->config->default_domain,
		&address, &err) == 0)
		message->recipient_bits |= pt_bounce_recipient_bit(
		    session->filter->door.key, &address);
}

static enum pm_step
rcpt_of_login(
    struct pm_session *session, const struct pm_mta *mta, const char *recipient)
{
	struct pm_message *message = &session->message;
	enum pm_step step;

	message->recipients++;
	pm_message_set_queue_id(message, macro(mta, "i"));
	step = look(session, mta, recipient);
	if (step == PM_STEP_CONTINUE)
		note_recipient(session, recipient);
	else
		pm_message_drop_recipient(message);
	return step;
}

enum pm_step
pm_stages_rcpt(
    struct pm_session *session, const struct pm_mta *mta, const char *recipient)
{
	switch (session->message.kind) {
	case PM_KIND_LOGIN:
		return rcpt_of_login(session, mta, recipient);
	case PM_KIND_BOUNCE:
		pm_bounce_watch_recipient(session->bounce, session->filter,
		    session->snapshot, recipient);
		return PM_STEP_CONTINUE;
	case PM_KIND_NONE:
		break;
	}
	return session->is_late ? PM_STEP_TEMPFAIL : PM_STEP_ACCEPT;
}

void
pm_stages_header(
    struct pm_session *session, const char *name, const char *value)
{
	const struct pm_snapshot *snapshot = session->snapshot;
	struct pm_message *message = &session->message;

	if (message->kind == PM_KIND_BOUNCE)
		pt_dsn_add_field(&session->bounce->dsn, name, strlen(name),
		    value, strlen(value));
	if (message->kind != PM_KIND_LOGIN)
		return;
	pm_message_add_field(message, name, value,
	    snapshot->config->sender.policy == PT_SENDER_REWRITE);
	if (!message->has_message_id && strcasecmp(name, "Message-ID") == 0) {
		message->has_message_id = true;
		message->message_id = pt_bounce_message_hash(
		    session->filter->door.key, value, strlen(value));
	}
}

void
pm_stages_body(struct pm_session *session, const char *at, size_t len)
{
	struct pm_bounce_watch *bounce = session->bounce;

	session->message.size += len;
	if (session->message.kind != PM_KIND_BOUNCE || bounce->body_is_over)
		return;
	bounce->body_is_over = bounce->count == 0 ||
			       !pt_dsn_wants_body(&bounce->dsn) ||
			       !pt_dsn_add_body(&bounce->dsn, at, len);
}
