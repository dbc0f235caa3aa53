/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* SIGHUP: the configuration is read anew while mail goes on. */
#ifndef PM_RELOAD_H
#define PM_RELOAD_H

#include "milter/daemon.h"

/* Keeps the old one, and says why, if anything is wrong with the new one. */
void
pm_reload(struct pm_daemon *daemon);

/* How many connections there may be, by the limit of open files, too. */
void
pm_reload_limits(struct pm_daemon *daemon, const struct pt_config *config);

#endif
