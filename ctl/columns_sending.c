/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The columns of commands: sending, senders, the queue, what was observed. */

#include "ctl/columns.h"

const struct pc_column pc_columns_quota[] = {
    {"login", NULL, PC_DETAIL, PC_CELL_TEXT, "the account"},
    {"kind", "what", 0, PC_CELL_TEXT,
	"what is counted: `messages`, `recipients`, `bytes`; "
	"`penalty`, `client-addresses` and `new-recipients` where the plan has "
	"them; `refusals` while there are any; `grant`; and `penalty-term`, "
	"which only says when the penalty ends"},
    {"window", NULL, PC_RIGHT, PC_CELL_SPAN,
	"the length of the window; none: there is no limit"},
    {"used", NULL, PC_RIGHT, PC_CELL_NONE, "what counts in it now"},
    {"limit", NULL, PC_RIGHT, PC_CELL_NONE, "what may count in it"},
    {"left", NULL, PC_RIGHT, PC_CELL_NONE, "what is left of that"},
    {"full_until", "full until", 0, PC_CELL_NONE,
	"when there is room again, or `always`; when the "
	"penalty ends"},
    {.name = NULL},
};

const struct pc_column pc_columns_queue[] = {
    {"queue_id", "id", 0, PC_CELL_TEXT, "Postfix's name of the message"},
    {"queue", NULL, 0, PC_CELL_TEXT,
	"`incoming`, `active`, `deferred` or `hold`"},
    {"arrived", NULL, 0, PC_CELL_TIME, "when it came"},
    {"size", NULL, PC_RIGHT, PC_CELL_SIZE, "its bytes"},
    {"login", NULL, 0, PC_CELL_TEXT, "to whom its envelope sender belongs"},
    {"sender", NULL, 0, PC_CELL_TEXT, "the envelope sender"},
    {"sent_by", "sent by", 0, PC_CELL_TEXT,
	"the login that Postfix recorded with it; none where "
	"it was not looked up or there is none"},
    {"result", NULL, 0, PC_CELL_TEXT,
	"`held`, `released`, `already held`, `not held`, "
	"`left alone` (another login sent it, or none is "
	"recorded), `gone` (it left the queue meanwhile), "
	"`not done`, or with `queue list` `in the queue`"},
    {"detail", NULL, 0, PC_CELL_TEXT, "why it was left alone"},
    {.name = NULL},
};

const struct pc_column pc_columns_senders[] = {
    {"sender", NULL, 0, PC_CELL_TEXT, "an address, or a pattern of addresses"},
    {"rule", NULL, 0, PC_CELL_TEXT,
	"why the login may send as that, or what was asked "
	"for it"},
    {.name = NULL},
};

const struct pc_column pc_columns_top[] = {
    {"login", NULL, 0, PC_CELL_TEXT, "the account"},
    {"sent", NULL, PC_RIGHT, PC_CELL_NUMBER, "messages"},
    {"recipients", NULL, PC_RIGHT, PC_CELL_NUMBER, "their recipients"},
    {"bytes", NULL, PC_RIGHT, PC_CELL_SIZE, "their bytes"},
    {"refused", NULL, PC_RIGHT, PC_CELL_NUMBER, "messages that were refused"},
    {"messages", "in windows", PC_RIGHT, PC_CELL_NUMBER,
	"messages that count in a window now"},
    {"last_sent", "last sent", 0, PC_CELL_TIME, "the last message"},
    {.name = NULL},
};

const struct pc_column pc_columns_would[] = {
    {"login", NULL, 0, PC_CELL_TEXT, "the account"},
    {"plan", NULL, 0, PC_CELL_TEXT, "its plan"},
    {"reason", NULL, 0, PC_CELL_TEXT,
	"why, as postern(7) lists them; `blocked` with a limit is a block "
	"that was only observed"},
    {"kind", "what", 0, PC_CELL_TEXT,
	"what the limit counts: `messages`, `recipients`, `bytes`, "
	"`client-addresses`, `new-recipients`; of a block `refusals` or "
	"`bounces`; none: there is no limit"},
    {"limit", NULL, PC_RIGHT, PC_CELL_TEXT,
	"the limit that was in force, as in the plan: `15/1h`, `30M`"},
    {"messages", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"how many it would have refused; of a block, how often, which is "
	"once in its window; 0: others refused them before, and who raises "
	"only their limits meets this "
	"one"},
    {"peak", NULL, PC_RIGHT, PC_CELL_NONE,
	"the highest amount, in a window or in one message; none: unknown"},
    {"enough", NULL, PC_RIGHT, PC_CELL_TEXT,
	"the limit that lets all of that pass, as one writes it"},
    {"first", NULL, 0, PC_CELL_TIME, "the first of them"},
    {"last", NULL, 0, PC_CELL_TIME, "the last of them"},
    {.name = NULL},
};

const struct pc_column pc_columns_would_summary[] = {
    {"plan", NULL, 0, PC_CELL_TEXT, "the plan"},
    {"reason", NULL, 0, PC_CELL_TEXT, "why"},
    {"kind", "what", 0, PC_CELL_TEXT, "what the limit counts"},
    {"limit", NULL, PC_RIGHT, PC_CELL_TEXT, "the limit that was in force"},
    {"logins", NULL, PC_RIGHT, PC_CELL_NUMBER, "how many it would have met"},
    {"messages", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"how many it would have refused of all of them"},
    {"median", NULL, PC_RIGHT, PC_CELL_NONE,
	"the limit that would do for half of these logins"},
    {"p95", "95 %", PC_RIGHT, PC_CELL_NONE,
	"the one that would do for 95 % of them"},
    {"highest", NULL, PC_RIGHT, PC_CELL_NONE, "the one for all of them"},
    {.name = NULL},
};
