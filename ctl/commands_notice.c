/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of commands: notices to owners. */

#include "ctl/columns.h"
#include "ctl/command.h"
#include "ctl/handlers.h"

const struct pc_command pc_commands_notice[] = {
    {
	.words = "notice list",
	.args = "",
	.summary = "the notices that wait or were given up",
	.doc = "Shows what is in the outbox: notices that wait to be sent, "
	       "those that will be\ntried again, with the last error, and "
	       "those that were given up.\n"
	       "Sent ones are not in it.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_notices,
	.run = pc_cmd_notice_list,
    },
    {
	.words = "notice retry",
	.args = "ID",
	.summary = "send a notice now, also a given-up one",
	.doc = "Makes a notice due at once, as if it were new; with `all` for "
	       "ID, every one that\nwaits or was given up.\n"
	       "`postern-keeper` sends it within a second or two, or "
	       "`posternctl sweep` does.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_noticed,
	.run = pc_cmd_notice_retry,
    },
    {
	.words = "notice drop",
	.args = "ID",
	.summary = "take a notice out of the outbox, unsent",
	.doc = "Removes a notice; the owner is not told.\n"
	       "With a kind for ID, such as `enabled`, it removes all of that "
	       "kind.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_noticed,
	.run = pc_cmd_notice_drop,
    },
    {
	.words = "notice preview",
	.args = "LOGIN KIND",
	.options = {{0, "language", "TAG",
			"not in the account's language but in this"},
	    {0, "source", NULL, "the mail as it is sent, encoded"},
	    {0, "send-to", "ADDRESS", "send it there, as a trial"}},
	.summary = "how a notice would read",
	.doc = "Shows the notice that the owner of LOGIN would get, with "
	       "figures for example.\n"
	       "KIND is the name of a section, such as `blocked-quota`; see "
	       "postern-notices(5).\n"
	       "Nothing is sent to the owner.\n"
	       "With `--send-to`, the mail goes through the command of "
	       "`notice { command }` to\nADDRESS alone, which shows whether "
	       "that works.\n",
	.state = PC_STATE_READ,
	.one_format = true,
	.run = pc_cmd_notice_preview,
    },
    {.words = NULL},
};
