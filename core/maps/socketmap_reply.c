/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/socketmap_reply.h"

#include <string.h>

#include "core/base/text.h"

#define DIGITS_MAX 9

void
pt_socketmap_reply_init(struct pt_socketmap_reply *reply)
{
	reply->state = PT_SOCKETMAP_LENGTH;
	reply->digits = 0;
	reply->len = 0;
	reply->have = 0;
	reply->bytes[0] = '\0';
}

static void
feed_length(struct pt_socketmap_reply *reply, char c)
{
	if (c >= '0' && c <= '9' && reply->digits < DIGITS_MAX) {
		reply->digits++;
		reply->len = reply->len * 10 + (size_t)(c - '0');
		return;
	}
	if (c != ':' || reply->digits == 0 ||
	    reply->len > PT_SOCKETMAP_REPLY_MAX)
		reply->state = PT_SOCKETMAP_GARBAGE;
	else
		reply->state =
		    reply->len == 0 ? PT_SOCKETMAP_COMMA : PT_SOCKETMAP_BYTES;
}

static size_t
feed_bytes(struct pt_socketmap_reply *reply, const char *at, size_t len)
{
	size_t n = reply->len - reply->have;

	if (n > len)
		n = len;
	memcpy(reply->bytes + reply->have, at, n);
	reply->have += n;
	if (reply->have == reply->len)
		reply->state = PT_SOCKETMAP_COMMA;
	return n;
}

size_t
pt_socketmap_reply_feed(
    struct pt_socketmap_reply *reply, const char *at, size_t len)
{
	size_t used = 0;

	while (used < len && reply->state < PT_SOCKETMAP_COMPLETE) {
		if (reply->state == PT_SOCKETMAP_BYTES) {
			used += feed_bytes(reply, at + used, len - used);
			continue;
		}
		if (reply->state == PT_SOCKETMAP_LENGTH) {
			feed_length(reply, at[used]);
		} else {
			reply->state = at[used] == ',' ? PT_SOCKETMAP_COMPLETE
						       : PT_SOCKETMAP_GARBAGE;
			reply->bytes[reply->have] = '\0';
		}
		used++;
	}
	return used;
}

static bool
has_status(const struct pt_socketmap_reply *reply, const char *status)
{
	size_t len = strlen(status);

	return reply->len >= len && memcmp(reply->bytes, status, len) == 0 &&
	       (reply->len == len || reply->bytes[len] == ' ');
}

static int
refuse(const struct pt_socketmap_reply *reply, struct pt_err *err)
{
	const char *what = "answered what is no reply of a socketmap";
	struct pt_text text;
	char shown[256];

	if (has_status(reply, "TEMP") || has_status(reply, "TIMEOUT") ||
	    has_status(reply, "PERM"))
		what = "cannot look it up";
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, reply->bytes, reply->len);
	return pt_err_set(
	    err, PT_ERR_UNAVAILABLE, "the server %s: \"%s\"", what, shown);
}

int
pt_socketmap_reply_read(const struct pt_socketmap_reply *reply,
    const char **value_out, size_t *len_out, struct pt_err *err)
{
	if (has_status(reply, "NOTFOUND"))
		return 0;
	if (!has_status(reply, "OK") || reply->len <= 3)
		return refuse(reply, err);
	*value_out = reply->bytes + 3;
	*len_out = reply->len - 3;
	return 1;
}
