/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/external_private.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/rules/figures.h"

/* A network is longer than a time. */
#define NETWORK_TEXT_MAX 52

void
pt_external_entry_begin(struct pt_external_entry *entry,
    struct pt_account *account, struct pt_trail *trail,
    const struct pt_external_actor *actor, const char *what)
{
	struct pt_history_note *note = &trail->note;
	struct pt_text who;

	if (account->created_at == 0)
		account->created_at = actor->now;
	trail->notice.kind = PT_NOTICE_NONE;
	note->at = actor->now;
	pt_text_init(&who, note->who, sizeof(note->who));
	pt_text_add(&who, actor->who);
	(void)pt_text_copy(note->what, sizeof(note->what), what);
	pt_text_init(&entry->detail, note->detail, sizeof(note->detail));
}

void
pt_external_entry_add(
    struct pt_external_entry *entry, const char *key, const char *value)
{
	pt_text_addf(&entry->detail, "%s%s=%s",
	    entry->detail.len > 0 ? " " : "", key, value);
}

void
pt_external_entry_add_number(
    struct pt_external_entry *entry, const char *key, uint32_t value)
{
	char digits[16];

	(void)snprintf(digits, sizeof(digits), "%lu", (unsigned long)value);
	pt_external_entry_add(entry, key, digits);
}

void
pt_external_entry_add_figures(
    struct pt_external_entry *entry, const struct pt_figures *figures)
{
	char words[PT_FIGURES_TEXT_MAX];

	pt_figures_format(figures, words, sizeof(words));
	if (words[0] != '\0')
		pt_text_addf(&entry->detail, "%s%s",
		    entry->detail.len > 0 ? " " : "", words);
}

void
pt_external_entry_add_quoted(
    struct pt_external_entry *entry, const char *key, const char *value)
{
	if (value[0] == '\0')
		return;
	pt_external_entry_add(entry, key, "\"");
	pt_text_add_escaped(&entry->detail, value, strlen(value));
	pt_text_add(&entry->detail, "\"");
}

void
pt_external_entry_add_protocols(
    struct pt_external_entry *entry, unsigned protocols)
{
	char words[PT_EXTERNAL_PROTOCOLS_MAX];

	pt_external_protocols_format(protocols, words, sizeof(words));
	pt_external_entry_add(entry, "protocols", words);
}

void
pt_external_entry_add_id(
    struct pt_external_entry *entry, const struct pt_password *password)
{
	pt_external_entry_add_number(entry, "id", password->id);
	pt_external_entry_add_quoted(entry, "label", password->label);
}

void
pt_external_entry_add_password(
    struct pt_external_entry *entry, const struct pt_password *password)
{
	char buf[NETWORK_TEXT_MAX];
	unsigned i;

	pt_external_entry_add_id(entry, password);
	pt_external_entry_add_protocols(entry, password->protocols);
	if (password->expires_at != 0) {
		pt_clock_format_iso(password->expires_at, buf, sizeof(buf));
		pt_external_entry_add(entry, "expires", buf);
	}
	for (i = 0; i < password->network_count; i++) {
		pt_network_format(&password->networks[i], buf, sizeof(buf));
		pt_external_entry_add(entry, "network", buf);
	}
}

void
pt_external_end_block(struct pt_account *account)
{
	account->block_reason = PT_BLOCK_NONE;
	account->block.at = 0;
	account->block.note[0] = '\0';
	account->block_figures = (struct pt_figures){.unit = PT_FIGURES_NONE};
}
