/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Blocks that are pending (core/service/pending.h), completed, counted and
 * logged by policyd where no keeper lives who does it.  It is done apart from
 * decisions, because such a commit waits for the disk; nobody else waits for
 * it.
 */
#ifndef PD_PENDING_H
#define PD_PENDING_H

#include <stdint.h>

struct pd_context;

/* Several times a second.  What fails is reported. */
void
pd_pending_complete(struct pd_context *context, int64_t now_ms);

#endif
