/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Holding and releasing what accounts have in Postfix's queue. */
#ifndef PC_QUEUE_HOLD_H
#define PC_QUEUE_HOLD_H

#include <stdbool.h>

#include "core/base/err.h"
#include "ctl/queue.h"

/*
 * Holds (or releases) what was found and is proven; each item's fate tells.
 * What is foreign is dropped.
 */
int
pc_queue_hold(struct pc_queue *queue, bool release, struct pt_err *err);

#endif
