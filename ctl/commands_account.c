/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of commands: accounts and external access. */

#include "ctl/columns.h"
#include "ctl/command.h"
#include "ctl/handlers.h"
#include "ctl/order.h"

#define PC_OPTION_PROTOCOLS                                         \
	{                                                           \
		0, "protocols", "LIST", "which of imap, pop3, smtp" \
	}
#define PC_OPTION_LABEL                                           \
	{                                                         \
		0, "label", "TEXT", "its name, such as \"Phone\"" \
	}
#define PC_OPTION_EXPIRES                            \
	{                                            \
		0, "expires", "TIME",                \
		    "until when it works (default: " \
		    "no end)"                        \
	}
#define PC_OPTION_NETWORKS                       \
	{                                        \
		0, "networks", "LIST",           \
		    "where it may be used from " \
		    "(default: anywhere)"        \
	}

const struct pc_command pc_commands_account[] = {
    {
	.words = "init",
	.args = "",
	.options = {{0, "owner", "USER",
	    "who owns the state (default: postern)"}},
	.summary = "make the state directory and the state",
	.doc = "Makes the directory named by `state_dir` and the state in it.\n"
	       "What is there already is left as it is.\n"
	       "Run by root, the state belongs to the user `postern` or to "
	       "USER, and root's own\nstate is given to that user; run by "
	       "another user, it belongs to that one.\n",
	.columns = pc_columns_init,
	.run = pc_cmd_init,
    },
    {
	.words = "account show",
	.args = "LOGIN",
	.summary = "what is recorded about an account",
	.doc = "Shows the record of an account.\n"
	       "The answer is negative if there is none: the account has the "
	       "defaults then.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_settings,
	.run = pc_cmd_account_show,
    },
    {
	.words = "account list",
	.args = "",
	.summary = "all accounts that have a record",
	.doc = "Lists the accounts for which something was decided, by "
	       "login.\n"
	       "An account without a record has the defaults and is not "
	       "listed.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_accounts,
	.run = pc_cmd_account_list,
    },
    {
	.words = "account delete",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "forget an account, but not its history",
	.doc = "Deletes all that is recorded about an account: plan, "
	       "overrides, locks,\napp passwords, windows and counts.\n"
	       "Its history stays.\n"
	       "The mailbox is not Postern's business: if the login is used "
	       "again, it starts\nwith the defaults.\n"
	       "Damaged records go, too.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_account_delete,
    },
    {
	.words = "set",
	.args = "LOGIN KEY=VALUE...",
	.options = {{0, "now", NULL,
	    "a plan holds now, without its plan_delay"}},
	.summary = "plan, status, limits of one account",
	.doc = "Sets `plan`, `status` (`active` or `inactive`), `language`, "
	       "`timezone` (such as\n`Europe/Vilnius`), or any key of a plan "
	       "for this one account.\n"
	       "A plan with a `plan_delay` holds when that is over, which the "
	       "answer tells;\nwith `--now` it holds at once.\n"
	       "Setting the present plan again takes one that is on its way "
	       "back.\n"
	       "With `status=inactive`, external access that was on is "
	       "blocked (`inactive`);\nwhen the status is `active` again, "
	       "`enable` opens it.\n"
	       "Several items of a list are separated by commas, as in "
	       "`messages=5/1m,50/1h`;\n`unlimited` stands for no limit.\n"
	       "An empty value, as in `messages=`, takes a setting back: the "
	       "plan holds again.\n"
	       "A `penalty` that would do nothing beside `messages` is "
	       "refused, as in a plan;\n`messages` or a `plan` beside which "
	       "the present one does nothing come with a\nwarning.\n"
	       "All settings of one call are made together or not at all.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_set,
    },
    {
	.words = "enable",
	.args = "LOGIN",
	.options = {PC_OPTION_PROTOCOLS, PC_OPTION_LABEL, PC_OPTION_EXPIRES,
	    PC_OPTION_NETWORKS, PC_OPTION_NOTE},
	.summary = "let mail programs in, with an app password",
	.doc = "Switches external access on and makes the first app password, "
	       "which is printed\nthis once and kept nowhere.\n"
	       "Without `--protocols`, all protocols of the plan are switched "
	       "on.\n"
	       "Refused while a block for `abuse` or `admin` stands, and after "
	       "`cracked` until\nthe main password was changed; any other "
	       "block ends.\n"
	       "Refused while the status is inactive.\n"
	       "The answer says from when on mail programs are let in "
	       "(`activation_delay`), and\nif a sending lock still stands: "
	       "that is not touched.\n"
	       "\n"
	       "While access is on, `enable` with `--protocols` alone changes "
	       "the protocols and\nmakes no app password; for another one, "
	       "there is `password create`.\n"
	       "If the app password cannot be written to standard output, it "
	       "is revoked again.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_issue,
	.run = pc_order_run,
	.prepare = pc_order_enable,
    },
    {
	.words = "disable",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "keep mail programs out",
	.doc = "Switches external access off: all app passwords and open "
	       "sessions end.\n"
	       "Webmail goes on.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_disable,
    },
    {
	.words = "password create",
	.args = "LOGIN",
	.options = {PC_OPTION_PROTOCOLS, PC_OPTION_LABEL, PC_OPTION_EXPIRES,
	    PC_OPTION_NETWORKS, PC_OPTION_NOTE},
	.summary = "another app password",
	.doc = "Makes another app password for an account whose external "
	       "access is on, at most\n32 for each, and prints it this once.\n"
	       "Blanks, hyphens and capitals do not count when it is typed.\n"
	       "\n"
	       "TIME is a span (`90d`) or a point in time as for `grant`.\n"
	       "Networks are at most 4 prefixes such as `192.0.2.0/24`, "
	       "separated by commas.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_issue,
	.run = pc_order_run,
	.prepare = pc_order_password_create,
    },
    {
	.words = "password list",
	.args = "LOGIN",
	.options = {{0, "all", NULL, "those that have ended, too"}},
	.summary = "the app passwords and their last use",
	.doc = "Lists the app passwords by their ids, with the time, protocol "
	       "and address of\ntheir last use.\n"
	       "Those that have ended are remembered for 90 days.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_passwords,
	.run = pc_cmd_password_list,
    },
    {
	.words = "password revoke",
	.args = "LOGIN ID",
	.options = {PC_OPTION_NOTE},
	.summary = "end one app password",
	.doc = "Ends one app password and the sessions that came in with it; "
	       "the others stay.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_password_revoke,
    },
    {
	.words = "client-config",
	.args = "LOGIN",
	.options = {{0, "mobileconfig", NULL, "a profile for Apple's devices"},
	    {0, "autoconfig", NULL, "settings for Thunderbird"},
	    {0, "text", NULL, "a page that tells what to type"},
	    {0, "qr", NULL, "a QR code, for phones"},
	    {0, "new-password", NULL, "with an app password, made for it"},
	    PC_OPTION_LABEL,
	    {0, "language", "TAG",
		"the page not in the account's language but in this"},
	    PC_OPTION_NOTE},
	.summary = "settings for a mail program",
	.doc = "Writes to standard output what a mail program needs to be let "
	       "in, for the\nprotocols that the account may use and that have "
	       "a server in `client { }` of\npostern.conf(5).\n"
	       "One of three forms must be asked for:\n"
	       "`--mobileconfig` is a configuration profile that iPhones, "
	       "iPads and Macs install;\na later one for the same login "
	       "replaces it.\n"
	       "It is not signed: do that yourself if you want to.\n"
	       "`--autoconfig` is the XML that Thunderbird and others look "
	       "for.\n"
	       "`--text` is a page in the account's language, the text "
	       "`client-config` of\npostern-notices(5).\n"
	       "Where external access is off or blocked, nothing is written, "
	       "and the error says\nwhat to do.\n"
	       "\n"
	       "Without `--new-password`, the mail program asks for the app "
	       "password.\n"
	       "With it, a further one is made as by `password create`, with "
	       "its limits, history\nand notice, and stands in what is "
	       "written: keep that as safe as a password, and\nshow the QR "
	       "code to nobody else.\n"
	       "If it cannot be written, the app password is revoked again.\n"
	       "\n"
	       "With `--qr`, a QR code for a UTF-8 terminal stands below the "
	       "page, or in place of\nthe document.\n"
	       "With `--text` and `--autoconfig` it holds the settings in the "
	       "JSON of Thunderbird\nfor Android, because no other form for "
	       "phones holds them whole; with\n`--mobileconfig` it holds the "
	       "address `client { url }`, because iPhones open an\naddress "
	       "but take no profile from a code.\n",
	.one_format = true,
	.run = pc_cmd_client_config,
    },
    {
	.words = "password-changed",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "the main password was changed",
	.doc = "Says that the owner has a new main password, which a block "
	       "`cracked` asks for.\n"
	       "With `password_change_ends` in the plan, all app passwords "
	       "end.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_password_changed,
    },
    {
	.words = "block",
	.args = "LOGIN",
	.options = {{0, "reason", "REASON",
			"one of admin, abuse, quota, cracked, connections, "
			"inactive, unused"},
	    PC_OPTION_NOTE},
	.summary = "take external access away, for a reason",
	.doc = "Blocks the account: external access goes off, all app "
	       "passwords and open\nsessions end, and who still uses one is "
	       "told the reason.\n"
	       "`--reason` must be given.\n"
	       "After `abuse` and `admin` only `unblock` opens the way again, "
	       "after `cracked`\n`password-changed`; otherwise the owner may "
	       "enable again.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_block,
    },
    {
	.words = "unblock",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "end a block",
	.doc = "Takes the block away.\n"
	       "External access stays off until it is enabled again, with a "
	       "new app password.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_change,
	.run = pc_order_run,
	.prepare = pc_order_unblock,
    },
    {.words = NULL},
};
