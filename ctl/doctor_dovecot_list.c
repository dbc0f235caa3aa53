/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Lists of words in Dovecot.  2.3 writes "mail_plugins = quota postern", and a
 * protocol's own list replaces the one for all.  2.4 can also write
 * "mail_plugins { postern = yes }", which adds to what is there, or takes away
 * with "no".
 */

#include <string.h>

#include "ctl/doctor_dovecot.h"

#define BLANKS " \t,"

bool
pc_dovecot_list_has(const char *list, const char *word)
{
	size_t word_len = strlen(word);
	size_t len;

	for (; *list != '\0'; list += len) {
		list += strspn(list, BLANKS);
		len = strcspn(list, BLANKS);
		if (len == word_len && memcmp(list, word, len) == 0)
			return len > 0;
	}
	return false;
}

static void
add(struct pt_text *list, const char *word, size_t len)
{
	if (list->len > 0)
		pt_text_add(list, " ");
	pt_text_add_bytes(list, word, len);
}

static void
replace(struct pt_text *list, const char *words)
{
	size_t len;

	pt_text_init(list, list->at, list->cap);
	for (;; words += len) {
		words += strspn(words, BLANKS);
		len = strcspn(words, BLANKS);
		if (len == 0)
			return;
		add(list, words, len);
	}
}

static void
take_away(struct pt_text *list, const char *word)
{
	char rest[PC_DOVECOT_LIST_MAX];
	const char *at = list->at;
	struct pt_text text;
	size_t len;

	pt_text_init(&text, rest, sizeof(rest));
	for (; *at != '\0'; at += len) {
		at += strspn(at, BLANKS);
		len = strcspn(at, BLANKS);
		if (len > 0 &&
		    (len != strlen(word) || memcmp(at, word, len) != 0))
			add(&text, at, len);
	}
	replace(list, rest);
}

/* "mail_plugins { postern = yes }" */
static void
apply_block(const struct pc_blocks *conf, size_t block, struct pt_text *list)
{
	const struct pc_block *at;
	size_t i;

	for (i = block + 1; i < conf->count; i++) {
		at = &conf->at[i];
		if (at->is_block || at->parent != block)
			continue;
		if (strcmp(at->value, "no") == 0)
			take_away(list, at->name);
		else if (!pc_dovecot_list_has(list->at, at->name))
			add(list, at->name, strlen(at->name));
	}
}

/* What one block, or the top, says of the list. */
static void
apply(const struct pc_blocks *conf, size_t parent, const char *name,
    struct pt_text *list)
{
	const struct pc_block *at;
	size_t i;

	for (i = 0; i < conf->count; i++) {
		at = &conf->at[i];
		if (at->parent != parent || strcmp(at->name, name) != 0)
			continue;
		if (at->is_block)
			apply_block(conf, i, list);
		else
			replace(list, at->value);
	}
}

bool
pc_dovecot_holds_for(const char *label, const char *protocol)
{
	if (label[0] == '!')
		return strcmp(label + 1, protocol) != 0;
	return pc_dovecot_list_has(label, protocol);
}

void
pc_dovecot_list(const struct pc_dovecot *dovecot, const char *protocol,
    const char *name, const char *otherwise, struct pt_text *out)
{
	const struct pc_blocks *conf = &dovecot->conf;
	size_t i = 0;

	replace(out, otherwise);
	apply(conf, PC_BLOCKS_TOP, name, out);
	for (; pc_blocks_next(conf, PC_BLOCKS_TOP, "protocol", &i); i++) {
		if (pc_dovecot_holds_for(conf->at[i].value, protocol))
			apply(conf, i, name, out);
	}
}

bool
pc_dovecot_serves(const struct pc_dovecot *dovecot, const char *protocol)
{
	char list[PC_DOVECOT_LIST_MAX];
	struct pt_text text;

	pt_text_init(&text, list, sizeof(list));
	pc_dovecot_list(dovecot, "", "protocols", "", &text);
	return pc_dovecot_list_has(list, protocol);
}
