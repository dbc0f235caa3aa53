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

/* How many connections there may be, as far as the open files allow it. */
void
pd_reload_limits(struct pd_daemon *daemon, const struct pt_config *config);

#endif
