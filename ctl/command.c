/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/command.h"

#include <stdint.h>
#include <string.h>

#include "core/base/attr.h"

void
pc_command_arg_range(const char *args, size_t *min_out, size_t *max_out)
{
	size_t min = 0;
	size_t max = 0;
	size_t len;

	while (*args != '\0') {
		len = strcspn(args, " ");
		if (args[0] != '[')
			min++;
		max++;
		if (len >= 3 && memcmp(args + len - 3, "...", 3) == 0)
			max = SIZE_MAX;
		args += len;
		args += strspn(args, " ");
	}
	*min_out = min;
	*max_out = max;
}

const struct pc_command *
pc_command_at(size_t i)
{
	static const struct pc_command *const parts[] = {pc_commands_account,
	    pc_commands_sending, pc_commands_notice, pc_commands_general};
	const struct pc_command *command;
	size_t part;

	for (part = 0; part < PT_ARRAY_LEN(parts); part++) {
		for (command = parts[part]; command->words != NULL; command++) {
			if (i-- == 0)
				return command;
		}
	}
	return NULL;
}

const struct pc_command *
pc_command_find(const char *words)
{
	const struct pc_command *command;
	size_t i;

	for (i = 0; (command = pc_command_at(i)) != NULL; i++) {
		if (strcmp(command->words, words) == 0)
			return command;
	}
	return NULL;
}

bool
pc_command_is_group(const char *word)
{
	const struct pc_command *command;
	size_t len = strlen(word);
	size_t i;

	for (i = 0; (command = pc_command_at(i)) != NULL; i++) {
		if (strncmp(command->words, word, len) == 0 &&
		    command->words[len] == ' ')
			return true;
	}
	return false;
}
