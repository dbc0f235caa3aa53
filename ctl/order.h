/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * An order: a command that changes one account, as data.  It is prepared from
 * a command line, applied alone or together with others in one transaction,
 * and then told about.  So a command reads its words in one place, whether it
 * was typed or is one line of thousands.
 *
 * The parts of an order point at each other: it stays where it was prepared.
 */
#ifndef PC_ORDER_H
#define PC_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/state/account.h"
#include "ctl/access.h"
#include "ctl/call.h"
#include "ctl/change.h"
#include "ctl/issue.h"

/* What "grant" works with. */
struct pc_grant_order {
	uint64_t amount;
	int64_t until;
	const char *note;
};

/* What "set" found. */
struct pc_set_order {
	struct pt_err doubt; /* a limit that has no effect now; or no text */
};

struct pc_order {
	struct pt_login login;
	char note[PT_NOTE_MAX + 1]; /* --note */
	struct pc_change change;    /* its edit is the command's */
	/* A pending block is carried over into the account first. */
	bool is_access;
	/* Once it is done: says what else to know, on standard error. */
	void (*advise)(const struct pc_order *order);
	/* It may make an app password, of which "issue" tells. */
	bool is_issue;
	struct pc_access_order access;
	struct pc_grant_order grant;
	struct pc_set_order set;
	struct pc_issue issue;
};

/*
 * Reads the call's command line; *err says what is wrong with it.  The order
 * is to be cleared in either case; it points into the call.
 */
int
pc_order_prepare(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err);

/* The same for what another command than the call's would prepare. */
int
pc_order_prepare_as(const struct pc_call *call, struct pc_order *order,
    pc_prepare_fn *prepare, struct pt_err *err);

/* Wipes the secret. */
void
pc_order_clear(struct pc_order *order);

/*
 * Applies n orders, at most PT_BATCH_MAX, in one transaction; several for one
 * login in the order given.  order->change has the answer of each.  -1: none
 * of them was applied, and *err says why.
 */
int
pc_order_apply(const struct pc_call *call, struct pc_order *const *orders,
    size_t n, struct pt_err *err);

/* For the edit of a command: what the order is for. */
void
pc_order_edit(struct pc_order *order, const char *what, pc_edit_fn *fn);

/* The same for changes of external access, and for those that issue. */
void
pc_order_access(struct pc_order *order, const char *what, pc_edit_fn *fn);

int
pc_order_issue(struct pc_order *order, const char *what, pc_edit_fn *fn,
    struct pt_err *err);

/* What every command with a "prepare" runs when it is called alone. */
enum pc_answer
pc_order_run(struct pc_call *call, struct pt_err *err);

#endif
