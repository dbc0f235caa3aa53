/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/corpus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "tests/unit/support/testing.h"

#define LINE_MAX_LEN  4096
#define BLOCK_MAX_LEN ((size_t)256 * 1024)
#define ENTRIES_MAX   2000

/* The file as it is read, and the entry that grows. */
struct reading {
	const char *file;
	unsigned line;
	struct corpus *corpus;
	struct corpus_entry *entry; /* NULL between two */
	char *value;                /* that a line with a blank goes on with */
	size_t value_cap;
};

/* The test fails here; the analyzer does not know that cmocka jumps away. */
_Noreturn static void
give_up(const char *where, unsigned line, const char *what)
{
	fail_msg("%s:%u: %s", where, line, what);
	abort();
}

static void
put(struct corpus_entry *entry, const char *at, size_t len)
{
	if (len > BLOCK_MAX_LEN - entry->block_len)
		give_up(entry->id, entry->line, "the block is too long");
	memcpy(entry->block + entry->block_len, at, len);
	entry->block_len += len;
}

static void
put_hex(struct corpus_entry *entry, const char *at, size_t len)
{
	char digits[3] = "";
	char *end;
	size_t i;

	if (len == 0 || len % 2 != 0)
		give_up(entry->id, entry->line, "no such escape");
	for (i = 0; i < len; i += 2) {
		char octet;

		memcpy(digits, at + i, 2);
		octet = (char)strtoul(digits, &end, 16);
		if (*end != '\0')
			give_up(entry->id, entry->line, "no such escape");
		put(entry, &octet, 1);
	}
}

/* What stands in braces, but no repetition. */
static void
put_escape(struct corpus_entry *entry, const char *at, size_t len)
{
	static const struct {
		const char *name;
		char octet;
	} names[] = {
	    {"NUL", '\0'},
	    {"TAB", '\t'},
	    {"LF", '\n'},
	    {"CR", '\r'},
	    {"ESC", '\x1b'},
	};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		if (strlen(names[i].name) == len &&
		    memcmp(names[i].name, at, len) == 0) {
			put(entry, &names[i].octet, 1);
			return;
		}
	}
	put_hex(entry, at, len);
}

/* A line, or the inside of a repetition. */
static void
put_plain(struct corpus_entry *entry, const char *at, const char *end)
{
	while (at < end) {
		const char *close;

		if (*at != '{') {
			put(entry, at++, 1);
			continue;
		}
		close = memchr(at, '}', (size_t)(end - at));
		if (close == NULL)
			give_up(
			    entry->id, entry->line, "a brace is not closed");
		put_escape(entry, at + 1, (size_t)(close - at - 1));
		at = close + 1;
	}
}

/* The end of "{*COUNT TEXT}", whose TEXT may hold braces. */
static const char *
end_of_repetition(const char *at, const char *end)
{
	unsigned depth = 0;

	for (; at < end; at++) {
		if (*at == '{')
			depth++;
		if (*at == '}' && --depth == 0)
			return at;
	}
	return NULL;
}

static void
put_line(struct corpus_entry *entry, const char *at, const char *end)
{
	while (at < end) {
		const char *begin = strstr(at, "{*");
		const char *close;
		char *text;
		unsigned long count;

		if (begin == NULL) {
			put_plain(entry, at, end);
			break;
		}
		put_plain(entry, at, begin);
		close = end_of_repetition(begin, end);
		count = strtoul(begin + 2, &text, 10);
		if (close == NULL || *text != ' ')
			give_up(entry->id, entry->line, "bad repetition");
		for (; count > 0; count--)
			put_plain(entry, text + 1, close);
		at = close + 1;
	}
	put(entry, "\r\n", 2);
}

static void
begin_entry(struct reading *reading)
{
	struct corpus *corpus = reading->corpus;

	assert_in_range(corpus->count, 0, ENTRIES_MAX - 1);
	reading->entry = &corpus->entries[corpus->count++];
	reading->entry->line = reading->line;
	memcpy(reading->entry->login, "alice@example.test", 19);
	reading->entry->block = malloc(BLOCK_MAX_LEN);
	assert_non_null(reading->entry->block);
}

static void
end_entry(struct reading *reading)
{
	struct corpus_entry *entry = reading->entry;
	char *smaller;

	reading->entry = NULL;
	reading->value = NULL;
	if (entry == NULL)
		return;
	if (entry->id[0] == '\0' || entry->expect[0] == '\0' ||
	    entry->about[0] == '\0')
		give_up(reading->file, entry->line, "incomplete");
	smaller = realloc(entry->block, entry->block_len + 1);
	if (smaller != NULL)
		entry->block = smaller;
}

static void
append(struct reading *reading, const char *text)
{
	size_t len = strlen(reading->value);

	if (len + strlen(text) + 1 > reading->value_cap)
		give_up(reading->file, reading->line, "too long");
	memcpy(reading->value + len, text, strlen(text) + 1);
}

static void
read_key(struct reading *reading, const char *line)
{
	struct corpus_entry *entry = reading->entry;
	char postfix[200] = "";
	const struct {
		const char *key;
		char *at;
		size_t cap;
	} keys[] = {
	    {"id: ", entry->id, sizeof(entry->id)},
	    {"expect: ", entry->expect, sizeof(entry->expect)},
	    {"login: ", entry->login, sizeof(entry->login)},
	    {"set: ", entry->set, sizeof(entry->set)},
	    {"about: ", entry->about, sizeof(entry->about)},
	    {"postfix: ", postfix, sizeof(postfix)},
	};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(keys); i++) {
		size_t len = strlen(keys[i].key);

		if (strncmp(line, keys[i].key, len) != 0)
			continue;
		reading->value = keys[i].at;
		reading->value_cap = keys[i].cap;
		keys[i].at[0] = '\0';
		append(reading, line + len);
		return;
	}
	give_up(reading->file, reading->line, "unknown key");
}

static void
read_line(struct reading *reading, const char *line, size_t len)
{
	if (line[0] == '#')
		return;
	if (len == 0) {
		end_entry(reading);
		return;
	}
	if (reading->entry == NULL)
		begin_entry(reading);
	if (line[0] == '|') {
		put_line(reading->entry, line + 1, line + len);
	} else if (line[0] == ' ' && reading->value != NULL) {
		append(reading, line + strspn(line, " ") - 1);
	} else {
		read_key(reading, line);
	}
}

void
corpus_open(struct corpus *corpus, const char *file)
{
	struct reading reading = {.file = file, .corpus = corpus};
	char line[LINE_MAX_LEN];
	FILE *in = fopen(file, "r");

	if (in == NULL)
		give_up(file, 0, strerror(errno));
	corpus->count = 0;
	corpus->entries = calloc(ENTRIES_MAX, sizeof(*corpus->entries));
	assert_non_null(corpus->entries);
	while (fgets(line, sizeof(line), in) != NULL) {
		size_t len = strlen(line);

		reading.line++;
		if (len == 0 || line[len - 1] != '\n')
			give_up(file, reading.line, "too long");
		line[--len] = '\0';
		read_line(&reading, line, len);
	}
	end_entry(&reading);
	assert_int_equal(fclose(in), 0);
}

void
corpus_close(struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->count; i++)
		free(corpus->entries[i].block);
	free(corpus->entries);
	corpus->entries = NULL;
	corpus->count = 0;
}

const struct corpus_entry *
corpus_find(const struct corpus *corpus, const char *id)
{
	size_t i;

	for (i = 0; i < corpus->count; i++) {
		if (strcmp(corpus->entries[i].id, id) == 0)
			return &corpus->entries[i];
	}
	give_up(id, 0, "there is no such entry");
}

bool
corpus_expects(const struct corpus_entry *entry, const char *verdict)
{
	const char *at = entry->expect;
	size_t len = strlen(verdict);

	for (;;) {
		if (strncmp(at, verdict, len) == 0 &&
		    (at[len] == '\0' || strncmp(at + len, " | ", 3) == 0))
			return true;
		at = strstr(at, " | ");
		if (at == NULL)
			return false;
		at += 3;
	}
}

/* One past the line end of the line at "at". */
static const char *
after_line(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));

	return lf == NULL ? end : lf + 1;
}

bool
corpus_field_at(const char *at, const char *end, struct corpus_field *field_out)
{
	const char *colon = at;
	const char *stop;

	while (colon<end && * colon> ' ' && *colon < 0x7f && *colon != ':')
		colon++;
	if (colon == at)
		return false;
	while (colon < end && (*colon == ' ' || *colon == '\t'))
		colon++;
	if (colon == end || *colon != ':')
		return false;
	stop = after_line(colon, end);
	while (stop < end && (*stop == ' ' || *stop == '\t'))
		stop = after_line(stop, end);
	field_out->next = stop;
	field_out->name = at;
	field_out->name_len = (size_t)(colon - at);
	field_out->value = colon + 1;
	if (stop > colon + 1 && stop[-1] == '\n')
		stop--;
	if (stop > colon + 1 && stop[-1] == '\r')
		stop--;
	field_out->value_len = (size_t)(stop - colon - 1);
	return true;
}
