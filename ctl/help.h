/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Help for people, out of the table of commands. */
#ifndef PC_HELP_H
#define PC_HELP_H

#include <stdio.h>

#include "ctl/command.h"

/* Every command in a line; with a group ("account") only those of it. */
void
pc_help_overview(FILE *stream, const char *group);

void
pc_help_command(FILE *stream, const struct pc_command *command);

/* "usage: posternctl quota [LOGIN]" */
void
pc_help_usage(FILE *stream, const struct pc_command *command);

#endif
