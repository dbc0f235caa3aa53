/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/words.h"

#include <string.h>

bool
pt_words_add(struct pt_words *words, const char *word)
{
	size_t size = strlen(word) + 1;

	if (size == 1 || size > PT_WORDS_BYTES - (size_t)words->len)
		return false;
	memcpy(words->bytes + words->len, word, size);
	words->len = (uint16_t)(words->len + size);
	words->count++;
	return true;
}

bool
pt_words_remove(struct pt_words *words, const char *prefix, size_t len)
{
	const char *word = NULL;

	while ((word = pt_words_next(words, word)) != NULL) {
		size_t size = strlen(word) + 1;
		size_t start = (size_t)(word - words->bytes);
		size_t rest = words->len - start - size;

		if (size < len || memcmp(word, prefix, len) != 0)
			continue;
		memmove(words->bytes + start, word + size, rest);
		words->len = (uint16_t)(words->len - size);
		words->count--;
		return true;
	}
	return false;
}

bool
pt_words_has(const struct pt_words *words, const char *word)
{
	const char *at = NULL;

	while ((at = pt_words_next(words, at)) != NULL) {
		if (strcmp(at, word) == 0)
			return true;
	}
	return false;
}

const char *
pt_words_next(const struct pt_words *words, const char *word)
{
	if (word == NULL)
		word = words->bytes;
	else
		word += strlen(word) + 1;
	return word < words->bytes + words->len ? word : NULL;
}
