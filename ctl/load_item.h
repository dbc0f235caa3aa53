/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A record of a dump on its way into the state: checked once, when it is read,
 * and kept as the bytes that the state will hold.
 */
#ifndef PC_LOAD_ITEM_H
#define PC_LOAD_ITEM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/state/account_codec.h"
#include "core/state/store.h"
#include "ctl/call.h"
#include "ctl/record.h"

/* The largest of all kinds; load_item.c checks that. */
#define PC_LOAD_BYTES_MAX PT_ACCOUNT_BYTES_MAX

struct pc_load_item {
	enum pc_record_kind kind;
	uint32_t key_name; /* of signals: record.h */
	struct pt_login login;
	size_t len;
	unsigned char *bytes; /* of whoever reads it */
	/* For the update, which says whether it changed anything. */
	const struct pc_call *call;
	bool changed;
};

/* "account" ...; NULL for what is no record. */
const char *
pc_load_item_name(enum pc_record_kind kind);

/* Reads it into item->bytes, which has room for PC_LOAD_BYTES_MAX. */
int
pc_load_item_parse(
    const json_t *object, struct pc_load_item *item, struct pt_err *err);

/* Of an entry of the history, which was checked. */
int
pc_load_item_history(const struct pc_load_item *item, struct pt_history *out,
    struct pt_err *err);

/* The items of one batch all have one scope. */
enum pt_update_scope
pc_load_item_scope(const struct pc_load_item *item);

/* The update that puts it into the state. */
struct pt_update
pc_load_item_update(struct pc_load_item *item);

#endif
