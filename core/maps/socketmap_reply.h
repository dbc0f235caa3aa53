/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A reply of a socketmap server: one netstring, fed in pieces of any size.
 *
 *	OK VALUE, NOTFOUND, TEMP REASON, TIMEOUT REASON, PERM REASON
 *
 * Postfix takes 100000 bytes; here it is PT_SOCKETMAP_REPLY_MAX, which is
 * more than any list of logins needs.
 */
#ifndef PT_MAPS_SOCKETMAP_REPLY_H
#define PT_MAPS_SOCKETMAP_REPLY_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/maps/index.h"

#define PT_SOCKETMAP_REPLY_MAX (PT_MAP_VALUE_MAX + 3) /* "OK " */

enum pt_socketmap_state {
	PT_SOCKETMAP_LENGTH, /* 0: the digits and the colon */
	PT_SOCKETMAP_BYTES,
	PT_SOCKETMAP_COMMA,
	PT_SOCKETMAP_COMPLETE,
	PT_SOCKETMAP_GARBAGE, /* the connection is of no use any more */
};

struct pt_socketmap_reply {
	enum pt_socketmap_state state;
	unsigned digits;
	size_t len; /* of the whole reply */
	size_t have;
	char bytes[PT_SOCKETMAP_REPLY_MAX + 1]; /* terminated when complete */
};

void
pt_socketmap_reply_init(struct pt_socketmap_reply *reply);

/* Returns how many bytes it used: fewer than len after the end only. */
size_t
pt_socketmap_reply_feed(
    struct pt_socketmap_reply *reply, const char *at, size_t len);

/*
 * What a complete reply says: 1 and the value, which points into the reply;
 * 0 not found; -1 PT_ERR_UNAVAILABLE: everything else.
 */
int
pt_socketmap_reply_read(const struct pt_socketmap_reply *reply,
    const char **value_out, size_t *len_out, struct pt_err *err);

#endif
