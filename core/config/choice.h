/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The words that a key of postern.conf may have, as one string of the table
 * of keys: "hold refuse off".  A word's value is its place, from 0, unless a
 * digit says another: "error=3 warn=4 info=6".
 */
#ifndef PT_CONFIG_CHOICE_H
#define PT_CONFIG_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"

struct pt_choice {
	const char *at; /* not terminated; NULL before the first */
	size_t len;
	unsigned value;
};

/* Goes to the next word, from a zeroed struct on; false after the last. */
bool
pt_choice_next(const char *words, struct pt_choice *choice);

bool
pt_choice_find(const char *words, const char *name, unsigned *value_out);

/* "hold, refuse, off": for messages and the manual. */
void
pt_choice_list(const char *words, struct pt_text *out);

#endif
