/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Counters of a program since its state was made, for posternctl stats and
 * OpenMetrics.  They only grow.  One slot a reason and verdict; the meaning
 * of the indices belongs to the rules (enum pt_reason_id).  Bytes that an older
 * Postern wrote are read, with what it did not count as 0.
 */
#ifndef PT_STATE_COUNTERS_H
#define PT_STATE_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

#define PT_COUNTER_REASONS 64

struct pt_counters {
	uint64_t requests;
	uint64_t permitted;                    /* messages charged */
	uint64_t repeated;                     /* charged before */
	uint64_t unauthenticated;              /* requests without a login */
	uint64_t malformed;                    /* connections closed for it */
	uint64_t connections;                  /* accepted */
	uint64_t batches;                      /* transactions */
	uint64_t refused[PT_COUNTER_REASONS];  /* by reason, enforced */
	uint64_t observed[PT_COUNTER_REASONS]; /* by reason, only logged */
	/* Mail sessions; those that were not let in by reason. */
	uint64_t sessions_opened;
	uint64_t sessions_ended; /* by policyd */
	uint64_t sessions_refused[PT_COUNTER_REASONS];
	uint64_t mail_checks; /* of IMAP sessions */
	uint64_t blocks;      /* milter: decided; the others: completed */
	/* By the milter: charges taken back, From headers, failed recipients */
	uint64_t refunded;
	uint64_t rewritten;
	uint64_t bounces_counted; /* that prove something */
	uint64_t bounces_ignored;
	/* By the keeper: notices, and accounts that its walks looked at. */
	uint64_t notices_sent;
	uint64_t notices_failed; /* tries; each is repeated or given up */
	uint64_t notices_given_up;
	uint64_t swept;
};

#define PT_COUNTERS_BYTES (1 + 8 * (19 + 3 * PT_COUNTER_REASONS))

/* Has anything been counted?  What never ran has not. */
bool
pt_counters_any(const struct pt_counters *counters);

void
pt_counters_encode(const struct pt_counters *counters, unsigned char *out);

int
pt_counters_decode(
    const void *at, size_t len, struct pt_counters *out, struct pt_err *err);

#endif
