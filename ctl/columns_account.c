/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The columns of commands: accounts, external access. */

#include "ctl/columns.h"

/* What account show tells, and for people what enable tells. */
const struct pc_column pc_columns_settings[] = {
    {"setting", NULL, 0, PC_CELL_TEXT,
	"what is told about the account; `override` and "
	"`sender` have a row for each"},
    {"value", NULL, 0, PC_CELL_NONE, "what it is"},
    {.name = NULL},
};

const struct pc_column pc_columns_accounts[] = {
    {"login", NULL, 0, PC_CELL_TEXT, "the account"},
    {"plan", NULL, 0, PC_CELL_TEXT, "its plan, or the default one"},
    {"status", NULL, 0, PC_CELL_TEXT, "`active` or `inactive`"},
    {"access", NULL, 0, PC_CELL_TEXT,
	"external access: `never`, `on` or `off`"},
    {"app_passwords", "passwords", PC_RIGHT, PC_CELL_NUMBER,
	"app passwords that have not ended"},
    {"locked", NULL, 0, PC_CELL_BOOL, "is there a sending lock?"},
    {"block", NULL, 0, PC_CELL_TEXT, "the reason of the block, or none"},
    {"overrides", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"plan keys that were set for this account"},
    {"senders", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"further addresses that it may send as"},
    {"created", NULL, 0, PC_CELL_TIME, "since when there is a record"},
    {.name = NULL},
};

/* What is told of every change. */
#define CHANGED                                                           \
	{"login", NULL, 0, PC_CELL_TEXT, "the account"},                  \
	    {"what", NULL, 0, PC_CELL_TEXT,                               \
		"the word in the history, or `unchanged`: it was so "     \
		"already"},                                               \
	    {"detail", NULL, 0, PC_CELL_TEXT,                             \
		"what was changed, as in the history"},                   \
	    {"changed", NULL, PC_MACHINE, PC_CELL_BOOL, "was anything?"}, \
	{                                                                 \
		"new_record", NULL, PC_MACHINE, PC_CELL_BOOL,             \
		    "was nothing known of the login before?"              \
	}

/* Of every command that changes one account. */
const struct pc_column pc_columns_change[] = {
    CHANGED,
    {.name = NULL},
};

/* The same, for those that may make an app password. */
const struct pc_column pc_columns_issue[] = {
    CHANGED,
    {"id", NULL, PC_MACHINE, PC_CELL_NUMBER,
	"the number of the app password; none was made where "
	"it and what follows is `null`"},
    {"label", NULL, PC_MACHINE, PC_CELL_TEXT, "its label, maybe empty"},
    {"password", NULL, PC_MACHINE, PC_CELL_TEXT,
	"itself: nothing tells it again"},
    {"protocols", NULL, PC_MACHINE, PC_CELL_TEXT,
	"for which it is good, with commas between"},
    {"networks", NULL, PC_MACHINE, PC_CELL_TEXT,
	"from where, with commas between; none: from anywhere"},
    {"expires", NULL, PC_MACHINE, PC_CELL_TIME, "when it expires"},
    {"active_from", NULL, PC_MACHINE, PC_CELL_TIME,
	"from when on it works, if not at once"},
    {"sending_locked", NULL, PC_MACHINE, PC_CELL_TIME,
	"since when a sending lock forbids to send"},
    {.name = NULL},
};

const struct pc_column pc_columns_passwords[] = {
    {"id", NULL, PC_RIGHT, PC_CELL_NUMBER,
	"the number that `password revoke` takes"},
    {"label", NULL, 0, PC_CELL_TEXT, "the label"},
    {"protocols", NULL, 0, PC_CELL_TEXT,
	"for which it is good, with commas between"},
    {"networks", NULL, PC_MACHINE, PC_CELL_TEXT,
	"from where, with commas between; none: from anywhere"},
    {"created", NULL, 0, PC_CELL_TIME, "when it was made"},
    {"expires", NULL, 0, PC_CELL_TIME, "when it expires"},
    {"last_used", "last used", 0, PC_CELL_TIME, "the last login with it"},
    {"by", NULL, 0, PC_CELL_TEXT, "by which protocol that was"},
    {"from", NULL, 0, PC_CELL_TEXT, "from which address"},
    {"ended", NULL, PC_DETAIL, PC_CELL_TIME, "when it ended"},
    {"ending", "how", PC_DETAIL, PC_CELL_TEXT,
	"how it ended, such as `revoked` or `blocked`"},
    {"block", NULL, PC_DETAIL, PC_CELL_TEXT,
	"the reason of the block that ended it"},
    {.name = NULL},
};
