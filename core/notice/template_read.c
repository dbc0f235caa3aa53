/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A file of texts, line by line.  It is read as a language of its own, and
 * what the language before lacks is moved there at the end.
 */

#include <string.h>

#include "core/base/text.h"
#include "core/notice/placeholder.h"
#include "core/notice/template_private.h"

#define SUBJECT "Subject:"
#define BLANKS  " \t"
#define BOM     "\xef\xbb\xbf"
#define BOM_LEN 3
#define NO_NAMES                                              \
	"words, figures, footer, client-config and those of " \
	"the notices; see postern-notices(5)"

enum section {
	SECTION_NONE,
	SECTION_TEXT,
	SECTION_WORDS,
	SECTION_FIGURES,
};

struct reader {
	const char *path;
	unsigned number; /* of the line */
	unsigned first;  /* of the section */
	enum section section;
	enum pt_template_id id; /* of SECTION_TEXT */
	struct pt_template_language own;
	struct pt_text body; /* of the text that is being read */
	char body_room[PT_TEMPLATE_BODY_MAX];
};

/* "FILE:LINE: " before what *err says. */
static int
refuse_at(const struct reader *reader, unsigned line, struct pt_err *err)
{
	return pt_err_prefix(err, "%s:%u", reader->path, line);
}

static int
refuse(const struct reader *reader, struct pt_err *err, const char *why)
{
	(void)pt_err_set(err, PT_ERR_CONFIG, "%s", why);
	return refuse_at(reader, reader->number, err);
}

static int
end_text(struct reader *reader, struct pt_err *err)
{
	struct pt_template_text *text = &reader->own.texts[reader->id];
	struct pt_text *body = &reader->body;

	while (body->len > 1 && body->at[body->len - 2] == '\n')
		body->at[--body->len] = '\0';
	if (reader->id < PT_TEMPLATE_NOTICES && text->subject == NULL)
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "[%s] begins with a line \"" SUBJECT " ...\"",
		    pt_template_name(reader->id));
	else if (body->len <= 1)
		(void)pt_err_set(err, PT_ERR_CONFIG, "[%s] has no text",
		    pt_template_name(reader->id));
	else if (body->cut)
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "[%s] is longer than %d bytes: shorten it",
		    pt_template_name(reader->id), PT_TEMPLATE_BODY_MAX - 1);
	else if ((text->body = strdup(body->at)) == NULL)
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the text: out of memory");
	else
		return 0;
	return refuse_at(reader, reader->first, err);
}

static int
end_section(struct reader *reader, struct pt_err *err)
{
	switch (reader->section) {
	case SECTION_NONE:
		break;
	case SECTION_TEXT:
		return end_text(reader, err);
	case SECTION_WORDS:
		if (pt_template_words_check(&reader->own.words, err) != 0)
			return refuse_at(reader, reader->first, err);
		break;
	case SECTION_FIGURES:
		if (pt_template_figures_check(&reader->own, err) != 0)
			return refuse_at(reader, reader->first, err);
		break;
	}
	return 0;
}

static bool
is_word(const char *at, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(at, word, len) == 0;
}

/* "[name]" */
static int
begin_section(struct reader *reader, const char *line, struct pt_err *err)
{
	const char *name = line + 1;
	size_t len = strlen(name) - 1;
	bool again = false;
	size_t id = 0;

	if (end_section(reader, err) != 0)
		return -1;
	reader->first = reader->number;
	pt_text_init(
	    &reader->body, reader->body_room, sizeof(reader->body_room));
	if (is_word(name, len, "words")) {
		reader->section = SECTION_WORDS;
		again = reader->own.words.is_read;
	} else if (is_word(name, len, "figures")) {
		reader->section = SECTION_FIGURES;
		again = reader->own.has_figures;
	} else {
		while (id < PT_TEMPLATE_TEXTS &&
		       !is_word(name, len,
			   pt_template_name((enum pt_template_id)id)))
			id++;
		if (id == PT_TEMPLATE_TEXTS)
			return refuse(reader, err,
			    "there is no section of this name: there are "
			    "" NO_NAMES);
		reader->section = SECTION_TEXT;
		reader->id = (enum pt_template_id)id;
		again = reader->own.texts[id].body != NULL;
	}
	if (again)
		return refuse(
		    reader, err, "this section stands twice: remove one");
	return 0;
}

static int
set_subject(struct reader *reader, const char *line, struct pt_err *err)
{
	char **subject = &reader->own.texts[reader->id].subject;

	line += strlen(SUBJECT);
	line += strspn(line, BLANKS);
	if (line[0] == '\0' || strlen(line) > PT_TEMPLATE_SUBJECT_MAX)
		return refuse(reader, err,
		    "a subject has from 1 to 200 bytes: change it");
	if (pt_placeholder_check(line, PT_PLACEHOLDERS_SUBJECT, err) != 0)
		return refuse_at(reader, reader->number, err);
	*subject = strdup(line);
	if (*subject == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the text: out of memory");
	return 0;
}

static unsigned
allowed_in(enum pt_template_id id)
{
	return id == PT_TEMPLATE_CLIENT_CONFIG ? PT_PLACEHOLDERS_CLIENT
					       : PT_PLACEHOLDERS_BODY;
}

static int
add_text(struct reader *reader, const char *line, struct pt_err *err)
{
	if (reader->id < PT_TEMPLATE_NOTICES &&
	    reader->own.texts[reader->id].subject == NULL) {
		if (line[0] == '\0')
			return 0;
		if (strncmp(line, SUBJECT, strlen(SUBJECT)) != 0)
			return refuse(reader, err,
			    "a section begins with a line \"" SUBJECT " ...\"");
		return set_subject(reader, line, err);
	}
	if (pt_placeholder_check(line, allowed_in(reader->id), err) != 0)
		return refuse_at(reader, reader->number, err);
	/* Empty lines before the text, and all but one within it. */
	if (line[0] == '\0' &&
	    (reader->body.len == 0 ||
		(reader->body.len > 1 &&
		    reader->body.at[reader->body.len - 2] == '\n')))
		return 0;
	pt_text_add(&reader->body, line);
	pt_text_add(&reader->body, "\n");
	return 0;
}

/* "key: value" */
static int
add_pair(struct reader *reader, const char *line, struct pt_err *err)
{
	size_t key_len = strcspn(line, ":");
	const char *value = line + key_len;
	int rc;

	if (line[0] == '\0')
		return 0;
	if (*value == '\0')
		return refuse(reader, err,
		    "a line here is \"WORD: TEXT\"; there is no "
		    "colon");
	value++;
	value += strspn(value, BLANKS);
	if (*value == '\0')
		return refuse(reader, err, "there is nothing behind the colon");
	if (reader->section == SECTION_WORDS)
		rc = pt_template_words_add(
		    &reader->own.words, line, key_len, value, err);
	else
		rc = pt_template_figures_add(
		    &reader->own, line, key_len, value, err);
	return rc == 0 ? 0 : refuse_at(reader, reader->number, err);
}

static int
add_line(
    struct reader *reader, const char *line, size_t len, struct pt_err *err)
{
	if (line[0] == '#')
		return 0;
	if (line[0] == '[' && line[len - 1] == ']')
		return begin_section(reader, line, err);
	switch (reader->section) {
	case SECTION_NONE:
		break;
	case SECTION_TEXT:
		return add_text(reader, line, err);
	case SECTION_WORDS:
	case SECTION_FIGURES:
		return add_pair(reader, line, err);
	}
	if (len == 0)
		return 0;
	return refuse(reader, err,
	    "a text stands in a section: write \"[blocked-quota]\" or another "
	    "name before it");
}

/* Copies the line without blanks and CR at its end; tabs become blanks. */
static int
take_line(struct reader *reader, const char *at, size_t len, struct pt_err *err)
{
	char line[PT_TEMPLATE_LINE_MAX + 1];
	size_t i;

	while (len > 0 && strchr(BLANKS "\r", at[len - 1]) != NULL &&
	       at[len - 1] != '\0')
		len--;
	if (len > PT_TEMPLATE_LINE_MAX)
		return refuse(reader, err,
		    "the line is longer than 1000 bytes: break it");
	if (!pt_text_is_utf8(at, len))
		return refuse(reader, err,
		    "the line is not UTF-8: convert the file, for example "
		    "with iconv");
	for (i = 0; i < len; i++) {
		line[i] = at[i] == '\t' ? ' ' : at[i];
		if ((pt_text_kinds(&line[i], 1) & PT_TEXT_CONTROL) != 0)
			return refuse(reader, err,
			    "there is a control character in the line: remove "
			    "it");
	}
	line[len] = '\0';
	return add_line(reader, line, len, err);
}

/* Moves what "to" lacks. */
static void
merge(struct pt_template_language *to, struct pt_template_language *from)
{
	size_t i;

	for (i = 0; i < PT_TEMPLATE_TEXTS; i++) {
		if (to->texts[i].body != NULL)
			continue;
		to->texts[i] = from->texts[i];
		from->texts[i] = (struct pt_template_text){NULL, NULL};
	}
	if (!to->words.is_read) {
		to->words = from->words;
		from->words = (struct pt_template_words){.is_read = false};
	}
	if (!to->has_figures) {
		to->has_figures = from->has_figures;
		memcpy(to->figures, from->figures, sizeof(to->figures));
		memset(from->figures, 0, sizeof(from->figures));
	}
}

int
pt_template_read(const char *path, const char *text, size_t len,
    struct pt_template_language *language, struct pt_err *err)
{
	struct reader reader = {.path = path};
	const char *end = text + len;
	const char *newline;
	int rc = 0;

	if (len >= BOM_LEN && memcmp(text, BOM, BOM_LEN) == 0)
		text += BOM_LEN;
	while (rc == 0 && text < end) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (newline == NULL)
			newline = end;
		reader.number++;
		rc = take_line(&reader, text, (size_t)(newline - text), err);
		text = newline + 1;
	}
	if (rc == 0)
		rc = end_section(&reader, err);
	if (rc == 0)
		merge(language, &reader.own);
	pt_template_clear(&reader.own);
	return rc;
}
