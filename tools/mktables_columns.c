/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ctl/columns.h"
#include "ctl/command.h"
#include "tools/mktables.h"

#define LINE_WIDTH 72

static const char *const types[] = {
    [PC_CELL_NONE] = NULL,
    [PC_CELL_TEXT] = "text",
    [PC_CELL_NUMBER] = "number",
    [PC_CELL_TIME] = "time",
    [PC_CELL_SPAN] = "seconds",
    [PC_CELL_SIZE] = "bytes",
    [PC_CELL_BOOL] = "true or false",
};

/* The half sentence of the table as a sentence, in short lines. */
static void
print_sentence(const char *doc)
{
	char text[512];
	bool is_quoted = false;
	size_t begin = 0;
	size_t blank = 0;
	size_t i;

	(void)snprintf(text, sizeof(text), "%c%s%s\n",
	    toupper((unsigned char)doc[0]), doc + 1,
	    doc[strlen(doc) - 1] == '?' ? "" : ".");
	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] == '`')
			is_quoted = !is_quoted;
		if (text[i] == ' ' && !is_quoted)
			blank = i;
		if (i - begin < LINE_WIDTH || blank <= begin)
			continue;
		text[blank] = '\n';
		begin = blank;
	}
	mktables_doc(text);
}

static void
print_columns(const struct pc_column *column)
{
	(void)puts(".Bl -tag -width Ds -compact");
	for (; column->name != NULL; column++) {
		if ((column->flags & PC_HUMAN) != 0)
			continue;
		(void)printf(".It Li %s", column->name);
		if (types[column->type] != NULL)
			(void)printf(" Pq %s", types[column->type]);
		(void)putchar('\n');
		print_sentence(column->doc);
	}
	(void)puts(".El");
}

static bool
was_before(size_t i)
{
	const struct pc_column *columns = pc_command_at(i)->columns;
	size_t j;

	for (j = 0; j < i; j++) {
		if (pc_command_at(j)->columns == columns)
			return true;
	}
	return false;
}

/* Command i and those after it that tell the same. */
static void
print_heading(size_t i)
{
	const struct pc_command *first = pc_command_at(i);
	const struct pc_command *other;

	(void)printf(".It Ic %s", first->words);
	while ((other = pc_command_at(++i)) != NULL) {
		if (other->columns == first->columns)
			(void)printf(" , %s", other->words);
	}
	(void)putchar('\n');
}

void
mktables_columns(void)
{
	const struct pc_command *command;

	for (size_t i = 0; (command = pc_command_at(i)) != NULL; i++) {
		if (command->columns != NULL && !was_before(i)) {
			print_heading(i);
			print_columns(command->columns);
		}
		if (command->other_columns != NULL) {
			(void)printf(".It Ic %s Fl -%s\n", command->words,
			    command->other_option);
			print_columns(command->other_columns);
		}
	}
}
