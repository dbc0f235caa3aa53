/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/callbacks.h"

#include <libmilter/mfapi.h>

#include "milter/negotiate.h"
#include "milter/stages.h"

#define NAME "postern"

/* libmilter hands no argument of ours to its callbacks. */
static struct pm_filter *filter;

static const char *
get_macro(void *arg, const char *name)
{
	/* It only reads the name. */
	return smfi_getsymval(arg, (char *)(uintptr_t)name);
}

static void
set_reply(void *arg, const struct pm_reply *reply)
{
	struct pm_reply copy = *reply;

	/* If it cannot, the MTA says its own words for the same step. */
	(void)smfi_setreply(arg, copy.code, copy.status, copy.text);
}

static int
add_header(void *arg, const char *name, const char *value)
{
	return smfi_addheader(
	    arg, (char *)(uintptr_t)name, (char *)(uintptr_t)value);
}

static int
change_header(void *arg, const char *name, unsigned nth, const char *value)
{
	return smfi_chgheader(
	    arg, (char *)(uintptr_t)name, (int)nth, (char *)(uintptr_t)value);
}

static struct pm_mta
mta_of(SMFICTX *ctx)
{
	return (struct pm_mta){
	    .arg = ctx,
	    .macro = get_macro,
	    .reply = set_reply,
	    .add_header = add_header,
	    .change_header = change_header,
	};
}

static sfsistat
status_of(enum pm_step step)
{
	switch (step) {
	case PM_STEP_CONTINUE:
		return SMFIS_CONTINUE;
	case PM_STEP_ACCEPT:
		return SMFIS_ACCEPT;
	case PM_STEP_TEMPFAIL:
		return SMFIS_TEMPFAIL;
	case PM_STEP_REJECT:
		return SMFIS_REJECT;
	}
	return SMFIS_TEMPFAIL;
}

static bool
ask_for_macros(SMFICTX *ctx)
{
	const char *macros;
	int step;

	for (step = SMFIM_FIRST; step <= SMFIM_LAST; step++) {
		macros = pm_negotiate_macros(step);
		if (macros != NULL &&
		    smfi_setsymlist(ctx, step, (char *)(uintptr_t)macros) !=
			MI_SUCCESS)
			return false;
	}
	return true;
}

/*
 * Without a session, which a connection has from its negotiation to its end,
 * nothing is let through: the answer to RCPT and at the end says so.  Where
 * no answer was agreed on, there is none; libmilter makes one up for an MTA
 * that cannot do without.
 *
 * What is turned away here ends in a closed connection, and the MTA goes by
 * what it was told for a milter that does not answer.
 */
static sfsistat
on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps,
    unsigned long unused_2, unsigned long unused_3, unsigned long *actions_out,
    unsigned long *steps_out, unsigned long *unused_2_out,
    unsigned long *unused_3_out)
{
	const struct pm_offer offer = {.actions = actions, .steps = steps};
	struct pm_offer taken;
	struct pm_session *session;

	(void)unused_2;
	(void)unused_3;
	if (atomic_load(&filter->connections) >=
	    atomic_load(&filter->max_connections)) {
		pm_report_full(&filter->report);
		return SMFIS_REJECT;
	}
	session = pm_session_new(filter);
	if (session == NULL)
		return SMFIS_REJECT;
	if (smfi_setpriv(ctx, session) != MI_SUCCESS) {
		pm_session_free(session);
		return SMFIS_REJECT;
	}
	if (!pm_negotiate(session, &offer, &taken) ||
	    ((taken.actions & SMFIF_SETSYMLIST) != 0 && !ask_for_macros(ctx)))
		return SMFIS_REJECT;
	pm_report_count(&filter->report, &filter->report.counters.connections);
	*actions_out = taken.actions;
	*steps_out = taken.steps;
	*unused_2_out = 0;
	*unused_3_out = 0;
	return SMFIS_CONTINUE;
}

static sfsistat
on_connect(SMFICTX *ctx, char *name, struct sockaddr *address)
{
	struct pm_session *session = smfi_getpriv(ctx);

	if (session == NULL)
		return SMFIS_NOREPLY;
	pm_session_connect(session, name, address);
	return SMFIS_NOREPLY;
}

static sfsistat
on_mail(SMFICTX *ctx, char **argv)
{
	struct pm_session *session = smfi_getpriv(ctx);
	const struct pm_mta mta = mta_of(ctx);

	if (session == NULL)
		return SMFIS_NOREPLY;
	pm_stages_mail(session, &mta, (const char *const *)argv);
	return SMFIS_NOREPLY;
}

static sfsistat
on_rcpt(SMFICTX *ctx, char **argv)
{
	struct pm_session *session = smfi_getpriv(ctx);
	const struct pm_mta mta = mta_of(ctx);

	if (session == NULL)
		return SMFIS_TEMPFAIL;
	return status_of(pm_stages_rcpt(session, &mta, argv[0]));
}

static sfsistat
on_header(SMFICTX *ctx, char *name, char *value)
{
	struct pm_session *session = smfi_getpriv(ctx);

	if (session == NULL)
		return SMFIS_NOREPLY;
	pm_stages_header(session, name, value);
	return SMFIS_NOREPLY;
}

static sfsistat
on_body(SMFICTX *ctx, unsigned char *at, size_t len)
{
	struct pm_session *session = smfi_getpriv(ctx);

	if (session == NULL)
		return SMFIS_NOREPLY;
	pm_stages_body(session, (const char *)at, len);
	return SMFIS_NOREPLY;
}

static sfsistat
on_end(SMFICTX *ctx)
{
	struct pm_session *session = smfi_getpriv(ctx);
	const struct pm_mta mta = mta_of(ctx);

	if (session == NULL)
		return SMFIS_TEMPFAIL;
	return status_of(pm_stages_end(session, &mta));
}

static sfsistat
on_abort(SMFICTX *ctx)
{
	struct pm_session *session = smfi_getpriv(ctx);

	if (session != NULL)
		pm_session_end_message(session);
	return SMFIS_CONTINUE;
}

static sfsistat
on_close(SMFICTX *ctx)
{
	pm_session_free(smfi_getpriv(ctx));
	(void)smfi_setpriv(ctx, NULL);
	return SMFIS_CONTINUE;
}

int
pm_callbacks_register(struct pm_filter *shared, struct pt_err *err)
{
	static char name[] = NAME;
	const struct smfiDesc description = {
	    .xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_SETSYMLIST,
	    .xxfi_connect = on_connect,
	    .xxfi_envfrom = on_mail,
	    .xxfi_envrcpt = on_rcpt,
	    .xxfi_header = on_header,
	    .xxfi_body = on_body,
	    .xxfi_eom = on_end,
	    .xxfi_abort = on_abort,
	    .xxfi_close = on_close,
	    .xxfi_negotiate = on_negotiate,
	};

	filter = shared;
	if (smfi_register(description) == MI_SUCCESS)
		return 0;
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot start: libmilter does not take the filter (its header and "
	    "its library are of different versions, or there is no memory)");
}
