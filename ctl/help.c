/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/help.h"

#include <stdbool.h>
#include <string.h>

#define LINE_WIDTH 78
#define CALL_WIDTH 34

static bool
is_option(const struct pc_option *option)
{
	return option->letter != '\0' || option->name != NULL;
}

/* "-n COUNT", "--until TIME", "-h, --help"; the number of characters. */
static int
print_option(FILE *stream, const struct pc_option *option)
{
	int n = 0;

	if (option->letter != '\0')
		n += fprintf(stream, "-%c", option->letter);
	if (option->name != NULL)
		n +=
		    fprintf(stream, "%s--%s", n == 0 ? "" : ", ", option->name);
	if (option->value != NULL)
		n += fprintf(stream, " %s", option->value);
	return n;
}

static void
print_options(FILE *stream, const struct pc_option *option)
{
	int n;

	for (; is_option(option); option++) {
		fputs("  ", stream);
		n = print_option(stream, option);
		fprintf(stream, "%*s%s\n", n < 20 ? 20 - n : 1, "",
		    option->summary);
	}
}

void
pc_help_usage(FILE *stream, const struct pc_command *command)
{
	const struct pc_option *option;

	fprintf(stream, "usage: posternctl %s", command->words);
	if (command->args[0] != '\0')
		fprintf(stream, " %s", command->args);
	for (option = command->options; is_option(option); option++) {
		fputs(" [", stream);
		(void)print_option(stream, option);
		fputc(']', stream);
	}
	fputc('\n', stream);
}

/* Fills lines with the words of a paragraph; backquotes are left out. */
static const char *
print_paragraph(FILE *stream, const char *at)
{
	size_t column = 0;
	size_t len;
	size_t i;

	while (*at != '\0' && !(at[0] == '\n' && at[1] == '\n')) {
		at += strspn(at, " ");
		if (*at == '\n' && at[1] != '\n') {
			at++;
			continue;
		}
		len = strcspn(at, " \n");
		if (column > 0 && column + 1 + len > LINE_WIDTH) {
			fputc('\n', stream);
			column = 0;
		}
		if (column > 0 && len > 0)
			column += (size_t)fprintf(stream, " ");
		for (i = 0; i < len; i++) {
			if (at[i] != '`') {
				fputc(at[i], stream);
				column++;
			}
		}
		at += len;
	}
	fputc('\n', stream);
	return at;
}

static void
print_doc(FILE *stream, const char *at)
{
	while (*at != '\0') {
		fputc('\n', stream);
		at = print_paragraph(stream, at);
		at += strspn(at, "\n");
	}
}

void
pc_help_command(FILE *stream, const struct pc_command *command)
{
	pc_help_usage(stream, command);
	print_doc(stream, command->doc);
	fputs("\nOptions:\n", stream);
	print_options(stream, command->options);
	print_options(stream, pc_global_options);
}

static bool
is_in_group(const struct pc_command *command, const char *group)
{
	size_t len;

	if (group == NULL)
		return true;
	len = strlen(group);
	return strncmp(command->words, group, len) == 0 &&
	       command->words[len] == ' ';
}

void
pc_help_overview(FILE *stream, const char *group)
{
	const struct pc_command *command;
	size_t i;
	int n;

	fprintf(stream,
	    "usage: posternctl [-c FILE] [-f FORMAT] %s%sCOMMAND ...\n\n"
	    "Commands:\n",
	    group == NULL ? "" : group, group == NULL ? "" : " ");
	for (i = 0; (command = pc_command_at(i)) != NULL; i++) {
		if (!is_in_group(command, group))
			continue;
		n = fprintf(stream, "  %s%s%s", command->words,
		    command->args[0] == '\0' ? "" : " ", command->args);
		fprintf(stream, "%*s%s\n", n < CALL_WIDTH ? CALL_WIDTH - n : 2,
		    "", command->summary);
	}
	fputs("\nOptions:\n", stream);
	print_options(stream, pc_global_options);
	fputs("\nposternctl COMMAND --help tells more; posternctl(8) all.\n",
	    stream);
}
