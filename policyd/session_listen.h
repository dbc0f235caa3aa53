/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Opening session_listen.  A site that uses sending quotas alone needs no
 * session socket, and perhaps has no directory for it: when nothing else was
 * configured than the default, a failure is only logged, with its remedy.
 * Started by root, we make the directory of the default.
 */
#ifndef PD_SESSION_LISTEN_H
#define PD_SESSION_LISTEN_H

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/service/privilege.h"
#include "policyd/listener.h"

/* As pd_listeners_prepare(). */
int
pd_session_listen_prepare(const struct pd_listeners *set,
    const struct pt_config *config, const struct pt_owner *owner,
    struct pd_listeners *fresh, struct pt_err *err);

#endif
