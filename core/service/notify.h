/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What systemd wants to know (sd_notify(3)): a datagram to $NOTIFY_SOCKET,
 * and nothing at all where there is none.  Failures are not worth a word:
 * nobody but systemd would miss it.
 */
#ifndef PT_SERVICE_NOTIFY_H
#define PT_SERVICE_NOTIFY_H

#include <stdint.h>

/* Lines such as "READY=1\nSTATUS=...". */
void
pt_notify(const char *lines);

/* "RELOADING=1" with the time that systemd wants beside it. */
void
pt_notify_reloading(void);

/* Milliseconds between signs of life that are asked for; 0: none. */
uint64_t
pt_notify_watchdog_ms(void);

#endif
