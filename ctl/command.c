/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/command.h"

#include <stdint.h>
#include <string.h>

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
pc_command_find(const char *words)
{
	size_t i;

	for (i = 0; i < pc_commands_count; i++) {
		if (strcmp(pc_commands[i].words, words) == 0)
			return &pc_commands[i];
	}
	return NULL;
}

bool
pc_command_is_group(const char *word)
{
	size_t len = strlen(word);
	size_t i;

	for (i = 0; i < pc_commands_count; i++) {
		if (strncmp(pc_commands[i].words, word, len) == 0 &&
		    pc_commands[i].words[len] == ' ')
			return true;
	}
	return false;
}
