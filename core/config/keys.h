/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The one table of every key of postern.conf.  The loader, posternctl set,
 * posternctl config and the man page are all driven by it.
 */
#ifndef PT_CONFIG_KEYS_H
#define PT_CONFIG_KEYS_H

#include <stddef.h>

enum pt_key_section {
	PT_SECTION_TOP,
	PT_SECTION_PLAN,
	PT_SECTION_SENDER,
	PT_SECTION_NOTICE,
	PT_SECTION_CLIENT,
	PT_SECTIONS,
};

enum pt_key_type {
	PT_KEY_CHOICE,       /* one word of "words" */
	PT_KEY_FLAGS,        /* list of words of "words" */
	PT_KEY_BOOL,         /* yes, no */
	PT_KEY_TEXT,         /* fixed buffer of "size" bytes */
	PT_KEY_LIST,         /* struct pt_strings */
	PT_KEY_NETWORKS,     /* list of networks */
	PT_KEY_WINDOWS,      /* list of "15/1h" */
	PT_KEY_SIZE_WINDOWS, /* list of "2500M/1d" */
	PT_KEY_RATE,         /* one "50/1h" */
	PT_KEY_PENALTY,      /* struct pt_penalty */
	PT_KEY_COUNT,        /* struct pt_limit */
	PT_KEY_SIZE,         /* struct pt_limit, bytes */
	PT_KEY_SPAN,         /* struct pt_limit, seconds */
};

struct pt_key {
	const char *name;
	enum pt_key_section section;
	enum pt_key_type type;
	size_t offset; /* in struct pt_config or struct pt_plan ... */
	size_t size;   /* of the text buffer, for PT_KEY_TEXT */
	/* "hold refuse off": values 0, 1, 2, or bits; "a=3 b=4" says them */
	const char *words;
	const char *initial; /* the default, as pt_plan_override() reads it */
	const char *doc;     /* mdoc text of its paragraph in the man page */
};

size_t
pt_key_count(void);

/* index < pt_key_count(); the keys of a section stand in their order. */
const struct pt_key *
pt_key_at(size_t index);

/* NULL if there is none. */
const struct pt_key *
pt_key_find(enum pt_key_section section, const char *name);

/* The nearest name of that section for "did you mean", or NULL. */
const char *
pt_key_nearest(enum pt_key_section section, const char *name);

#endif
