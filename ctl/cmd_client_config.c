/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * client-config: settings for a mail program.  All of it is written in memory
 * before an app password is made, so that none is made for nothing.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "core/base/text.h"
#include "ctl/call.h"
#include "ctl/client.h"
#include "ctl/client_autoconfig.h"
#include "ctl/client_code.h"
#include "ctl/client_page.h"
#include "ctl/client_profile.h"
#include "ctl/client_qr.h"
#include "ctl/handlers.h"
#include "ctl/order.h"
#include "ctl/secret.h"

/* A page and the largest code that we draw. */
#define OUT_ROOM  ((size_t)96 << 10)
#define CODE_ROOM ((size_t)4 << 10)

enum form {
	FORM_PROFILE,
	FORM_AUTOCONFIG,
	FORM_TEXT,
};

struct work {
	struct pc_call *call;
	enum form form;
	bool has_code;
	bool has_password;
	struct pc_client client;
	struct pc_order order; /* that makes the app password */
	struct pt_text out;
};

static int
read_form(struct work *work, struct pt_err *err)
{
	static const char *const names[] = {
	    [FORM_PROFILE] = "mobileconfig",
	    [FORM_AUTOCONFIG] = "autoconfig",
	    [FORM_TEXT] = "text",
	};
	unsigned count = 0;
	unsigned i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (pc_call_option(work->call, names[i]) == NULL)
			continue;
		work->form = (enum form)i;
		count++;
	}
	if (count == 1)
		return 0;
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot tell what to write: give one of --mobileconfig, "
	    "--autoconfig and --text");
}

static int
read_options(struct work *work, struct pt_err *err)
{
	const struct pc_call *call = work->call;

	work->has_code = pc_call_option(call, "qr") != NULL;
	work->has_password = pc_call_option(call, "new-password") != NULL;
	if (read_form(work, err) != 0)
		return -1;
	if (work->form != FORM_TEXT && pc_call_option(call, "language") != NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "--language goes with --text alone: programs read the "
		    "rest");
	if (!work->has_password && (pc_call_option(call, "label") != NULL ||
				       pc_call_option(call, "note") != NULL))
		return pt_err_set(err, PT_ERR_USAGE,
		    "--label and --note are for an app password that is made: "
		    "give --new-password, too");
	if (work->form == FORM_PROFILE && work->has_code && work->has_password)
		return pt_err_set(err, PT_ERR_USAGE,
		    "that QR code holds an address and no app password: leave "
		    "out --new-password, or --qr");
	return 0;
}

/* The secret takes the place of each of its stand-ins.  Was there any? */
static bool
fill_in(struct work *work, char *text)
{
	bool is_there = false;

	/* Without one, its stand-in is empty. */
	while (work->has_password && text != NULL) {
		text = pc_secret_fill_in(text, &work->order.issue.secret);
		is_there = is_there || text != NULL;
	}
	return is_there;
}

/* 0: it is none, or does not tell. */
static unsigned
terminal_columns(FILE *stream)
{
	struct winsize size;
	int fd = fileno(stream);

	if (fd < 0 || ioctl(fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

/* An iPhone opens an address that it sees; it takes no profile from a code. */
static int
add_address(struct work *work, struct pt_err *err)
{
	const char *url = work->call->config->client.url;

	if (url[0] == '\0')
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot draw a QR code: it would hold the address of the "
		    "page that gives the profile out; set client { url }");
	return pc_client_qr_add(
	    &work->out, url, terminal_columns(work->call->stream), err);
}

/* libqrencode's own copies are gone when this process is. */
static int
add_code(struct work *work, struct pt_err *err)
{
	char payload[CODE_ROOM];
	struct pt_text text;
	int rc;

	pt_text_init(&text, payload, sizeof(payload));
	rc = pc_client_code_add(&work->client, &text, err);
	if (rc == 0 && text.cut)
		rc = pt_err_set(err, PT_ERR_INTERNAL,
		    "cannot draw a QR code: there is no room for it");
	if (rc == 0) {
		(void)fill_in(work, payload);
		rc = pc_client_qr_add(&work->out, payload,
		    terminal_columns(work->call->stream), err);
	}
	pc_secret_wipe_text(payload, sizeof(payload));
	return rc;
}

static int
add_page(struct work *work, struct pt_err *err)
{
	if (pc_client_page_add(&work->client,
		pc_call_option(work->call, "language"), work->has_code,
		&work->out, err) != 0)
		return -1;
	if (!fill_in(work, work->out.at) && work->has_password)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot write the page: your text [client-config] does not "
		    "show the {password}");
	if (!work->has_code)
		return 0;
	pt_text_add(&work->out, "\n");
	return add_code(work, err);
}

static int
add_document(struct work *work, struct pt_err *err)
{
	int rc = -1;

	if (work->form == FORM_TEXT)
		return add_page(work, err);
	if (work->has_code)
		return work->form == FORM_PROFILE ? add_address(work, err)
						  : add_code(work, err);
	if (work->form == FORM_PROFILE)
		rc = pc_client_profile_add(&work->client, &work->out, err);
	else
		rc = pc_client_autoconfig_add(&work->client, &work->out, err);
	if (rc == 0)
		(void)fill_in(work, work->out.at);
	return rc;
}

static enum pc_answer
find_client(struct work *work, struct pt_err *err)
{
	static const char *const names[] = {
	    [FORM_PROFILE] = "a profile",
	    [FORM_AUTOCONFIG] = "such a document",
	    [FORM_TEXT] = "a QR code",
	};
	enum pc_answer answer;
	struct pt_login login;

	if (pc_call_login(work->call, 0, &login, err) != 0)
		return PC_FAILED;
	answer = pc_client_find(work->call, &login, &work->client, err);
	if (answer == PC_YES && (work->form != FORM_TEXT || work->has_code))
		answer =
		    pc_client_is_whole(&work->client, names[work->form], err);
	if (answer != PC_YES || !work->has_password)
		return answer;
	if (pc_order_prepare_as(
		work->call, &work->order, pc_order_password_create, err) != 0)
		return PC_FAILED;
	work->client.password = work->order.issue.secret.stand_in;
	work->client.label = work->order.issue.wish.wish.label;
	return PC_YES;
}

static enum pc_answer
make_password(struct work *work, struct pt_err *err)
{
	struct pc_order *one[1] = {&work->order};

	if (pc_order_apply(work->call, one, 1, err) != 0)
		return PC_FAILED;
	if (work->order.change.answer != PC_YES)
		*err = work->order.change.err;
	return work->order.change.answer;
}

static enum pc_answer
write_all(struct work *work, struct pt_err *err)
{
	enum pc_answer answer = PC_YES;

	if (add_document(work, err) != 0)
		return PC_FAILED;
	if (work->has_password)
		answer = make_password(work, err);
	if (answer != PC_YES)
		return answer;
	if (pc_secret_write_out(
		work->call->stream, work->out.at, work->out.len, err) == 0)
		return PC_YES;
	if (work->has_password)
		pc_issue_take_back(
		    work->call, &work->order.issue, &work->order.login, err);
	else
		(void)pt_err_prefix(err, "cannot write the settings");
	return PC_FAILED;
}

static enum pc_answer
run(struct work *work, struct pt_err *err)
{
	enum pc_answer answer = find_client(work, err);
	char *room;

	if (answer != PC_YES)
		return answer;
	room = malloc(OUT_ROOM);
	if (room == NULL) {
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot write the settings: out of memory");
		return PC_FAILED;
	}
	pt_text_init(&work->out, room, OUT_ROOM);
	answer = write_all(work, err);
	pc_secret_wipe_text(room, OUT_ROOM);
	free(room);
	return answer;
}

enum pc_answer
pc_cmd_client_config(struct pc_call *call, struct pt_err *err)
{
	struct work work = {.call = call};
	enum pc_answer answer = PC_FAILED;

	if (read_options(&work, err) != 0 ||
	    pc_call_open_store(call,
		work.has_password ? PT_STORE_WRITE : PT_STORE_READ, err) != 0)
		return PC_FAILED;
	answer = run(&work, err);
	pc_order_clear(&work.order);
	return answer;
}
