/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A new configuration for a daemon that serves: all of it or, if anything is
 * wrong, nothing.
 */
#ifndef PD_RELOAD_H
#define PD_RELOAD_H

#include "policyd/daemon.h"

/* Reads the file again, and logs how it went. */
void
pd_reload(struct pd_daemon *daemon);

/* Opens and closes sockets as the configuration says: all, or none. */
int
pd_reload_listen(struct pd_daemon *daemon, const struct pt_config *config,
    struct pt_err *err);

/*
 * How many connections and sessions there may be, as far as the open files
 * allow it; after pd_reload_listen().
 */
void
pd_reload_limits(struct pd_daemon *daemon, const struct pt_config *config);

#endif
