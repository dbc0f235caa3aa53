/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A change of one account: the edit, the history entry and the line that
 * tells about it, the same for every command that changes something.
 */
#ifndef PC_CHANGE_H
#define PC_CHANGE_H

#include "core/base/err.h"
#include "core/base/text.h"
#include "core/state/store.h"
#include "ctl/call.h"
#include "ctl/output.h"

enum pc_edit_result {
	/* *err says why; PT_ERR_NONE makes it a negative answer */
	PC_EDIT_FAILED = -1,
	PC_EDIT_NOTHING = 0, /* it is so already; detail says how it is */
	PC_EDIT_DONE = 1,    /* the edit set the flags of *records */
};

/*
 * Changes the records and says in detail what was changed, for the history.
 * Runs inside the transaction and may run again from the start: it depends on
 * the records, the call and arg only.
 */
typedef enum pc_edit_result
pc_edit_fn(const struct pc_call *call, struct pt_records *records, void *arg,
    struct pt_text *detail, struct pt_err *err);

/*
 * Runs the edit for argument 0 of the call.  "what" is the word in the
 * history.  Prints one row: login, what, what was changed.
 */
enum pc_answer
pc_change(struct pc_call *call, const char *what, pc_edit_fn *edit, void *arg,
    struct pt_err *err);

/*
 * The same where damaged records (enum pt_update_replace, or-ed) may be
 * replaced, because the edit forgets what they said anyway.
 */
enum pc_answer
pc_change_replacing(struct pc_call *call, const char *what, pc_edit_fn *edit,
    void *arg, unsigned replace, struct pt_err *err);

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
