/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Blocks and notices that are pending: decided where no disk may be waited for
 * (Dovecot's auth process, policyd, the milter's messages), they are marked in
 * the activity record, and every rule honours such a block at once.  Here they
 * are carried over into the account record: access off, app passwords ended,
 * history written, the owner told.
 *
 * postern-keeper does it while it lives, else policyd, else postern-milter.  If
 * several do it, or one dies in the middle of it, nothing happens twice: the
 * account remembers what was carried over last (struct pt_carried).
 */
#ifndef PT_SERVICE_PENDING_H
#define PT_SERVICE_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/config/config.h"
#include "core/state/account.h"
#include "core/state/store.h"

#define PT_PENDING_MAX PT_BATCH_MAX /* at a time */

struct pt_pending_job {
	struct pt_login login;
	const struct pt_config *config;
	int64_t now;
	/* Results. */
	enum pt_block_reason reason; /* that was completed; or none */
	struct pt_figures figures;   /* of that block */
	enum pt_notice_kind notice;  /* that went into the outbox; or none */
	bool hold_queue;             /* its mail is ordered to be held */
	bool written;                /* the account was, for whatever it is */
	enum pt_err_kind failed;     /* the records cannot be used */
	bool mark_stays;             /* private */
};

/* Big; all zero at first, and kept from call to call for its place. */
struct pt_pending {
	/* Behind which the next call begins; empty: all were looked at. */
	struct pt_login place;
	size_t count;
	/* An order to hold mail (core/service/queue_order.h) was not taken. */
	bool order_failed;
	struct pt_err order_err;
	struct pt_pending_job job[PT_PENDING_MAX];
};

/*
 * Completes all, or as many as fit, and lists them.  If not all fitted, the
 * next call goes on behind the last of them, so that those that fail again and
 * again hold up no others; then all are tried again.  Waits for the disk, but
 * only if there are any.  Orders to hold mail go to the file "orders", at least
 * once; one that cannot be given is lost.  Who may not write there gives NULL,
 * and the marks of such blocks stay for who may.  err as in pt_store_update():
 * set too when it returns 0 and single logins failed.
 */
int
pt_pending_complete(struct pt_store *store, const struct pt_config *config,
    const char *orders, int64_t now, struct pt_pending *pending,
    struct pt_err *err);

/*
 * The same for one login, in front of a change of its account: what is decided
 * then is decided about the account as it is, and nothing older comes after it.
 * -1 also if its records cannot be used.
 */
int
pt_pending_settle(struct pt_store *store, const struct pt_config *config,
    const char *orders, const struct pt_login *login, int64_t now,
    struct pt_pending *pending, struct pt_err *err);

/*
 * Does the keeper, who completes them for everybody, live at "now"?  No wait
 * for a disk or a lock.
 */
bool
pt_pending_is_kept(struct pt_store *store, int64_t now);

#endif
