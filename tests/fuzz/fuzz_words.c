/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A line of a batch: its words lie in it and end there, and the same words in
 * quotes are the same words again.
 */
#include "ctl/shell_words.h"
#include "tests/fuzz/fuzz.h"

#define WORDS_MAX 16
#define BYTES_MAX 1024
/* A ' becomes '\'' between quotes. */
#define QUOTED_MAX (4 * BYTES_MAX + 3 * WORDS_MAX + 1)

static void
quote(char **words, size_t count, char *out)
{
	const char *at;

	for (size_t i = 0; i < count; i++) {
		*out++ = '\'';
		for (at = words[i]; *at != '\0'; at++) {
			*out++ = *at;
			if (*at == '\'') {
				memcpy(out, "\\''", 3);
				out += 3;
			}
		}
		*out++ = '\'';
		*out++ = ' ';
	}
	*out = '\0';
}

static void
check_again(char **words, size_t count)
{
	static char quoted[QUOTED_MAX];
	char *again[WORDS_MAX];
	struct pt_err err;
	size_t got;

	quote(words, count, quoted);
	fuzz_check(pc_shell_words(quoted, again, WORDS_MAX, &got, &err) == 0 &&
		       got == count,
	    "quoted words can be read");
	for (size_t i = 0; i < count; i++)
		fuzz_check(strcmp(words[i], again[i]) == 0,
		    "quoted words are the same words");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char line[BYTES_MAX];
	char *words[WORDS_MAX];
	struct pt_err err = {.kind = PT_ERR_NONE};
	size_t count = 0;
	size_t len;

	if (size >= sizeof(line))
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	len = strlen(line);
	if (pc_shell_words(line, words, WORDS_MAX, &count, &err) != 0) {
		fuzz_check(err.kind == PT_ERR_USAGE && err.text[0] != '\0',
		    "a line is refused with a reason");
		return 0;
	}
	fuzz_check(count <= WORDS_MAX, "no more words than there is room for");
	for (size_t i = 0; i < count; i++) {
		fuzz_check(words[i] >= line && words[i] <= line + len,
		    "a word begins in the line");
		fuzz_check(words[i] + strlen(words[i]) <= line + len,
		    "a word ends in the line");
	}
	check_again(words, count);
	return 0;
}
