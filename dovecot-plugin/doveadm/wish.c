/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/doveadm/wish.h"

#include "core/base/clock.h"
#include "core/rules/external.h"

/* An empty list is no wish for everything, but a mistake of who asks. */
static int
read_protocols(
    const struct dp_request *request, struct dp_wish *out, struct pt_err *err)
{
	const char *const *words;
	unsigned protocols;

	if (!doveadm_cmd_param_array(request->cctx, "protocol", &words))
		return 0;
	if (words[0] == NULL)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot use an empty list of protocols: name imap, pop3 or "
		    "smtp, or leave protocol out");
	for (; *words != NULL; words++) {
		if (pt_external_protocols_parse(*words, &protocols, err) != 0)
			return -1;
		out->protocols |= protocols;
	}
	return 0;
}

static int
read_networks(
    const struct dp_request *request, struct dp_wish *out, struct pt_err *err)
{
	const char *const *words;
	unsigned n = 0;

	if (!doveadm_cmd_param_array(request->cctx, "network", &words))
		return 0;
	for (; *words != NULL; words++) {
		if (n == PT_PASSWORD_NETWORKS_MAX)
			return pt_err_set(err, PT_ERR_INPUT,
			    "cannot take so many networks: an app password has "
			    "at most %d",
			    PT_PASSWORD_NETWORKS_MAX);
		if (pt_network_parse(*words, &out->networks[n], err) != 0) {
			err->kind = PT_ERR_INPUT;
			return -1;
		}
		n++;
	}
	out->password.networks = out->networks;
	out->password.network_count = n;
	return 0;
}

static int
read_expiry(
    const struct dp_request *request, struct dp_wish *out, struct pt_err *err)
{
	const char *text = dp_request_text(request, "expires");

	if (text == NULL || text[0] == '\0')
		return 0;
	if (pt_clock_parse(
		text, request->now, &out->password.expires_at, err) == 0)
		return 0;
	err->kind = PT_ERR_INPUT;
	return pt_err_prefix(err, "cannot read expires");
}

int
dp_wish_read(
    const struct dp_request *request, struct dp_wish *out, struct pt_err *err)
{
	const char *label = dp_request_text(request, "label");

	memset(out, 0, sizeof(*out));
	out->password.label = label == NULL ? "" : label;
	if (read_protocols(request, out, err) != 0 ||
	    read_networks(request, out, err) != 0)
		return -1;
	return read_expiry(request, out, err);
}
