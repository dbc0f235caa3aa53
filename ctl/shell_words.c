/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/shell_words.h"

#include <stdbool.h>

/* What is read, and where the next character of a word goes; never ahead. */
struct splitter {
	const char *from;
	char *to;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
take(struct splitter *splitter)
{
	*splitter->to++ = *splitter->from++;
}

/* From behind the opening quote to behind the closing one. */
static int
take_quoted(struct splitter *splitter, char quote, struct pt_err *err)
{
	while (*splitter->from != quote) {
		if (quote == '"' && splitter->from[0] == '\\' &&
		    (splitter->from[1] == '"' || splitter->from[1] == '\\'))
			splitter->from++;
		if (*splitter->from == '\0')
			return pt_err_set(err, PT_ERR_USAGE,
			    "cannot read the line: the quotation that begins "
			    "with %c has no end",
			    quote);
		take(splitter);
	}
	splitter->from++;
	return 0;
}

static int
take_word(struct splitter *splitter, struct pt_err *err)
{
	char c;

	while ((c = *splitter->from) != '\0' && !is_blank(c)) {
		if (c == '\'' || c == '"') {
			splitter->from++;
			if (take_quoted(splitter, c, err) != 0)
				return -1;
			continue;
		}
		if (c == '\\' && *++splitter->from == '\0')
			return pt_err_set(err, PT_ERR_USAGE,
			    "cannot read the line: it ends with a backslash");
		take(splitter);
	}
	return 0;
}

int
pc_shell_words(
    char *line, char **words, size_t max, size_t *count_out, struct pt_err *err)
{
	struct splitter splitter;
	size_t count = 0;

	splitter.from = line;
	splitter.to = line;
	for (;;) {
		while (is_blank(*splitter.from))
			splitter.from++;
		if (*splitter.from == '\0' || *splitter.from == '#')
			break;
		if (count == max)
			return pt_err_set(err, PT_ERR_USAGE,
			    "cannot read the line: it has more than %zu words",
			    max);
		words[count++] = splitter.to;
		if (take_word(&splitter, err) != 0)
			return -1;
		/* Its end takes the place of the blank behind it. */
		if (*splitter.from != '\0')
			splitter.from++;
		else
			splitter.from = "";
		*splitter.to++ = '\0';
	}
	*count_out = count;
	return 0;
}
