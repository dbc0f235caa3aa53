/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ctl/command.h"
#include "tools/mktables.h"

/* What may stand close behind something quoted. */
#define CLOSING ".,;:)"

static bool
is_option(const struct pc_option *option)
{
	return option->letter != '\0' || option->name != NULL;
}

static void
print_option(const struct pc_option *option)
{
	(void)fputs(" Oo Fl ", stdout);
	if (option->letter != '\0')
		(void)putchar(option->letter);
	else
		(void)printf("-%s", option->name);
	if (option->value != NULL)
		(void)printf(" Ar %s", option->value);
	(void)fputs(" Oc", stdout);
}

static void
print_options(const struct pc_option *option)
{
	if (!is_option(option))
		return;
	(void)puts(".Bl -tag -width Ds");
	for (; is_option(option); option++) {
		if (option->letter != '\0')
			(void)printf(".It Fl %c", option->letter);
		else
			(void)printf(".It Fl -%s", option->name);
		if (option->value != NULL)
			(void)printf(" Ar %s", option->value);
		(void)putchar('\n');
		/* The help has one line, the page a sentence. */
		(void)printf("%c%s.\n",
		    toupper((unsigned char)*option->summary),
		    option->summary + 1);
	}
	(void)puts(".El");
}

/*
 * "`text`" with what touches it, as a line of its own.  "at" is behind the
 * first backquote; the result is behind the last character that was used.
 */
static const char *
print_quoted(const char *at, bool has_bracket)
{
	size_t len = strcspn(at, "`");

	(void)printf(".Ql %s%.*s", has_bracket ? "( " : "", (int)len, at);
	at += len;
	if (*at == '`')
		at++;
	for (; *at != '\0' && strchr(CLOSING, *at) != NULL; at++)
		(void)printf(" %c", *at);
	(void)putchar('\n');
	at += strspn(at, " ");
	return at[0] == '\n' && at[1] != '\n' ? at + 1 : at;
}

/*
 * The blanks at "at" unless they end a line, which is the case before a
 * quotation, too; behind them.
 */
static const char *
print_blanks(const char *at)
{
	size_t len = strspn(at, " ");

	if (strchr("\n`", at[len]) == NULL && strncmp(at + len, "(`", 2) != 0)
		(void)printf("%*s", (int)len, "");
	return at + len;
}

void
mktables_doc(const char *at)
{
	bool is_line_open = false;
	bool has_bracket;

	while (*at != '\0') {
		has_bracket = at[0] == '(' && at[1] == '`';
		if (*at == '`' || has_bracket) {
			if (is_line_open)
				(void)putchar('\n');
			at = print_quoted(
			    at + (has_bracket ? 2 : 1), has_bracket);
			is_line_open = false;
		} else if (*at == ' ') {
			at = print_blanks(at);
		} else if (strncmp(at, "\n\n", 2) == 0) {
			(void)fputs(is_line_open ? "\n.Pp\n" : ".Pp\n", stdout);
			at += 2;
			is_line_open = false;
		} else {
			is_line_open = *at != '\n';
			(void)putchar(*at++);
		}
	}
}

void
mktables_commands(void)
{
	const struct pc_command *command;
	const struct pc_option *option;

	for (size_t i = 0; (command = pc_command_at(i)) != NULL; i++) {
		option = command->options;
		(void)printf(".It Ic %s", command->words);
		if (command->args[0] != '\0')
			(void)printf(" Ar %s", command->args);
		for (; is_option(option); option++)
			print_option(option);
		(void)putchar('\n');
		mktables_doc(command->doc);
		print_options(command->options);
	}
}
