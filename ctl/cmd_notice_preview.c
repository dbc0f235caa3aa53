/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* notice preview: how a notice would read, and whether it can be sent. */

#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/notice/compose.h"
#include "core/notice/template.h"
#include "core/service/mailer.h"
#include "ctl/call.h"
#include "ctl/handlers.h"
#include "ctl/texts.h"

#define DAY     86400
#define LOOK_MS 50

/* Figures as they could be. */
static const struct pt_figures examples[PT_TEMPLATE_NOTICES] = {
    [PT_TEMPLATE_BLOCKED_QUOTA] = {PT_FIGURES_REFUSALS, 51, 50, 3600},
    [PT_TEMPLATE_BLOCKED_CRACKED] = {PT_FIGURES_BOUNCES, 32, 25, DAY},
    [PT_TEMPLATE_BLOCKED_CONNECTIONS] = {PT_FIGURES_LOGINS, 601, 600, 3600},
    [PT_TEMPLATE_BLOCKED_UNUSED] = {PT_FIGURES_NONE, 0, 0, 60 * DAY},
    [PT_TEMPLATE_UNUSED_SOON] = {PT_FIGURES_NONE, 0, 0, 60 * DAY},
    [PT_TEMPLATE_LIMIT_SOON] = {PT_FIGURES_MESSAGES, 402, 500, DAY},
    [PT_TEMPLATE_PENALTY] = {PT_FIGURES_MESSAGES, 90, 4, 3600},
};

static int
find_kind(const char *name, enum pt_template_id *out, struct pt_err *err)
{
	const char *names[PT_TEMPLATE_NOTICES];
	const char *near;
	struct pt_text text;
	char shown[64];
	unsigned id;

	for (id = 0; id < PT_TEMPLATE_NOTICES; id++) {
		names[id] = pt_template_name((enum pt_template_id)id);
		if (strcmp(names[id], name) == 0) {
			*out = (enum pt_template_id)id;
			return 0;
		}
	}
	near = pt_text_nearest(name, names, PT_TEMPLATE_NOTICES);
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, name, strlen(name));
	return pt_err_set(err, PT_ERR_USAGE,
	    "there is no notice \"%s\"; perhaps you mean \"%s\"", shown,
	    near == NULL ? names[0] : near);
}

static void
make_example(enum pt_template_id id, int64_t now, struct pt_outbox_entry *entry)
{
	struct pt_notice *notice = &entry->notice;

	pt_template_notice(id, notice);
	notice->at = now;
	notice->figures = examples[id];
	if (id == PT_TEMPLATE_UNUSED_SOON)
		notice->until = now + (int64_t)7 * DAY;
	else if (id == PT_TEMPLATE_PENALTY)
		notice->until = now + (int64_t)2 * DAY;
	if (id != PT_TEMPLATE_ENABLED && id != PT_TEMPLATE_PASSWORD_CREATED)
		return;
	notice->until = now + 900;
	notice->protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_SMTP;
	(void)pt_text_copy(notice->label, sizeof(notice->label), "Phone");
}

static int
print_readable(
    struct pc_call *call, const struct pt_compose *compose, struct pt_err *err)
{
	const struct pt_notice_config *config = &call->config->notice;
	struct pt_compose_text text;
	char body[sizeof(text.body)];
	struct pt_text plain;

	if (pt_compose_text(compose, &text, err) != 0)
		return -1;
	fprintf(call->stream, "From: %s%s%s%s\n", config->name,
	    config->name[0] == '\0' ? "" : " <", config->from,
	    config->name[0] == '\0' ? "" : ">");
	fprintf(call->stream, "To: %s\nSubject: %s\n\n",
	    compose->entry->login.text, text.subject);
	pt_text_init(&plain, body, sizeof(body));
	pc_texts_add_plain(&plain, text.body);
	fputs(body, call->stream);
	return 0;
}

static int
send_it(struct pc_call *call, const char *to, const char *mail, size_t len,
    struct pt_err *err)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	struct pt_mailer mailer;
	struct pt_login address;
	const char *recipient = address.text;
	enum pt_mailer_state state;

	if (pt_login_parse(to, strlen(to), call->config->default_domain,
		&address, err) != 0)
		return pt_err_prefix(err, "cannot send there");
	if (pt_mailer_start(&mailer, call->config->notice.command, &recipient,
		1, mail, len, pt_clock_ticks_ms(), err) != 0)
		return -1;
	for (;;) {
		state = pt_mailer_look(&mailer, pt_clock_ticks_ms(), err);
		if (state != PT_MAILER_RUNS)
			break;
		(void)nanosleep(&pause, NULL);
	}
	if (state != PT_MAILER_DONE)
		return pt_err_prefix(err, "cannot send the notice");
	fprintf(
	    call->stream, "the command took the mail for %s\n", address.text);
	return 0;
}

static int
show(struct pc_call *call, const struct pt_compose *compose, struct pt_err *err)
{
	const char *to = pc_call_option(call, "send-to");
	char mail[PT_COMPOSE_MAX];
	size_t len;

	if (to == NULL && pc_call_option(call, "source") == NULL)
		return print_readable(call, compose, err);
	if (pt_compose(compose, mail, &len, err) != 0)
		return -1;
	if (to != NULL)
		return send_it(call, to, mail, len, err);
	fputs(mail, call->stream);
	return 0;
}

enum pc_answer
pc_cmd_notice_preview(struct pc_call *call, struct pt_err *err)
{
	struct pt_outbox_entry entry = {.id = 1};
	struct pt_account account;
	struct pt_compose compose = {
	    .config = call->config,
	    .account = &account,
	    .entry = &entry,
	    .language = pc_call_option(call, "language"),
	    .now = call->now,
	};
	struct pt_templates *templates;
	enum pt_template_id id = PT_TEMPLATE_NOTICES;
	int rc;

	if (pc_call_login(call, 0, &entry.login, err) != 0 ||
	    find_kind(call->args[1], &id, err) != 0)
		return PC_FAILED;
	if (call->config->notice.from[0] == '\0') {
		(void)pt_err_set(
		    err, PT_ERR_CONFIG, "notices are off: set notice { from }");
		return PC_FAILED;
	}
	if (pc_call_read(call, &entry.login, &account, NULL, NULL, err) != 0 ||
	    pt_templates_open(call->config, &templates, err) != 0)
		return PC_FAILED;
	make_example(id, call->now, &entry);
	compose.templates = templates;
	rc = pc_texts_check_language(templates, compose.language, err);
	if (rc == 0)
		rc = show(call, &compose, err);
	pt_templates_free(templates);
	return rc == 0 ? PC_YES : PC_FAILED;
}
