/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Sends what is in the outbox through the configured command (notice {
 * command }), at least once: an entry goes when the command has ended with 0.
 * That access has ended is told first (enum pt_outbox_rank).
 *
 * What fails is tried again after 1, 2, 5, 15, 30 and 60 minutes, then each
 * two hours, until notice { give_up_after }, and at least five times; a
 * given-up one stays in the outbox for 30 days, to be seen.  One that nobody
 * looked at for two weeks (outbox_entry.h) is given up unsent; while the clock
 * is doubted (doubt.h), it waits.  An entry whose account was deleted goes
 * unsent.  While notices are off, nothing is sent and nothing goes.
 *
 * A turn never waits: the message is written into a pipe that holds all of it,
 * the command runs beside, at most PT_OUTBOX_CHILDREN at a time, and is ended
 * after a minute (mailer.h).  The process must not reap the children itself,
 * and must have no threads.
 */
#ifndef PT_SERVICE_OUTBOX_H
#define PT_SERVICE_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/state/store.h"

#define PT_OUTBOX_CHILDREN 4

struct pt_outbox;

/* What a turn did, for log and counters. */
struct pt_outbox_done {
	unsigned sent;
	unsigned failed; /* and will be tried again */
	unsigned gave_up;
	unsigned dropped; /* nobody to tell */
	unsigned running; /* commands at the moment */
	bool more;        /* others are due, too */
};

/* Called for each entry that a turn is done with: "sent", "failed", "gave-up"
 * or "dropped".  It is as it now stands in the state. */
typedef void
pt_outbox_report_fn(
    const struct pt_outbox_entry *entry, const char *what, void *arg);

/*
 * Reads the templates, unless notices are off.  PT_ERR_CONFIG names file, line
 * and remedy.  config and store must outlive the outbox.
 */
int
pt_outbox_open(const struct pt_config *config, struct pt_store *store,
    struct pt_outbox **outbox_out, struct pt_err *err);

/*
 * Gives commands that still run a few seconds, then ends them; their entries
 * stay, and so do those that fail now.  NULL is allowed.
 */
void
pt_outbox_close(struct pt_outbox *outbox);

/*
 * Reaps and starts commands.  -1: the state could not be used; what was sent
 * and could not be taken out is taken out the next time, not sent again by
 * this process.
 */
int
pt_outbox_turn(struct pt_outbox *outbox, int64_t now,
    pt_outbox_report_fn *report, void *arg, struct pt_outbox_done *done_out,
    struct pt_err *err);

#endif
