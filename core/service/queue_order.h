/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Orders to hold what an account has in the MTA's queue (plan key "on_block").
 *
 * No daemon of Postern may touch that queue: only root may.  So whoever
 * closes an account appends its login to a file in the run directory, and a
 * systemd path unit that watches the file starts `posternctl queue apply`,
 * which looks in the state whether the account is closed indeed.
 *
 * An order is one line, appended in one write, so several writers need no
 * lock.  Taking over renames the file first: orders that come in meanwhile
 * start another one.  What was taken over stays until it is done, so that a
 * reader that is killed reads it again.  A writer that is killed between its
 * commit and the order leaves none: `posternctl queue apply --all` walks over
 * all accounts instead.
 */
#ifndef PT_SERVICE_QUEUE_ORDER_H
#define PT_SERVICE_QUEUE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/config/config.h"
#include "core/state/account.h"

#define PT_QUEUE_ORDER_FILE "/run/postern/queue-order"

/* Is mail of this account no longer its owner's: cracked, or locked? */
bool
pt_queue_order_is_closed(const struct pt_account *account);

/* And does its plan say that what it has in the queue is held? */
bool
pt_queue_order_is_wanted(const struct pt_config *config,
    const struct pt_account *account, int64_t now);

/* Appends an order; to be called once the account is closed on the disk. */
int
pt_queue_order_add(
    const char *path, const struct pt_login *login, struct pt_err *err);

typedef void
pt_queue_order_fn(const struct pt_login *login, void *arg);

/*
 * Takes the orders over and calls the function for each; a line that is no
 * login is passed over.  They are read again until pt_queue_order_done().
 */
int
pt_queue_order_take(
    const char *path, pt_queue_order_fn *fn, void *arg, struct pt_err *err);

int
pt_queue_order_done(const char *path, struct pt_err *err);

/* When the last was given of those that are not done; 0: all are. */
int64_t
pt_queue_order_waits_since(const char *path);

#endif
