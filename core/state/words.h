/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A small list of strings, packed one after the other with their NULs: the
 * addresses and overrides of an account.  Copying it copies only what is
 * used, and nothing is allocated.
 */
#ifndef PT_STATE_WORDS_H
#define PT_STATE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PT_WORDS_BYTES 4096

struct pt_words {
	uint16_t count;
	uint16_t len; /* bytes used, the NULs included */
	char bytes[PT_WORDS_BYTES];
};

/* false if it does not fit; a word must not be empty */
bool
pt_words_add(struct pt_words *words, const char *word);

/*
 * The first word that starts with that prefix goes; was there one?  A prefix
 * with its NUL counted in is exactly that word.
 */
bool
pt_words_remove(struct pt_words *words, const char *prefix, size_t len);

/* Exactly this word? */
bool
pt_words_has(const struct pt_words *words, const char *word);

/* NULL gives the first; after the last comes NULL. */
const char *
pt_words_next(const struct pt_words *words, const char *word);

#endif
