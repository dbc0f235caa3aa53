/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * History: who changed what of an account, when and why.  Entries are
 * written by the store in the transaction of the change itself.
 */
#ifndef PT_STATE_HISTORY_H
#define PT_STATE_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"

#define PT_HISTORY_WORD_MAX   31
#define PT_HISTORY_DETAIL_MAX 511

/* What the update function leaves; the login is the account's. */
struct pt_history_note {
	int64_t at;
	char who[PT_HISTORY_WORD_MAX + 1];  /* "root", "policyd" */
	char what[PT_HISTORY_WORD_MAX + 1]; /* "set", "lock"; "": no entry */
	char detail[PT_HISTORY_DETAIL_MAX + 1];
};

struct pt_history {
	struct pt_login login;
	struct pt_history_note note;
};

/* Bytes of an entry; history.c describes them. */
#define PT_HISTORY_BYTES_MAX 1024

/* The number of bytes written; 0 if a text cannot be stored. */
size_t
pt_history_encode(
    const struct pt_history *entry, unsigned char *out, size_t cap);

int
pt_history_decode(
    const void *at, size_t len, struct pt_history *out, struct pt_err *err);

#endif
