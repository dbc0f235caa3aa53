/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The columns of commands: reports, notices, the state. */

#include "ctl/columns.h"

const struct pc_column pc_columns_init[] = {
    {"what", NULL, 0, PC_CELL_TEXT,
	"the state directory, or which part of the state"},
    {"result", NULL, 0, PC_CELL_TEXT, "`made` or `was there already`"},
    {"made", NULL, PC_MACHINE, PC_CELL_BOOL, "the same as a truth value"},
    {.name = NULL},
};

const struct pc_column pc_columns_explain[] = {
    {"topic", NULL, 0, PC_CELL_TEXT,
	"what the line is about, such as `answer`, `to do` "
	"or `block`"},
    {"text", NULL, PC_WRAP, PC_CELL_TEXT, "for people: its words may change"},
    {.name = NULL},
};

const struct pc_column pc_columns_history[] = {
    {"time", NULL, 0, PC_CELL_TIME, "when"},
    {"login", NULL, 0, PC_CELL_TEXT, "the account"},
    {"who", NULL, 0, PC_CELL_TEXT, "the user or the program that did it"},
    {"what", NULL, 0, PC_CELL_TEXT,
	"what was done, mostly the name of the command"},
    {"detail", NULL, 0, PC_CELL_TEXT,
	"what was changed, as `name=value` where it is not "
	"prose"},
    {.name = NULL},
};

const struct pc_column pc_columns_stats[] = {
    {"program", NULL, 0, PC_CELL_TEXT,
	"which daemon counted; none: a size of the state"},
    {"name", NULL, 0, PC_CELL_TEXT, "what was counted; see OUTPUT OF STATS"},
    {"reason", NULL, 0, PC_CELL_TEXT, "of what is counted by reason"},
    {"count", NULL, PC_RIGHT, PC_CELL_NONE, "how many, or bytes"},
    {.name = NULL},
};

const struct pc_column pc_columns_report[] = {
    {"what", NULL, 0, PC_CELL_TEXT, "`report`"},
    {"file", NULL, 0, PC_CELL_TEXT, "the page"},
    {.name = NULL},
};

const struct pc_column pc_columns_batch[] = {
    {"line", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"which line, from 1 on; empty lines and comments "
	"count"},
    {"login", NULL, 0, PC_CELL_TEXT,
	"of the line; none where it was not understood so far"},
    {"command", NULL, 0, PC_CELL_TEXT, "the same"},
    {"result", NULL, 0, PC_CELL_TEXT,
	"`done`, `unchanged` (it was so already), `no` (as "
	"exit status 1) or `failed`"},
    {"id", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"the number of the new app password; none: none was "
	"made"},
    {"password", "app password", 0, PC_CELL_TEXT, "the new app password"},
    {"detail", NULL, 0, PC_CELL_TEXT, "what was changed, or why it was not"},
    {.name = NULL},
};

const struct pc_column pc_columns_sweep[] = {
    {"work", NULL, 0, PC_CELL_TEXT, "the part of the work"},
    {"what", NULL, 0, PC_CELL_TEXT, "what is counted"},
    {"count", NULL, PC_RIGHT, PC_CELL_NUMBER, "how many"},
    {.name = NULL},
};

/* sweep --dry-run. */
const struct pc_column pc_columns_dry_sweep[] = {
    {"login", NULL, 0, PC_CELL_TEXT, "the account"},
    {"would", NULL, 0, PC_CELL_TEXT,
	"what would be done: `block`, `tell` (the owner), "
	"`expire` (app passwords), `tidy`, or `observe`: a "
	"block that would only be observed"},
    {"until", NULL, 0, PC_CELL_TIME,
	"when access will end, of which the owner would be "
	"told"},
    {.name = NULL},
};

/* check-config. */
const struct pc_column pc_columns_check[] = {
    {"file", NULL, 0, PC_CELL_TEXT, "the configuration"},
    {"result", NULL, 0, PC_CELL_TEXT,
	"`ok`; mistakes are told on standard error"},
    {"mode", NULL, 0, PC_CELL_TEXT, "`observe` or `enforce`"},
    {"plans", NULL, 0, PC_CELL_TEXT,
	"the names of the plans, with commas between"},
    {.name = NULL},
};

const struct pc_column pc_columns_config[] = {
    {"section", NULL, 0, PC_CELL_TEXT,
	"`plan NAME`, `sender` or `notice`; none: outside of "
	"all blocks"},
    {"key", NULL, 0, PC_CELL_TEXT, "the key"},
    {"value", NULL, 0, PC_CELL_TEXT, "its value, as it would be written"},
    {"default", NULL, 0, PC_CELL_BOOL, "is that the default?"},
    {.name = NULL},
};

const struct pc_column pc_columns_doctor[] = {
    {"level", NULL, 0, PC_CELL_TEXT, "`ok`, `note` or `problem`"},
    {"where", NULL, 0, PC_CELL_TEXT, "what was looked at"},
    {"what", NULL, PC_WRAP, PC_CELL_TEXT, "what was found, for people"},
    {"file", NULL, PC_MACHINE, PC_CELL_TEXT, "where the remedy belongs"},
    {"line", NULL, PC_MACHINE, PC_CELL_TEXT,
	"the remedy, maybe of several lines"},
    {"fix", NULL, PC_BELOW | PC_HUMAN, PC_CELL_TEXT, NULL},
    {.name = NULL},
};

const struct pc_column pc_columns_load[] = {
    {"kind", NULL, 0, PC_CELL_TEXT, "the kind of record"},
    {"read", NULL, PC_RIGHT, PC_CELL_NUMBER, "how many were read"},
    {"changed", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"how many of them the state did not have like that"},
    {.name = NULL},
};

const struct pc_column pc_columns_backup[] = {
    {"what", NULL, 0, PC_CELL_TEXT, "`backup`"},
    {"directory", NULL, 0, PC_CELL_TEXT, "where it is"},
    {.name = NULL},
};

const struct pc_column pc_columns_notices[] = {
    {"id", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"the number that `notice retry` and `notice drop` "
	"take"},
    {"time", NULL, 0, PC_CELL_TIME, "when that happened of which it tells"},
    {"login", NULL, 0, PC_CELL_TEXT, "the account"},
    {"notice", NULL, 0, PC_CELL_TEXT,
	"which notice, as the section of its text is named"},
    {"state", NULL, 0, PC_CELL_TEXT,
	"`due`, `waits` (for its next try) or `given-up`"},
    {"tries", NULL, PC_RIGHT, PC_CELL_NUMBER, "tries that failed"},
    {"next", NULL, 0, PC_CELL_TIME, "when it is tried again"},
    {"error", NULL, 0, PC_CELL_TEXT, "why the last try failed"},
    {.name = NULL},
};

/* notice retry and notice drop. */
const struct pc_column pc_columns_noticed[] = {
    {"id", NULL, PC_RIGHT, PC_CELL_NUMBER, "its number"},
    {"login", NULL, 0, PC_CELL_TEXT, "the account"},
    {"notice", NULL, 0, PC_CELL_TEXT, "which notice"},
    {"state", NULL, 0, PC_CELL_TEXT, "`due` or `dropped`"},
    {.name = NULL},
};
