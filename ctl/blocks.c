/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* Without blanks around it, and without quotation marks. */
static char *
trim(char *text)
{
	size_t len;

	text += strspn(text, " \t\r");
	len = strlen(text);
	while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL)
		text[--len] = '\0';
	if (len < 2 || text[0] != '"' || text[len - 1] != '"')
		return text;
	text[len - 1] = '\0';
	return text + 1;
}

/* "passdb {" or "passdb postern {"; the brace is gone already. */
static void
set_block(struct pc_block *block, char *line)
{
	char *label = line + strcspn(line, " \t");

	if (*label != '\0')
		*label++ = '\0';
	block->name = line;
	block->value = trim(label);
	block->is_block = true;
}

static void
set_setting(struct pc_block *block, char *line, char *sign)
{
	*sign = '\0';
	block->name = trim(line);
	block->value = trim(sign + 1);
}

/* A value may begin with a quoted "=", a name of a setting may not. */
static char *
find_sign(char *line)
{
	char *from = line;

	if (*from == '"') {
		from = strchr(from + 1, '"');
		if (from == NULL)
			return NULL;
	}
	return strchr(from, '=');
}

/* false if a block ends that never began. */
static bool
add_line(struct pc_blocks *out, size_t *parent, char *line)
{
	struct pc_block *block = &out->at[out->count];
	size_t len;
	char *sign;

	line += strspn(line, " \t");
	len = strlen(line);
	if (len == 0 || line[0] == '#')
		return true;
	if (line[0] == '}') {
		if (*parent == PC_BLOCKS_TOP)
			return false;
		*parent = out->at[*parent].parent;
		return true;
	}
	block->parent = *parent;
	sign = find_sign(line);
	if (sign != NULL) {
		set_setting(block, line, sign);
	} else if (line[len - 1] == '{') {
		line[len - 1] = '\0';
		set_block(block, line);
		*parent = out->count;
	} else {
		return true;
	}
	out->count++;
	return true;
}

int
pc_blocks_parse(char *text, struct pc_blocks *out, struct pt_err *err)
{
	struct pc_blocks blocks = {.text = text};
	size_t parent = PC_BLOCKS_TOP;
	bool is_whole = true;
	char *line = text;
	char *end;

	blocks.at = calloc(pt_text_count_lines(text), sizeof(*blocks.at));
	if (blocks.at == NULL) {
		free(text);
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the settings of Dovecot: out of memory");
	}
	while (line != NULL && is_whole) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		is_whole = add_line(&blocks, &parent, line);
		line = end;
	}
	if (!is_whole || parent != PC_BLOCKS_TOP) {
		pc_blocks_clear(&blocks);
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot read what doveconf printed: its blocks are not "
		    "closed");
	}
	*out = blocks;
	return 0;
}

void
pc_blocks_clear(struct pc_blocks *blocks)
{
	free(blocks->text);
	free(blocks->at);
	memset(blocks, 0, sizeof(*blocks));
}

const char *
pc_blocks_get(const struct pc_blocks *blocks, size_t parent, const char *name)
{
	const char *value = NULL;
	size_t i;

	for (i = 0; i < blocks->count; i++) {
		if (!blocks->at[i].is_block && blocks->at[i].parent == parent &&
		    strcmp(blocks->at[i].name, name) == 0)
			value = blocks->at[i].value;
	}
	return value;
}

bool
pc_blocks_next(
    const struct pc_blocks *blocks, size_t parent, const char *name, size_t *i)
{
	for (; *i < blocks->count; (*i)++) {
		if (blocks->at[*i].is_block &&
		    blocks->at[*i].parent == parent &&
		    strcmp(blocks->at[*i].name, name) == 0)
			return true;
	}
	return false;
}
