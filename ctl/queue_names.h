/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Names (logins, senders), each with the place in a list where it was first
 * said, found by hash.  The names come from the state: what strangers write
 * into the queue is only looked up, so that they cannot make names collide.
 *
 * It begins as zeroes.  Texts are not copied and must live as long as it.
 */
#ifndef PC_QUEUE_NAMES_H
#define PC_QUEUE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

struct pc_queue_name {
	const char *text; /* NULL: this slot is free */
	size_t place;
};

struct pc_queue_names {
	struct pc_queue_name *slots; /* owned */
	size_t slot_count;           /* a power of 2, or 0 */
	size_t count;
};

void
pc_queue_names_clear(struct pc_queue_names *names);

/* A name that is there already keeps its place. */
int
pc_queue_names_add(struct pc_queue_names *names, const char *text, size_t place,
    struct pt_err *err);

bool
pc_queue_names_find(
    const struct pc_queue_names *names, const char *text, size_t *place_out);

#endif
