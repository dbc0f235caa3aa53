/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/wish.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/network.h"
#include "core/base/span.h"
#include "core/base/text.h"
#include "core/rules/external.h"
#include "ctl/names.h"

static int
refuse(struct pt_err *err, const char *option)
{
	err->kind = PT_ERR_USAGE;
	return pt_err_prefix(err, "cannot read --%s", option);
}

static int
read_protocols(const struct pc_call *call, struct pt_password_wish *wish,
    struct pt_err *err)
{
	const char *text = pc_call_option(call, "protocols");
	unsigned protocols;

	if (text == NULL)
		return 0;
	if (pt_external_protocols_parse(text, &protocols, err) != 0)
		return refuse(err, "protocols");
	wish->protocols = protocols;
	return 0;
}

/* A span, with or without the plus sign of a time, or a time. */
static int
read_expires(const struct pc_call *call, struct pt_password_wish *wish,
    struct pt_err *err)
{
	const char *text = pc_call_option(call, "expires");
	struct pt_err no_span;
	int64_t at;

	if (text == NULL)
		return 0;
	if (pt_span_parse(text, &at, &no_span) == 0)
		at += call->now;
	else if (pt_clock_parse(text, call->now, &at, err) != 0)
		return refuse(err, "expires");
	if (at <= call->now)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot read --expires: %s lies in the past", text);
	wish->expires_at = at;
	return 0;
}

static int
read_networks(
    const struct pc_call *call, struct pc_wish *out, struct pt_err *err)
{
	const char *text = pc_call_option(call, "networks");
	struct pt_text word;
	char one[PC_ADDRESS_TEXT_MAX];
	unsigned count = 0;
	size_t len;

	for (; text != NULL; text = text[len] == ',' ? text + len + 1 : NULL) {
		len = strcspn(text, ",");
		if (count == PT_PASSWORD_NETWORKS_MAX)
			return pt_err_set(err, PT_ERR_USAGE,
			    "cannot read --networks: %d are the most",
			    PT_PASSWORD_NETWORKS_MAX);
		pt_text_init(&word, one, sizeof(one));
		pt_text_add_bytes(&word, text, len);
		if (pt_network_parse(one, &out->networks[count], err) != 0)
			return refuse(err, "networks");
		count++;
	}
	out->wish.networks = out->networks;
	out->wish.network_count = count;
	return 0;
}

int
pc_wish_read(
    const struct pc_call *call, struct pc_wish *out, struct pt_err *err)
{
	memset(out, 0, sizeof(*out));
	/* pt_password_add() judges the label. */
	out->wish.label = pc_call_option(call, "label");
	if (out->wish.label == NULL)
		out->wish.label = "";
	if (read_protocols(call, &out->wish, err) != 0 ||
	    read_expires(call, &out->wish, err) != 0 ||
	    read_networks(call, out, err) != 0)
		return -1;
	return 0;
}

bool
pc_wish_is_protocols_only(const struct pc_wish *wish)
{
	return wish->wish.protocols != 0 && wish->wish.label[0] == '\0' &&
	       wish->wish.expires_at == 0 && wish->wish.network_count == 0;
}
