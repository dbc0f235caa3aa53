/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The configuration and the open state of this process.  Both are opened once,
 * as root, before Dovecot's auth process gives up its rights; afterwards no
 * path of them can be reached any more.  So what changes in postern.conf, and
 * a state that is made anew, take effect with `doveadm reload`.
 *
 * A failure does not end the auth process, because that would end webmail as
 * well: it is logged, and logins are refused as unavailable.
 */
#ifndef DP_AUTH_STATE_H
#define DP_AUTH_STATE_H

#include "dovecot-plugin/compat.h"

#include <stdint.h>

#include "core/config/config.h"
#include "core/state/store.h"

/*
 * Once for each passdb block; the first one's file counts.  "" is the usual
 * place.
 */
void
dp_state_open(const char *file);

/* With the last one all is closed. */
void
dp_state_close(void);

/* NULL if it could not be read. */
const struct pt_config *
dp_state_config(void);

/* NULL if it could not be opened. */
struct pt_store *
dp_state_store(void);

/* policyd's life if it lives at this second, else 0. */
uint32_t
dp_state_life(int64_t now);

/*
 * Logs that something failed, "what" and why, each kind of failure at most
 * once in 10 seconds.
 */
void
dp_state_complain(const char *what, const struct pt_err *err);

#endif
