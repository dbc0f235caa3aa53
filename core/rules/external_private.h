/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the transitions of external access share.  Internal to external.c,
 * external_block.c, external_end.c and idle.c.
 */
#ifndef PT_RULES_EXTERNAL_PRIVATE_H
#define PT_RULES_EXTERNAL_PRIVATE_H

#include "core/base/text.h"
#include "core/rules/external.h"

#define PT_EXTERNAL_PROTOCOLS_MAX 16 /* the longest list, with its NUL */

/* The detail of a note for the history: "key=value" words, one by one. */
struct pt_external_entry {
	struct pt_text detail;
};

/* The account is about to be written, for the first time perhaps. */
void
pt_external_entry_begin(struct pt_external_entry *entry,
    struct pt_account *account, struct pt_trail *trail,
    const struct pt_external_actor *actor, const char *what);

void
pt_external_entry_add(
    struct pt_external_entry *entry, const char *key, const char *value);

void
pt_external_entry_add_number(
    struct pt_external_entry *entry, const char *key, uint32_t value);

/* "refusals=52", "limit=50/1h"; nothing if there are none. */
void
pt_external_entry_add_figures(
    struct pt_external_entry *entry, const struct pt_figures *figures);

/* What people wrote; nothing if they wrote nothing. */
void
pt_external_entry_add_quoted(
    struct pt_external_entry *entry, const char *key, const char *value);

void
pt_external_entry_add_protocols(
    struct pt_external_entry *entry, unsigned protocols);

/* Number and label of an app password, or all that was chosen of it. */
void
pt_external_entry_add_id(
    struct pt_external_entry *entry, const struct pt_password *password);

void
pt_external_entry_add_password(
    struct pt_external_entry *entry, const struct pt_password *password);

void
pt_external_end_block(struct pt_account *account);

#endif
