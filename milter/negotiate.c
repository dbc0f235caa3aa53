/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/negotiate.h"

#include <libmilter/mfapi.h>

/* Changes of the header, so far as the configuration has a use for them. */
static unsigned long
actions_wanted(const struct pm_snapshot *snapshot, bool *required_out)
{
	const struct pt_sender_config *sender = &snapshot->config->sender;

	*required_out = sender->policy == PT_SENDER_REWRITE ||
			sender->foreign_sender == PT_FOREIGN_SENDER_REMOVE;
	if (*required_out)
		return SMFIF_ADDHDRS | SMFIF_CHGHDRS;
	return snapshot->wants_bounces ? SMFIF_ADDHDRS : 0;
}

bool
pm_negotiate(struct pm_session *session, const struct pm_offer *offered,
    struct pm_offer *taken_out)
{
	const unsigned long unwanted =
	    SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOEOH | SMFIP_NOUNKNOWN;
	const unsigned long unanswered =
	    SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_HDR | SMFIP_NR_BODY;
	const struct pm_snapshot *snapshot = session->snapshot;
	bool required;
	unsigned long actions = actions_wanted(snapshot, &required);
	struct pm_offer taken = {
	    .actions = offered->actions & (actions | SMFIF_SETSYMLIST),
	    .steps =
		(offered->steps & (unwanted | SMFIP_HDR_LEADSPC)) | unanswered,
	};

	if (required && (taken.actions & actions) != actions)
		return false;
	session->has_body = snapshot->wants_size || snapshot->wants_bounces;
	if (!session->has_body)
		taken.steps |= offered->steps & SMFIP_NOBODY;
	session->leads_blank = (taken.steps & SMFIP_HDR_LEADSPC) != 0;
	session->may_add = (taken.actions & SMFIF_ADDHDRS) != 0;
	*taken_out = taken;
	return true;
}

const char *
pm_negotiate_macros(int step)
{
	switch (step) {
	case SMFIM_CONNECT:
		return "j {daemon_name}";
	case SMFIM_ENVFROM:
		return "i j {auth_authen} {auth_type} {tls_version} {cipher}";
	case SMFIM_ENVRCPT:
	case SMFIM_EOM:
		return "i";
	default:
		return NULL;
	}
}
