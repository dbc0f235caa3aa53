/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Many orders, in transactions of up to PT_BATCH_MAX each. */
#ifndef PC_BATCH_H
#define PC_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/store.h"
#include "ctl/batch_input.h"
#include "ctl/batch_report.h"
#include "ctl/call.h"
#include "ctl/order.h"

#define PC_BATCH_WORDS_MAX 64

/* One line on its way.  Its parts point at each other. */
struct pc_batch_slot {
	char line[PC_BATCH_LINE_MAX + 1]; /* split in place */
	char program[16];
	char *words[PC_BATCH_WORDS_MAX + 2];
	struct pc_call call;
	struct pc_order order;
	bool is_order; /* else order.change.err says why not */
	uint64_t number;
};

struct pc_batch {
	struct pc_call *call;        /* of the batch itself */
	struct pc_batch_slot *slots; /* PT_BATCH_MAX of them, owned */
	size_t count;
	struct pc_batch_report report;
};

int
pc_batch_init(struct pc_batch *batch, struct pc_call *call, struct pt_err *err);

void
pc_batch_clear(struct pc_batch *batch);

/*
 * Takes the line in slots[count].line, or what is wrong with it (refusal not
 * NULL).  An empty line is none.
 */
void
pc_batch_take(
    struct pc_batch *batch, uint64_t number, const struct pt_err *refusal);

/* Applies what was taken and tells about it.  -1: it could not be told. */
int
pc_batch_apply(struct pc_batch *batch, struct pt_err *err);

#endif
