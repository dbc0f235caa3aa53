/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Whether a daemon answers.  policyd is asked one policy request without a
 * login, so that nothing is judged or counted and the answer is DUNNO; the
 * milter is offered a connection as an MTA does, and left.
 */
#ifndef PC_PROBE_H
#define PC_PROBE_H

#include "core/base/err.h"
#include "core/config/listen.h"

/* 0 if the right answer came within five seconds. */
int
pc_probe(const struct pt_listen *address, struct pt_err *err);

int
pc_probe_milter(const struct pt_listen *address, struct pt_err *err);

#endif
