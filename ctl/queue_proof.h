/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Who sent the messages that were found: the login that Postfix recorded with
 * each of them.
 */
#ifndef PC_QUEUE_PROOF_H
#define PC_QUEUE_PROOF_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "ctl/queue.h"

/* Looks into items from..to of one part, where they are PC_QUEUE_SEEN. */
int
pc_queue_proof_look(
    struct pc_queue *queue, size_t from, size_t to, struct pt_err *err);

/* Looks into all, and drops what is foreign. */
int
pc_queue_proof_look_all(struct pc_queue *queue, struct pt_err *err);

/* By the account that the proof names, if it is one of those looked for; it
 * becomes the item's owner. */
bool
pc_queue_proof_is_theirs(struct pc_queue *queue, struct pc_queue_item *item);

/* Bounces of others, mostly: those that have the null sender and no proof. */
void
pc_queue_proof_drop_foreign(struct pc_queue *queue);

#endif
