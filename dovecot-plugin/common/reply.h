/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What policyd says: reads the replies of the session protocol
 * (core/base/session_protocol.h) out of a stream that comes in any chunks.
 *
 *	room = dp_reply_room(reader, &len);   read up to len bytes into room
 *	dp_reply_filled(reader, n);
 *	while (dp_reply_next(reader, &reply) == DP_REPLY_ONE) ...
 *
 * Attributes that are not known are skipped, so that a later policyd may say
 * more.  What is no reply is DP_REPLY_GARBAGE from then on; the connection
 * must be closed.
 */
#ifndef DP_REPLY_H
#define DP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/session_protocol.h"

enum dp_action {
	DP_ACTION_NONE,
	DP_ACTION_OK,
	DP_ACTION_HOLD,
	DP_ACTION_CLOSE,
};

struct dp_reply {
	enum dp_action action;
	bool unasked;
	bool hold;         /* of open; true if policyd does not say */
	uint32_t report_s; /* 0: traffic is not wanted */
	uint32_t uidvalidity;
	uint32_t uidnext;
	uint32_t due_s;
	char reason[PT_SESSION_VALUE_MAX + 1];
	char text[PT_SESSION_REPLY_MAX + 1]; /* reply= */
};

struct dp_reply_reader {
	size_t used;
	bool garbage;
	char buf[PT_SESSION_REPLY_MAX * 2];
};

enum dp_reply_state {
	DP_REPLY_MORE, /* no whole reply is there yet */
	DP_REPLY_ONE,
	DP_REPLY_GARBAGE,
};

void
dp_reply_reset(struct dp_reply_reader *reader);

/* Never 0 bytes while dp_reply_next() says DP_REPLY_MORE. */
char *
dp_reply_room(struct dp_reply_reader *reader, size_t *len_out);

void
dp_reply_filled(struct dp_reply_reader *reader, size_t len);

enum dp_reply_state
dp_reply_next(struct dp_reply_reader *reader, struct dp_reply *out);

#endif
