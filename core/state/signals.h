/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The signals record: from where an account sends, and to whom it has written
 * before.  It lives in the activity environment, in a database of its own, and
 * exists only for accounts whose plan limits one of the two.  Times are
 * wall-clock seconds; hashes are keyed with a secret of the state.
 */
#ifndef PT_STATE_SIGNALS_H
#define PT_STATE_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/login.h"
#include "core/state/activity.h"

/* Clients that sent lately: IPv4 by address, IPv6 by its first 64 bits. */
#define PT_CLIENTS_MAX 32

struct pt_client {
	uint32_t hash;
	int64_t at; /* the last message from there */
};

/*
 * Whom the account has written to: a Bloom filter in two generations of
 * PT_SKETCH_BYTES.  core/rules/strangers.h says how it errs.
 */
#define PT_SKETCH_BYTES 512

struct pt_sketch {
	uint32_t count; /* recipients that were entered */
	unsigned char bits[PT_SKETCH_BYTES];
};

struct pt_signals {
	struct pt_login login;
	bool exists;
	unsigned client_count;
	struct pt_client clients[PT_CLIENTS_MAX]; /* oldest first */
	struct pt_window_log strangers;           /* first-time recipients */
	struct pt_sketch now;                     /* is being filled */
	struct pt_sketch before;                  /* was full */
};

/* Empty. */
void
pt_signals_init(struct pt_signals *signals, const struct pt_login *login);

/* As pt_activity_settle(): no stamp lies after now.  Was any changed? */
bool
pt_signals_settle(struct pt_signals *signals, int64_t now);

#endif
