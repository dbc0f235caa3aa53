/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The texts of notices, as postern-notices(5) describes their files: one a
 * language, "lv.txt", in the directories of notice { templates }.  A section
 * is taken from the first directory whose file has it, so that a postmaster's
 * file may hold only what differs.
 *
 * Everything is checked when it is read; errors are PT_ERR_CONFIG with
 * "FILE:LINE: what is wrong".  What was read never changes; any number of
 * threads may use it.
 */
#ifndef PT_NOTICE_TEMPLATE_H
#define PT_NOTICE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/zone.h"
#include "core/config/config.h"
#include "core/state/figures.h"
#include "core/state/notice.h"

#define PT_TEMPLATE_FILE_MAX    ((size_t)64 << 10) /* bytes of a file */
#define PT_TEMPLATE_BODY_MAX    4096               /* of a text */
#define PT_TEMPLATE_SUBJECT_MAX 200
#define PT_TEMPLATE_LINE_MAX    1000
#define PT_TEMPLATE_FORMS       3

/* The texts; the order is that of the files we ship. */
enum pt_template_id {
	PT_TEMPLATE_BLOCKED_QUOTA,
	PT_TEMPLATE_BLOCKED_CRACKED,
	PT_TEMPLATE_BLOCKED_CONNECTIONS,
	PT_TEMPLATE_BLOCKED_INACTIVE,
	PT_TEMPLATE_BLOCKED_UNUSED,
	PT_TEMPLATE_BLOCKED_ABUSE,
	PT_TEMPLATE_BLOCKED_ADMIN,
	PT_TEMPLATE_PASSWORDS_ENDED,
	PT_TEMPLATE_ENABLED,
	PT_TEMPLATE_PASSWORD_CREATED,
	PT_TEMPLATE_UNUSED_SOON,
	PT_TEMPLATE_LIMIT_SOON,
	PT_TEMPLATE_PENALTY,
	PT_TEMPLATE_NOTICES, /* those before are mails of their own */
	PT_TEMPLATE_FOOTER = PT_TEMPLATE_NOTICES, /* below each of them */
	PT_TEMPLATE_CLIENT_CONFIG, /* a page on how to set up mail programs */
	PT_TEMPLATE_TEXTS,
};

/* Which of a word's forms goes with a number. */
enum pt_template_plural {
	PT_PLURAL_SAME,       /* one form */
	PT_PLURAL_ENGLISH,    /* 1; others */
	PT_PLURAL_LATVIAN,    /* 1, 21, 31 ...; others */
	PT_PLURAL_LITHUANIAN, /* 1, 21 ...; 2 to 9, 22 ...; others */
	PT_PLURAL_RUSSIAN,    /* 1, 21 ...; 2 to 4, 22 ...; others */
	PT_PLURALS,
};

/* Units of a period, the longest first. */
enum pt_template_unit {
	PT_UNIT_WEEK,
	PT_UNIT_DAY,
	PT_UNIT_HOUR,
	PT_UNIT_MINUTE,
	PT_UNIT_SECOND,
	PT_UNITS,
};

/* Strings are owned and NUL-terminated; NULL: not read (yet). */
struct pt_template_text {
	char *subject; /* of a notice; NULL for the others */
	char *body;    /* lines; the last one ends, too */
};

struct pt_template_words {
	bool is_read;
	enum pt_template_plural plural;
	enum pt_zone_date date; /* ISO unless it is written */
	char *forms[PT_UNITS][PT_TEMPLATE_FORMS];
};

struct pt_template_language {
	char tag[36]; /* "lv", as configured */
	struct pt_template_text texts[PT_TEMPLATE_TEXTS];
	struct pt_template_words words;
	bool has_figures;
	char *figures[PT_FIGURES_UNITS]; /* a line for each unit but NONE */
};

struct pt_templates {
	size_t count; /* > 0 */
	struct pt_template_language *languages;
};

/* Reads the texts of all notice { languages }. */
int
pt_templates_open(const struct pt_config *config,
    struct pt_templates **templates_out, struct pt_err *err);

/* NULL is allowed. */
void
pt_templates_free(struct pt_templates *templates);

/*
 * The same only to see whether it can be done; for check-config and before a
 * reload.  Nothing is looked at while notices are off (notice { from } is
 * empty).
 */
int
pt_templates_check(const struct pt_config *config, struct pt_err *err);

/*
 * The texts for who wants "tag": those of that language, of it without its
 * region ("pt" for "pt-BR"), else the first.
 */
const struct pt_template_language *
pt_templates_find(const struct pt_templates *templates, const char *tag);

/* "blocked-quota" ...: the name of the section. */
const char *
pt_template_name(enum pt_template_id id);

/* The text that tells of a notice; PT_TEMPLATE_NOTICES if there is none. */
enum pt_template_id
pt_template_of(const struct pt_notice *notice);

/* The same the other way round: kind and block of a text. */
void
pt_template_notice(enum pt_template_id id, struct pt_notice *notice);

#endif
