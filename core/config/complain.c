/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/complain.h"

#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"

#define SHOWN_MAX 80

/* Each takes one word of the text, as libconfuse's own does. */
static const struct {
	const char *theirs;
	const char *before;
	const char *after;
} phrases[] = {
    {"found duplicate title '%s'", "plan \"",
	"\" is given twice, here and in a line or file that was read before"},
    {"unexpected token '%s'", "\"", "\" was not expected here"},
    {"missing equal sign after option '%s'", "there is no \"=\" after \"",
	"\""},
    {"missing title for section '%s'", "there is no name after \"", "\""},
    {"missing opening brace for section '%s'",
	"there is no \"{\" to begin the block \"", "\""},
    {"missing parenthesis for function '%s'", "write ", "(\"FILE\")"},
};

static const struct {
	enum pt_key_section section;
	const char *place; /* behind the name of a key */
} places[] = {
    {PT_SECTION_TOP, " outside of all blocks"},
    {PT_SECTION_PLAN, " in a plan block"},
    {PT_SECTION_SENDER, " in the sender block"},
    {PT_SECTION_NOTICE, " in the notice block"},
    {PT_SECTION_CLIENT, " in the client block"},
};

static const char *const block_names[] = {
    "plan", "sender", "notice", "client", "include"};

static void
show(const char *word, char *buf, size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_text_add_escaped(&text, word, strlen(word));
}

/* A slip of the pen in a block's name, or in a key of any section. */
static void
complain_misspelt(
    enum pt_key_section section, const char *word, struct pt_err *err)
{
	const char *nearest = pt_key_nearest(section, word);
	const char *place = "";
	char shown[SHOWN_MAX];

	if (nearest == NULL && section == PT_SECTION_TOP)
		nearest = pt_text_nearest(
		    word, block_names, PT_ARRAY_LEN(block_names));
	for (size_t i = 0; nearest == NULL && i < PT_ARRAY_LEN(places); i++) {
		nearest = pt_key_nearest(places[i].section, word);
		place = places[i].place;
	}
	show(word, shown, sizeof(shown));
	if (nearest == NULL)
		(void)pt_err_set(
		    err, PT_ERR_CONFIG, "unknown key \"%s\"", shown);
	else
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "unknown key \"%s\"; did you mean \"%s\"%s?", shown,
		    nearest, place);
}

static void
complain_unknown(
    enum pt_key_section section, const char *word, struct pt_err *err)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(places); i++) {
		if (pt_key_find(places[i].section, word) == NULL)
			continue;
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "the key \"%s\" must stand%s", word, places[i].place);
		return;
	}
	complain_misspelt(section, word, err);
}

static void
complain_other(const char *fmt, va_list args, struct pt_err *err)
    PT_PRINTF(1, 0);

static void
complain_other(const char *fmt, va_list args, struct pt_err *err)
{
	char theirs[256];
	char shown[sizeof(theirs)];

	if (vsnprintf(theirs, sizeof(theirs), fmt, args) < 0)
		theirs[0] = '\0';
	show(theirs, shown, sizeof(shown));
	(void)pt_err_set(err, PT_ERR_CONFIG, "%s", shown);
}

void
pt_complain(enum pt_key_section section, const char *fmt, va_list args,
    struct pt_err *err)
{
	char shown[SHOWN_MAX];

	if (strcmp(fmt, "no such option '%s'") == 0) {
		complain_unknown(section, va_arg(args, const char *), err);
		return;
	}
	for (size_t i = 0; i < PT_ARRAY_LEN(phrases); i++) {
		if (strcmp(fmt, phrases[i].theirs) != 0)
			continue;
		show(va_arg(args, const char *), shown, sizeof(shown));
		(void)pt_err_set(err, PT_ERR_CONFIG, "%s%s%s",
		    phrases[i].before, shown, phrases[i].after);
		return;
	}
	if (strcmp(fmt, "premature end of file") == 0)
		(void)pt_err_set(err, PT_ERR_CONFIG,
		    "the file ends in the middle of a setting");
	else
		complain_other(fmt, args, err);
}
