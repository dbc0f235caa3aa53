/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/args.h"

#include <string.h>

#include "core/base/text.h"

#define WORDS_MAX 64
#define NAMES_MAX 64

/* An option as it was found in one of the two tables. */
struct found {
	const struct pc_option *option; /* NULL: there is none */
	const char **value;             /* where its value goes */
	const char *attached; /* "--NAME=VALUE", "-nVALUE"; NULL: none */
};

struct reader {
	int argc;
	char **argv;
	int next;
	bool ended; /* "--" was there */
	const char *globals[PC_GLOBALS];
	char words[WORDS_MAX];
	struct pc_call *call;
};

/* Safe and short, for messages. */
static const char *
show(const char *word, char *buf, size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_text_add_escaped(&text, word, strnlen(word, cap));
	return buf;
}

static bool
option_fits(
    const struct pc_option *option, const char *word, const char **attached)
{
	size_t len;

	*attached = NULL;
	if (word[1] != '-') {
		if (option->letter == '\0' || word[1] != option->letter)
			return false;
		if (word[2] != '\0')
			*attached = word + 2;
		return true;
	}
	len = strcspn(word + 2, "=");
	if (option->name == NULL || strlen(option->name) != len ||
	    memcmp(option->name, word + 2, len) != 0)
		return false;
	if (word[2 + len] == '=')
		*attached = word + 2 + len + 1;
	return true;
}

static bool
is_last(const struct pc_option *option)
{
	return option->letter == '\0' && option->name == NULL;
}

static bool
find_in(const struct pc_option *options, const char **values, const char *word,
    struct found *out)
{
	size_t i;

	for (i = 0; !is_last(&options[i]); i++) {
		if (!option_fits(&options[i], word, &out->attached))
			continue;
		out->option = &options[i];
		out->value = &values[i];
		return true;
	}
	return false;
}

static size_t
add_names(const struct pc_option *options, const char **names, size_t n)
{
	for (; !is_last(options) && n < NAMES_MAX; options++) {
		if (options->name != NULL)
			names[n++] = options->name;
	}
	return n;
}

static int
refuse_option(const struct reader *reader, const char *word, struct pt_err *err)
{
	const char *names[NAMES_MAX];
	const char *nearest = NULL;
	char name[64];
	char shown[64];
	size_t n;

	n = add_names(pc_global_options, names, 0);
	if (reader->call->command != NULL)
		n = add_names(reader->call->command->options, names, n);
	if (word[1] == '-') {
		(void)show(word + 2, name, sizeof(name));
		name[strcspn(name, "=")] = '\0';
		nearest = pt_text_nearest(name, names, n);
	}
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot read option %s: there is no such option%s%s%s",
	    show(word, shown, sizeof(shown)),
	    nearest == NULL ? "" : "; did you mean --",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
}

static int
read_option(struct reader *reader, const char *word, struct pt_err *err)
{
	const struct pc_command *command = reader->call->command;
	struct found found = {NULL, NULL, NULL};
	char shown[64];

	if (!find_in(pc_global_options, reader->globals, word, &found) &&
	    (command == NULL ||
		!find_in(command->options, reader->call->values, word, &found)))
		return refuse_option(reader, word, err);
	if (found.option->value == NULL) {
		if (found.attached != NULL)
			return pt_err_set(err, PT_ERR_USAGE,
			    "cannot read option %s: it takes no value",
			    show(word, shown, sizeof(shown)));
		*found.value = "";
		return 0;
	}
	if (found.attached == NULL && reader->next < reader->argc)
		found.attached = reader->argv[reader->next++];
	if (found.attached == NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot read option %s: its %s is missing",
		    show(word, shown, sizeof(shown)), found.option->value);
	*found.value = found.attached;
	return 0;
}

static int
refuse_command(const char *words, struct pt_err *err)
{
	const struct pc_command *command;
	const char *names[NAMES_MAX];
	const char *nearest;
	char shown[WORDS_MAX];
	size_t n = 0;

	while (n < NAMES_MAX && (command = pc_command_at(n)) != NULL)
		names[n++] = command->words;
	nearest = pt_text_nearest(words, names, n);
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot run \"%s\": there is no such command%s%s%s",
	    show(words, shown, sizeof(shown)),
	    nearest == NULL ? "" : "; did you mean \"",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "\"?");
}

/* A word before the command is known. */
static int
read_command_word(struct reader *reader, const char *word, struct pt_err *err)
{
	struct pt_text words;

	if (reader->words[0] == '\0' && strcmp(word, "help") == 0) {
		reader->globals[PC_GLOBAL_HELP] = "";
		return 0;
	}
	pt_text_init(&words, reader->words + strlen(reader->words),
	    sizeof(reader->words) - strlen(reader->words));
	if (reader->words[0] != '\0')
		pt_text_add(&words, " ");
	pt_text_add(&words, word);
	reader->call->command = pc_command_find(reader->words);
	if (reader->call->command != NULL)
		return 0;
	if (words.cut || !pc_command_is_group(reader->words))
		return refuse_command(reader->words, err);
	reader->call->group = word;
	return 0;
}

static int
read_words(struct reader *reader, struct pt_err *err)
{
	struct pc_call *call = reader->call;
	char *word;

	while (reader->next < reader->argc) {
		word = reader->argv[reader->next++];
		if (!reader->ended && strcmp(word, "--") == 0) {
			reader->ended = true;
		} else if (!reader->ended && word[0] == '-' &&
			   word[1] != '\0') {
			if (read_option(reader, word, err) != 0)
				return -1;
		} else if (call->command == NULL) {
			if (read_command_word(reader, word, err) != 0)
				return -1;
		} else {
			call->args[call->arg_count++] = word;
		}
	}
	return 0;
}

static int
use_globals(struct reader *reader, struct pt_err *err)
{
	const char *format = reader->globals[PC_GLOBAL_FORMAT];
	struct pc_call *call = reader->call;
	char shown[32];

	call->help = reader->globals[PC_GLOBAL_HELP] != NULL;
	call->version = reader->globals[PC_GLOBAL_VERSION] != NULL;
	if (reader->globals[PC_GLOBAL_CONFIG] != NULL)
		call->config_file = reader->globals[PC_GLOBAL_CONFIG];
	if (format == NULL)
		return 0;
	call->format_given = true;
	if (!pc_format_parse(format, &call->format))
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot write format \"%s\": the formats are table, flow, "
		    "json and tab",
		    show(format, shown, sizeof(shown)));
	return 0;
}

/* The name of argument i in the pattern, without brackets and dots. */
static void
arg_name(const char *args, size_t i, char *buf, size_t cap)
{
	struct pt_text text;

	while (i-- > 0) {
		args += strcspn(args, " ");
		args += strspn(args, " ");
	}
	args += strspn(args, "[");
	pt_text_init(&text, buf, cap);
	pt_text_add_bytes(&text, args, strcspn(args, " ]."));
}

static int
check_count(const struct pc_call *call, struct pt_err *err)
{
	const struct pc_command *command = call->command;
	char name[64];
	size_t min;
	size_t max;

	pc_command_arg_range(command->args, &min, &max);
	if (call->arg_count < min) {
		arg_name(command->args, call->arg_count, name, sizeof(name));
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot run \"%s\": %s is missing", command->words, name);
	}
	if (call->arg_count > max)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot run \"%s\": \"%s\" is one word too many",
		    command->words, show(call->args[max], name, sizeof(name)));
	if (call->format_given && command->one_format)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot run \"%s\" with -f: it has one format only",
		    command->words);
	return 0;
}

int
pc_args_parse(int argc, char **argv, struct pc_call *call, struct pt_err *err)
{
	struct reader reader = {
	    .argc = argc, .argv = argv, .next = 1, .call = call};

	/* Words are moved to the front of argv, never past what is read. */
	call->args = argv;
	if (read_words(&reader, err) != 0 || use_globals(&reader, err) != 0)
		return -1;
	if (call->help || call->version)
		return 0;
	if (call->command != NULL)
		return check_count(call, err);
	if (call->group != NULL)
		return pt_err_set(err, PT_ERR_USAGE,
		    "cannot run \"%s\": a word is missing", call->group);
	return pt_err_set(
	    err, PT_ERR_USAGE, "cannot run: a command is missing");
}
