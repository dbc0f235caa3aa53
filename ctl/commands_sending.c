/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of commands: sending, senders, held mail. */

#include "ctl/columns.h"
#include "ctl/command.h"
#include "ctl/handlers.h"
#include "ctl/order.h"

#define PC_OPTION_POSTFIX                                       \
	{                                                       \
		0, "postfix-config", "DIR",                     \
		    "where main.cf is (default: Postfix's own)" \
	}

const struct pc_command pc_commands_sending[] = {
    {
	.words = "quota",
	.args = "[LOGIN]",
	.summary = "how full the sending windows are",
	.doc = "Shows each window of a login: used, limit, left, and while it "
	       "is full, the\ntime from which one more fits.\n"
	       "Likewise a penalty, client addresses, first-time recipients, "
	       "and refusals on the\nway to a block.\n"
	       "Without LOGIN, shows every window in which anything counts at "
	       "the moment.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_quota,
	.run = pc_cmd_quota,
    },
    {
	.words = "reset",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "empty the sending windows of a login",
	.doc = "Forgets what counts in the windows, refusals, client addresses "
	       "and first-time\nrecipients, and ends a penalty, so that the "
	       "login may send at once.\n"
	       "Totals, locks and grants stay.\n"
	       "A damaged record of these is replaced by an empty one.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_reset,
    },
    {
	.words = "grant",
	.args = "LOGIN +COUNT",
	.options = {{0, "until", "TIME",
			"when the rest lapses (default: in 1 day)"},
	    PC_OPTION_NOTE},
	.summary = "so many messages beyond the windows, once",
	.doc = "Lets COUNT messages pass beyond the windows until TIME.\n"
	       "They are used up when the windows are full and do not count "
	       "in them.\n"
	       "A new grant replaces an old one, and `+0` ends it.\n"
	       "TIME is a date (`2026-11-22`), a date and time in UTC "
	       "(`2026-11-22 14:05`), a\ntime of day (`14:05`) or a span from "
	       "now (`+2h`).\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_grant,
    },
    {
	.words = "lock",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "no sending at all, webmail included",
	.doc = "Sets the sending lock: from its next command on, the login "
	       "cannot send,\nneither from a mail program nor from webmail.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_lock,
    },
    {
	.words = "unlock",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "end the sending lock",
	.doc = "Takes the sending lock away.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_unlock,
    },
    {
	.words = "queue list",
	.args = "LOGIN",
	.options = {PC_OPTION_POSTFIX},
	.summary = "what a login has in Postfix's queue",
	.doc = "Lists the messages in the queue whose envelope sender belongs "
	       "to the login, and\nwhich login Postfix recorded with each.\n"
	       "Run it as root.\n",
	.columns = pc_columns_queue,
	.run = pc_cmd_queue_list,
    },
    {
	.words = "queue hold",
	.args = "LOGIN",
	.options = {PC_OPTION_POSTFIX},
	.summary = "hold what a login has in Postfix's queue",
	.doc = "Puts the login's messages on hold, so that nothing is "
	       "delivered until they are\nreleased, or deleted with "
	       "`postsuper -d`.\n"
	       "A message is the login's if its sender belongs to the login "
	       "and Postfix recorded\nthat login with it; others of that "
	       "sender are listed and left alone.\n"
	       "Run it as root.\n",
	.columns = pc_columns_queue,
	.run = pc_cmd_queue_hold,
    },
    {
	.words = "queue release",
	.args = "LOGIN",
	.options = {PC_OPTION_POSTFIX},
	.summary = "let held messages of a login go",
	.doc = "Releases the login's messages that are on hold, whoever held "
	       "them.\n"
	       "Nothing else ever does that.\n"
	       "Run it as root.\n",
	.columns = pc_columns_queue,
	.run = pc_cmd_queue_release,
    },
    {
	.words = "queue apply",
	.args = "",
	.options = {{0, "all", NULL, "look at all accounts, not at the orders"},
	    PC_OPTION_POSTFIX},
	.summary = "hold the queue of accounts that were closed",
	.doc = "Holds what accounts have in the queue that were blocked as "
	       "cracked or locked, if\ntheir plan has `on_block = "
	       "hold-queue`.\n"
	       "Whoever closes an account leaves an order in "
	       "`/run/postern/queue-order`; systemd\nruns this command when "
	       "there is one.\n"
	       "With `--all` it goes by the accounts themselves, which also "
	       "finds those whose order\nwas lost, and holds again what was "
	       "released of accounts that are still closed.\n"
	       "Run it as root.\n",
	.columns = pc_columns_queue,
	.run = pc_cmd_queue_apply,
    },
    {
	.words = "sender add",
	.args = "LOGIN ADDRESS...",
	.summary = "addresses that a login may send as",
	.doc = "Adds addresses to those that the login owns as a sender.\n"
	       "`@example.com` stands for every address of that domain.\n"
	       "A login owns itself, itself with a tag, and itself in its "
	       "alias domains anyway.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_sender_add,
    },
    {
	.words = "sender remove",
	.args = "LOGIN ADDRESS...",
	.summary = "take such addresses back",
	.doc = "Removes addresses from the account's own list.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_sender_remove,
    },
    {
	.words = "sender list",
	.args = "LOGIN",
	.summary = "what a login may send as, and why",
	.doc = "Lists what the login owns as a sender, and by which rule; "
	       "not what the maps\nsay, see `sender check`.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_senders,
	.run = pc_cmd_sender_list,
    },
    {
	.words = "sender check",
	.args = "LOGIN ADDRESS",
	.summary = "may a login send as an address, and why",
	.doc = "Says by which rule the login owns the address: the login, a "
	       "tag, an alias\ndomain, the account's list, or an entry of a "
	       "map.\n"
	       "If it does not, the exit code is 1, and it is said to whom a "
	       "map gives the\naddress; if a map cannot be asked, it is 75.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_senders,
	.run = pc_cmd_sender_check,
    },
    {.words = NULL},
};
