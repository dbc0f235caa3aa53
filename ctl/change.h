/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A change of one account: the edit, the history entry and the line that
 * tells about it, the same for every command that changes something.  What a
 * command wants is an order (order.h); this is how its edit is run.
 */
#ifndef PC_CHANGE_H
#define PC_CHANGE_H

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/base/text.h"
#include "core/state/store.h"
#include "ctl/call.h"

enum pc_edit_result {
	/* *err says why; PT_ERR_NONE makes it a negative answer */
	PC_EDIT_FAILED = -1,
	PC_EDIT_NOTHING = 0, /* it is so already; detail says how it is */
	PC_EDIT_DONE = 1,    /* the edit set the flags of *records */
};

/*
 * Changes the records and says in detail what was changed, for the history;
 * or fills records->trail.note itself.  Runs inside the transaction and may run
 * again from the start: it depends on the records, the call and arg only.
 */
typedef enum pc_edit_result
pc_edit_fn(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err);

struct pc_edit {
	const char *what; /* the word in the history */
	pc_edit_fn *fn;
	void *arg;
	/*
	 * Damaged records (enum pt_update_replace, or-ed) that may be
	 * replaced, because the edit forgets what they said anyway.  The
	 * usage record is loaded only if it is among them.
	 */
	unsigned replace;
};

/* What became of it. */
struct pc_changed {
	enum pc_edit_result result; /* done or nothing */
	bool is_new;                /* there was no record before */
	bool hold; /* what it has in the queue shall be held (on_block) */
	bool held; /* the same was so before, and is over: who releases it? */
	char what[PT_HISTORY_WORD_MAX + 1];
	char detail[PT_HISTORY_DETAIL_MAX + 1];
};

/* An edit on its way through the store, alone or among others. */
struct pc_change {
	const struct pc_call *call;
	const struct pt_login *login;
	struct pc_edit edit;
	/* Results, made anew by each run. */
	enum pc_answer answer;
	struct pc_changed changed; /* PC_YES */
	struct pt_err err;         /* PC_FAILED; PC_NO: its text */
};

/*
 * Runs the edits in one transaction, those of one login in the order given; n
 * at most PT_BATCH_MAX.  One that fails changes nothing and harms no other.
 * -1: nothing was changed of any, and *err says why.
 */
int
pc_change_apply_all(struct pt_store *store, struct pc_change *const *changes,
    size_t n, struct pt_err *err);

/* One alone; -1 with *err if it was not PC_YES. */
int
pc_change_apply(
    struct pt_store *store, struct pc_change *change, struct pt_err *err);

/* Prints one row: login, what, what was changed. */
int
pc_change_tell(struct pc_call *call, const struct pt_login *login,
    const struct pc_changed *changed, struct pt_err *err);

/* The account will have a record; marks it as changed. */
void
pc_change_mark(const struct pc_call *call, struct pt_records *records);

/*
 * The value of --note into a mark's note; refuses what is too long or no
 * plain text.  Empty without --note.
 */
int
pc_change_note(
    const struct pc_call *call, char *buf, size_t cap, struct pt_err *err);

#endif
