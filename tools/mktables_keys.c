/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/config/choice.h"
#include "core/config/keys.h"
#include "core/config/value.h"
#include "tools/mktables.h"

static const struct {
	enum pt_key_section section;
	const char *title;
	const char *intro;
} sections[] = {
    {PT_SECTION_TOP, "Keys outside of all blocks", NULL},
    {PT_SECTION_PLAN, "Keys of a plan",
	".Bd -literal -offset indent\n"
	"plan NAME {\n"
	"        key = value\n"
	"        ...\n"
	"}\n"
	".Ed\n"
	".Pp\n"
	"There may be several plans, each with a name of its own:\n"
	"a-z, 0-9,\n.Ql -\nand\n.Ql _ ,\nat most 32 characters.\n"
	"A key that is not written has its default, whatever other plans say.\n"
	"If there is no plan at all, there is one with the name\n"
	".Ic default_plan\nand\n"
	".Li messages = { \\(dq5/1m\\(dq, \\(dq15/1h\\(dq } .\n"
	".Pp\n"
	"Each of these keys can be set for one account:\n"
	".Ql posternctl set ann@example.com messages=50/1h .\n"
	"Items are then separated by commas, and\n.Cm none\n"
	"stands for an empty list of protocols.\n"},
    {PT_SECTION_SENDER, "Keys of the sender block", NULL},
    {PT_SECTION_NOTICE, "Keys of the notice block", NULL},
    {PT_SECTION_CLIENT, "Keys of the client block",
	"What\n.Ql posternctl client-config\ntells mail programs to use.\n"},
};

/* What stands for the value; pt_choice words are printed for NULL. */
static const char *const values[] = {
    [PT_KEY_BOOL] = "Cm yes | no",
    [PT_KEY_TEXT] = "Ar text",
    [PT_KEY_LIST] = "No { Ar text , ... No }",
    [PT_KEY_NETWORKS] = "No { Ar network , ... No }",
    [PT_KEY_WINDOWS] = "No { Ar number Ns / Ns Ar span , ... No }",
    [PT_KEY_SIZE_WINDOWS] = "No { Ar size Ns / Ns Ar span , ... No }",
    [PT_KEY_PENALTY] = "Ar window Cm for Ar span Cm after Ar window",
    [PT_KEY_RATE] = "Ar number Ns / Ns Ar span",
    [PT_KEY_COUNT] = "Ar number",
    [PT_KEY_SIZE] = "Ar size",
    [PT_KEY_SPAN] = "Ar span",
};

static void
print_words(const struct pt_key *key)
{
	struct pt_choice choice = {0};
	bool is_list = key->type == PT_KEY_FLAGS;

	(void)fputs(is_list ? "No {" : "Cm", stdout);
	while (pt_choice_next(key->words, &choice)) {
		if (choice.at != key->words)
			(void)fputs(is_list ? " ," : " |", stdout);
		(void)printf(
		    is_list ? " Cm %.*s" : " %.*s", (int)choice.len, choice.at);
	}
	(void)fputs(is_list ? " No }" : "", stdout);
}

/* "5/1m,15/1h" as { "5/1m", "15/1h" }. */
static void
print_list(const char *initial)
{
	size_t len;

	(void)fputs("{", stdout);
	for (;;) {
		len = strcspn(initial, ",");
		(void)printf(" \\(dq%.*s\\(dq", (int)len, initial);
		if (initial[len] == '\0')
			break;
		(void)putchar(',');
		initial += len + 1;
	}
	(void)fputs(" }", stdout);
}

static void
print_default(const struct pt_key *key)
{
	(void)fputs(".Pp\nDefault:\n", stdout);
	if (key->initial[0] == '\0') {
		(void)puts("empty.");
		return;
	}
	if (strcmp(key->initial, "unlimited") == 0) {
		(void)puts("no limit.");
		return;
	}
	(void)fputs(".Li ", stdout);
	if (pt_value_is_list(key->type))
		print_list(key->initial);
	else
		mktables_word(key->initial);
	(void)puts(" .");
}

static void
print_key(const struct pt_key *key)
{
	(void)printf(".It Ic %s No = ", key->name);
	if (key->words != NULL)
		print_words(key);
	else
		(void)fputs(values[key->type], stdout);
	(void)printf("\n%s", key->doc);
	print_default(key);
}

void
mktables_keys(void)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(sections); i++) {
		(void)printf(".Ss %s\n", sections[i].title);
		if (sections[i].intro != NULL)
			(void)fputs(sections[i].intro, stdout);
		(void)puts(".Bl -tag -width Ds");
		for (size_t j = 0; j < pt_key_count(); j++) {
			if (pt_key_at(j)->section == sections[i].section)
				print_key(pt_key_at(j));
		}
		(void)puts(".El");
	}
}
