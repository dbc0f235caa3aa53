/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The one table of commands, in four files: commands.c, commands_account.c,
 * commands_sending.c and commands_notice.c.  Parsing of the command line,
 * --help, usage errors and the list of commands in posternctl(8) are all driven
 * by it.
 */
#ifndef PC_COMMAND_H
#define PC_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "ctl/output.h"

#define PC_OPTIONS_MAX 8

/*
 * What a handler answers.  PC_FAILED comes with *err; PC_NO may come with one
 * of kind PT_ERR_NONE, whose text is shown.
 */
enum pc_answer {
	PC_FAILED = -1,
	PC_YES = 0,
	PC_NO = 1, /* understood, but: no such account, a problem found */
};

struct pc_call;

typedef enum pc_answer
pc_command_fn(struct pc_call *call, struct pt_err *err);

/*
 * Of a command that changes one account, its argument 0: reads the rest of the
 * command line into the order (order.h), whose login and note are there.
 */
struct pc_order;

typedef int
pc_prepare_fn(
    const struct pc_call *call, struct pc_order *order, struct pt_err *err);

struct pc_option {
	char letter;       /* 0: none */
	const char *name;  /* NULL: none, it has a letter then */
	const char *value; /* "TIME"; NULL: the option stands alone */
	const char *summary;
};

/* How the state is opened for a handler. */
enum pc_state {
	PC_STATE_NONE, /* not at all, or the handler does it itself */
	PC_STATE_READ,
	PC_STATE_WRITE,
};

struct pc_command {
	const char *words; /* "account show" */
	/*
	 * Arguments for people and for the parser: words in a row, "[WORD]"
	 * may be left out, and a last "..." stands for more of the same.
	 */
	const char *args;
	struct pc_option options[PC_OPTIONS_MAX + 1]; /* ends with zeroes */
	const char *summary;                          /* half a line */
	/*
	 * Whole sentences for --help and the man page.  Each sentence ends its
	 * line, an empty line separates paragraphs, and what is typed as it is
	 * stands in backquotes.
	 */
	const char *doc;
	enum pc_state state;
	bool one_format; /* -f makes no sense */
	/* Of its rows (columns.h); NULL with one_format. */
	const struct pc_column *columns;
	/* Of those with that option, where they differ; else NULL. */
	const struct pc_column *other_columns;
	const char *other_option; /* "dry-run" */
	pc_command_fn *run;
	pc_prepare_fn *prepare; /* NULL: it changes no account */
};

/* The parts of the table; each ends with a row without words. */
extern const struct pc_command pc_commands_account[];
extern const struct pc_command pc_commands_sending[];
extern const struct pc_command pc_commands_general[];
extern const struct pc_command pc_commands_notice[];

/* What every command that changes something has. */
#define PC_OPTION_NOTE                                            \
	{                                                         \
		0, "note", "TEXT", "why, for you and the history" \
	}

/* Command i of the whole table, in the order of help; NULL behind the last. */
const struct pc_command *
pc_command_at(size_t i);

/* -c, -f, --help and -V, which every command knows; ends with zeroes. */
extern const struct pc_option pc_global_options[];

enum pc_global {
	PC_GLOBAL_CONFIG,
	PC_GLOBAL_FORMAT,
	PC_GLOBAL_HELP,
	PC_GLOBAL_VERSION,
	PC_GLOBALS,
};

/* How many arguments a pattern such as "LOGIN [ADDRESS]..." takes. */
void
pc_command_arg_range(const char *args, size_t *min_out, size_t *max_out);

/* NULL if the words are no command. */
const struct pc_command *
pc_command_find(const char *words);

/* Is there a command of two words that starts with this one? */
bool
pc_command_is_group(const char *word);

#endif
