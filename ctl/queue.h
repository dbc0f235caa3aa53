/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What accounts have in Postfix's queue.  queue_proof.h looks who sent it, and
 * queue_hold.h holds and releases it.
 *
 * A message is an account's if its envelope sender belongs to the login, or is
 * the null sender, and Postfix recorded that login with it.  One of those alone
 * is not enough: senders can be shared, and a login may be missing where
 * webmail hands its mail over without one.
 */
#ifndef PC_QUEUE_H
#define PC_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "ctl/call.h"
#include "ctl/queue_entry.h"
#include "ctl/queue_helper.h"
#include "ctl/queue_owner.h"

enum pc_queue_fate {
	PC_QUEUE_SEEN,        /* listed; nothing was to be done */
	PC_QUEUE_CHOSEN,      /* to be held, or to be released */
	PC_QUEUE_HELD,        /* was held now */
	PC_QUEUE_RELEASED,    /* was released now */
	PC_QUEUE_WAS_SO,      /* it was held, or not held, already */
	PC_QUEUE_OTHER_LOGIN, /* left alone: proof names another */
	PC_QUEUE_NO_LOGIN,    /* left alone: there is no proof */
	PC_QUEUE_GONE,        /* it left the queue meanwhile */
	PC_QUEUE_STAYED,      /* Postfix did not do it */
	PC_QUEUE_FATES,
};

struct pc_queue_item {
	struct pc_queue_entry entry;
	const struct pc_queue_owner *owner; /* whose sender it has */
	struct pc_queue_evidence by;
	bool is_proven; /* evidence was found */
	enum pc_queue_fate fate;
};

struct pc_queue {
	const struct pc_call *call;
	struct pc_queue_helper *helper;
	/* Mail of these is looked for.  To be filled before anything is found:
	 * items point at them. */
	struct pc_queue_owners owners;
	struct pc_queue_item *items; /* owned; by queue id, once found */
	size_t count;
	size_t room;
	size_t unreadable; /* lines of postqueue */
};

/* Forgets the accounts and what was found. */
void
pc_queue_clear(struct pc_queue *queue);

/* Finds the messages whose sender belongs to one of the accounts. */
int
pc_queue_find(struct pc_queue *queue, struct pt_err *err);

/* One that was found; NULL if there is none. */
struct pc_queue_item *
pc_queue_item(struct pc_queue *queue, const char *id);

/* Postfix is asked about so many at a time: from there up to the result. */
size_t
pc_queue_part_end(const struct pc_queue *queue, size_t from);

typedef int
pc_queue_line_fn(
    struct pc_queue *queue, const char *line, size_t len, struct pt_err *err);

/* Each line of a fresh list of Postfix's queue, without its end. */
int
pc_queue_list(struct pc_queue *queue, pc_queue_line_fn *fn, struct pt_err *err);

#endif
