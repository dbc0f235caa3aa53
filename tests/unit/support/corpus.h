/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The corpus of header blocks, tests/corpus/from.txt; its format stands at its
 * top.  A file that breaks it fails the test with the number of the line.
 */
#ifndef PT_TESTS_CORPUS_H
#define PT_TESTS_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

struct corpus_entry {
	char id[80];
	char expect[200];
	char login[80];
	char set[120];
	char about[600];
	char *block; /* octets as they travel; freed by corpus_close() */
	size_t block_len;
	unsigned line; /* of the file, where the entry begins */
};

struct corpus {
	size_t count;
	struct corpus_entry *entries;
};

/* Tests run from the root of the tree. */
void
corpus_open(struct corpus *corpus, const char *file);

void
corpus_close(struct corpus *corpus);

/* Never NULL. */
const struct corpus_entry *
corpus_find(const struct corpus *corpus, const char *id);

/* Is that one of the expectations? */
bool
corpus_expects(const struct corpus_entry *entry, const char *verdict);

/* A field of a block, as an MTA hands it to a milter: name and value. */
struct corpus_field {
	const char *name;
	size_t name_len;
	const char *value; /* begins right after the colon */
	size_t value_len;
	const char *next; /* where the following one begins */
};

/*
 * The field that begins at "at"; false at the end of the header, which is also
 * any line that is neither a field nor the fold of one.
 */
bool
corpus_field_at(
    const char *at, const char *end, struct corpus_field *field_out);

#endif
