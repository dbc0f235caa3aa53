/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The table of commands: reports, notices, the state. */

#include "ctl/columns.h"
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
	.columns = pc_columns_explain,
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
	.columns = pc_columns_history,
	.run = pc_cmd_history,
    },
    {
	.words = "watch",
	.args = "[LOGIN]",
	.options = {{0, "since", "TIME", "first what was written from TIME on"},
	    {'n', NULL, "COUNT", "first the last COUNT entries"}},
	.summary = "follow the history as it is written",
	.doc = "Shows what is changed from now on, of one account or of all, "
	       "as it happens,\nwithin a second, until it is interrupted or "
	       "its output is closed.\n"
	       "TIME is a point in time as for `grant`, or a span that has "
	       "passed, as in `2h`.\n"
	       "With `-f json` each entry is one object on a line of its own, "
	       "without an array\naround them.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_history,
	.run = pc_cmd_watch,
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
	.columns = pc_columns_top,
	.run = pc_cmd_top,
    },
    {
	.words = "would",
	.args = "[LOGIN]",
	.options = {{0, "reason", "REASON", "only this one, such as quota"},
	    {0, "since", "SPAN", "only what was met in the last SPAN"},
	    {0, "limit", "COUNT", "only the first COUNT rows"},
	    {0, "summary", NULL, "by plan and limit, not by login"},
	    {0, "clear", NULL, "forget what is shown"}},
	.summary = "what observe mode would have refused",
	.doc =
	    "Shows for one login or all, those with most first, what would "
	    "have been refused\nhad it not only been observed, by `mode = "
	    "observe` or by the plan's `observe`,\nand the limit that "
	    "would have let it pass.\n"
	    "With `--summary`, shows for each limit of a plan how many "
	    "logins it would have\nmet, and which limit would do for half "
	    "of them, for 95 % and for all.\n"
	    "\n"
	    "A message is noted at its end, so what was given up before is "
	    "not.\n"
	    "Of a login there are up to eight rows; the one that was not met "
	    "for longest\ngives way.\n"
	    "What was not met for 60 days is forgotten.\n"
	    "`--clear` forgets at once what is shown, for example after "
	    "limits were changed;\nit changes nothing else and is not in "
	    "the history.\n",
	.columns = pc_columns_would,
	.other_columns = pc_columns_would_summary,
	.other_option = "summary",
	.run = pc_cmd_would,
    },
    {
	.words = "stats",
	.args = "",
	.options = {{0, "openmetrics", NULL,
	    "in the form that Prometheus reads"}},
	.summary = "counters of the daemons, sizes of the state",
	.doc = "Shows what the daemons have counted since the state was made, "
	       "and how large the\nstate is.\n"
	       "With `--openmetrics`, prints the OpenMetrics text format, for "
	       "example into a\nfile for the node exporter of Prometheus.\n",
	.state = PC_STATE_READ,
	.columns = pc_columns_stats,
	.run = pc_cmd_stats,
    },
    {
	.words = "report",
	.args = "DIR",
	.options = {{0, "days", "N", "how far back (default: 7, at most 400)"},
	    {0, "account", "LOGIN", "one account closely, too"}},
	.summary = "a page of pictures",
	.doc = "Writes `index.html` into DIR, which is made if it is not "
	       "there: sending\nby the hour and what was refused, blocks by "
	       "reason, how full the windows are,\nwho sends most, and with "
	       "`--account` what happened to one account.\n"
	       "The page needs nothing from elsewhere and no script.\n"
	       "It replaces an older one in one step, and can be read by who "
	       "may read DIR.\n"
	       "It holds logins: keep it where only postmasters come.\n",
	.columns = pc_columns_report,
	.run = pc_cmd_report,
    },
    {
	.words = "batch",
	.args = "[FILE]",
	.options = {{0, "keep-going", NULL,
			"do not stop when one failed, or the answer was no"},
	    {0, "no-notices", NULL, "tell owners of nothing but blocks"}},
	.summary = "many changes, from a file or standard input",
	.doc = "Reads commands that change an account, one a line, from FILE, "
	       "or from standard\ninput without FILE or with `-`, as they "
	       "would be typed after `posternctl`:\n"
	       "`enable ann@example.com --protocols imap,smtp`.\n"
	       "Quotes and backslashes work as in a shell, a `#` begins a "
	       "comment, and nothing is\nreplaced.\n"
	       "\n"
	       "Up to 128 lines become one transaction, which is many times "
	       "quicker than a call\nfor each.\n"
	       "Those of one login are run in their order.\n"
	       "A command that fails changes nothing and harms no other.\n"
	       "Without `--keep-going` the batch ends with the transaction in "
	       "which one failed\nor was answered with `no`, and the last "
	       "line that was run is named.\n"
	       "\n"
	       "There is a row for each line that failed or was answered with "
	       "`no`, and for each\nthat made an app password.\n"
	       "The exit code is 0 only if all went well.\n"
	       "When no further line comes for a moment, what has come is "
	       "done and told, so that\nanother program can write a line and "
	       "wait for its answer.\n"
	       "\n"
	       "Each `enable` and `password create` is told to its owner by "
	       "mail.\n"
	       "For many accounts at once, such as those that are moved in, "
	       "`--no-notices` spares\nthem that.\n",
	.columns = pc_columns_batch,
	.run = pc_cmd_batch,
    },
    {
	.words = "sweep",
	.args = "",
	.options = {{0, "dry-run", NULL,
	    "only show which accounts it would change"}},
	.summary = "do the work of postern-keeper once",
	.doc = "Completes blocks that are pending, walks through all accounts "
	       "(those not used\nare told and blocked, expired app passwords "
	       "end, old history is forgotten), and\nsends the notices that "
	       "are due, for ten minutes at most.\n"
	       "Where postern-keeper runs, sending is left to it.\n"
	       "It is for hosts without postern-keeper: run it now and then.\n"
	       "With `--dry-run` it walks only, and lists the accounts that "
	       "would change.\n",
	.state = PC_STATE_WRITE,
	.columns = pc_columns_sweep,
	.other_columns = pc_columns_dry_sweep,
	.other_option = "dry-run",
	.run = pc_cmd_sweep,
    },
    {
	.words = "check-config",
	.args = "",
	.summary = "is the configuration without mistakes?",
	.doc = "Reads the configuration as the daemons would.\n"
	       "A mistake is reported as `FILE:LINE`, with exit status 78.\n",
	.columns = pc_columns_check,
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
	.columns = pc_columns_config,
	.run = pc_cmd_config,
    },
    {
	.words = "doctor",
	.args = "",
	.options = {{0, "postfix-config", "DIR",
			"where main.cf is (default: Postfix's own)"},
	    {0, "dovecot-config", "FILE",
		"where dovecot.conf is (default: Dovecot's own)"},
	    {0, "sendmail-config", "FILE",
		"where sendmail.cf is (default: /etc/mail)"},
	    {0, "policy", "SOCKET",
		"expect policyd there, not at policy_listen"}},
	.summary = "are Postern, the MTA and Dovecot set up well?",
	.doc = "Looks at the state and its directory, at the policy daemon and "
	       "the keeper, and,\nwhere a plan holds mail, at who does it.\n"
	       "Through `postconf` it looks at every smtpd service of Postfix "
	       "with SASL: is Postern\nasked at the right stages, can it be "
	       "reached, what happens while it is down; is\nthe milter asked "
	       "about headers, before those who sign, and does it see "
	       "bounces.\n"
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
	.columns = pc_columns_doctor,
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
	       "Meanwhile a temporary file in TMPDIR, or /tmp, holds what was "
	       "checked; it is\nsmaller than the dump and has no name.\n"
	       "Records that are there already are replaced; others stay.\n"
	       "Loading the same dump again changes nothing.\n",
	.columns = pc_columns_load,
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
	.columns = pc_columns_backup,
	.run = pc_cmd_backup,
    },
    {.words = NULL},
};
