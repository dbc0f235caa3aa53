/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of commands: sending, reports, the state. */

#include "ctl/command.h"
#include "ctl/handlers.h"

const struct pc_option pc_global_options[] = {
    [PC_GLOBAL_CONFIG] = {'c', NULL, "FILE",
	"the configuration (default: /etc/postern/postern.conf)"},
    [PC_GLOBAL_FORMAT] = {'f', NULL, "FORMAT",
	"table (for people), flow, json or tab"},
    [PC_GLOBAL_HELP] = {'h', "help", NULL, "help, also for each command"},
    [PC_GLOBAL_VERSION] = {'V', "version", NULL, "the version"},
    [PC_GLOBALS] = {0},
};

const struct pc_command pc_commands_general[] = {
    {
	.words = "quota",
	.args = "[LOGIN]",
	.summary = "how full the sending windows are",
	.doc = "Shows each window of a login: used, limit, left, and while it "
	       "is full, the\ntime from which one more fits.\n"
	       "Without LOGIN, shows every window in which anything counts at "
	       "the moment.\n",
	.state = PC_STATE_READ,
	.run = pc_cmd_quota,
    },
    {
	.words = "reset",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "empty the sending windows of a login",
	.doc = "Forgets what counts in the windows, so that the login may "
	       "send at once.\n"
	       "Totals, locks and grants stay.\n"
	       "A damaged activity record is replaced by an empty one.\n",
	.state = PC_STATE_WRITE,
	.run = pc_cmd_reset,
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
	.run = pc_cmd_grant,
    },
    {
	.words = "lock",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "no sending at all, webmail included",
	.doc = "Sets the sending lock: from its next command on, the login "
	       "cannot send,\nneither from a mail program nor from webmail.\n",
	.state = PC_STATE_WRITE,
	.run = pc_cmd_lock,
    },
    {
	.words = "unlock",
	.args = "LOGIN",
	.options = {PC_OPTION_NOTE},
	.summary = "end the sending lock",
	.doc = "Takes the sending lock away.\n",
	.state = PC_STATE_WRITE,
	.run = pc_cmd_unlock,
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
	.run = pc_cmd_sender_add,
    },
    {
	.words = "sender remove",
	.args = "LOGIN ADDRESS...",
	.summary = "take such addresses back",
	.doc = "Removes addresses from the account's own list.\n",
	.state = PC_STATE_WRITE,
	.run = pc_cmd_sender_remove,
    },
    {
	.words = "sender list",
	.args = "LOGIN",
	.summary = "what a login may send as, and why",
	.doc = "Lists what the login owns as a sender, and by which rule; "
	       "not what the maps\nsay, see `sender check`.\n",
	.state = PC_STATE_READ,
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
	.run = pc_cmd_sender_check,
    },
    {
	.words = "explain",
	.args = "LOGIN",
	.summary = "may it send and log in, why not, what to do",
	.doc = "Says in plain words whether the login may send now, and if "
	       "not, why, from when\non, and what can be done; the same for "
	       "a login by each protocol of a mail\nprogram that has a good "
	       "app password, is encrypted and comes from anywhere.\n"
	       "Then it tells what that rests on: plan, status, locks, "
	       "external access, windows,\ngrant, overrides, the last "
	       "message, the last refusal, the last logins, mail\nchecks, "
	       "what is held back of INBOX, open sessions and traffic.\n",
	.state = PC_STATE_READ,
	.run = pc_cmd_explain,
    },
    {
	.words = "history",
	.args = "[LOGIN]",
	.options = {{'n', NULL, "COUNT", "only the last COUNT entries"}},
	.summary = "who changed what, when and why",
	.doc = "Shows the changes of one account or of all, the oldest "
	       "first.\n",
	.state = PC_STATE_READ,
	.run = pc_cmd_history,
    },
    {
	.words = "top",
	.args = "",
	.options =
	    {{0, "by", "WHAT",
		 "sent (the default), recipients, bytes, refused, messages"},
		{'n', NULL, "COUNT", "how many logins (default: 20)"}},
	.summary = "the logins that send most",
	.doc = "Shows the logins with the highest count: messages `sent`, "
	       "their `recipients`\nand `bytes`, messages `refused` (all "
	       "ever), or the `messages` that count in a\nwindow at the "
	       "moment.\n",
	.state = PC_STATE_READ,
	.run = pc_cmd_top,
    },
    {
	.words = "stats",
	.args = "",
	.options = {{0, "openmetrics", NULL,
	    "in the form that Prometheus reads"}},
	.summary = "counters of the daemons, sizes of the state",
	.doc = "Shows what the policy daemon and the milter have counted since "
	       "the state was\nmade, and how large the state is.\n"
	       "With `--openmetrics`, prints the OpenMetrics text format, for "
	       "example into a\nfile for the node exporter of Prometheus.\n",
	.state = PC_STATE_READ,
	.run = pc_cmd_stats,
    },
    {
	.words = "check-config",
	.args = "",
	.summary = "is the configuration without mistakes?",
	.doc = "Reads the configuration as the daemons would.\n"
	       "A mistake is reported as `FILE:LINE`, with exit status 78.\n",
	.run = pc_cmd_check_config,
    },
    {
	.words = "config",
	.args = "",
	.options = {{'n', NULL, NULL, "only what differs from the defaults"},
	    {0, "plan", "NAME", "only this plan"}},
	.summary = "the configuration that is in force",
	.doc = "Prints every setting with its value, defaults included, in "
	       "the form of\npostern.conf.\n",
	.run = pc_cmd_config,
    },
    {
	.words = "doctor",
	.args = "",
	.options = {{0, "postfix-config", "DIR",
			"where main.cf is (default: Postfix's own)"},
	    {0, "dovecot-config", "FILE",
		"dovecot.conf (default: Dovecot's own)"},
	    {0, "sendmail-config", "FILE",
		"sendmail.cf (default: /etc/mail's, without Postfix)"},
	    {0, "policy", "SOCKET",
		"expect policyd there, not at policy_listen"}},
	.summary = "are Postern, the MTA and Dovecot set up well?",
	.doc = "Looks at the state and its directory, at the policy daemon, "
	       "and through\n`postconf` at every smtpd service of Postfix "
	       "with SASL: is Postern asked at the\nright stages, can it be "
	       "reached, what happens while it is down; is the\nmilter asked "
	       "about "
	       "headers, before those who sign, and does it see bounces.\n"
	       "Where Sendmail is the MTA, it looks for the milter in "
	       "sendmail.cf.\n"
	       "Through `doveconf` it looks at Dovecot: is Postern asked first "
	       "about passwords\nand is its answer final, do sessions get to "
	       "know their app password, are the\nplugins loaded, can mail "
	       "users reach the session socket.\n"
	       "Each finding is `ok`, a `note` or a `problem`, with the lines "
	       "to write.\n"
	       "The answer is negative if there is a problem.\n"
	       "Run it as root, so that it may look everywhere.\n",
	.run = pc_cmd_doctor,
    },
    {
	.words = "dump",
	.args = "",
	.summary = "the whole state as text, for load",
	.doc = "Writes accounts, activity and history to standard output, "
	       "one JSON object a\nline, for `load`, for another host, or for "
	       "a look.\n"
	       "The daemons may go on working meanwhile.\n",
	.state = PC_STATE_READ,
	.one_format = true,
	.run = pc_cmd_dump,
    },
    {
	.words = "load",
	.args = "[FILE]",
	.summary = "read back what dump wrote",
	.doc = "Reads a dump from FILE, or from standard input without FILE "
	       "or with `-`.\n"
	       "All of it is checked first: if a line is bad, `FILE:LINE: what "
	       "is wrong` is\nreported and nothing is changed.\n"
	       "Records that are there already are replaced; others stay.\n"
	       "Loading the same dump again changes nothing.\n",
	.run = pc_cmd_load,
    },
    {
	.words = "backup",
	.args = "DIR",
	.summary = "a consistent copy of the state",
	.doc = "Copies the state into DIR, which is made if it is not there, "
	       "while the daemons\ngo on working.\n"
	       "To restore it, stop the daemons, put the copy in place of "
	       "`accounts` and\n`activity` in the state directory, and give it "
	       "to that directory's owner.\n",
	.run = pc_cmd_backup,
    },
    {.words = NULL},
};
