/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the files of the From gate share.  Internal to from*.c. */
#ifndef PT_RULES_FROM_PRIVATE_H
#define PT_RULES_FROM_PRIVATE_H

#include "core/rules/from.h"

enum pt_from_match {
	PT_FROM_MATCH_NO,
	PT_FROM_MATCH_YES,
	PT_FROM_MATCH_ODD, /* only when odd bytes in the name are dropped */
};

/* The field of that name; *out is set unless the answer is no. */
enum pt_from_match
pt_from_field_find(const char *name, size_t len, enum pt_from_field *out);

/* Reads one field's value into *from; the first fault of a field stays. */
void
pt_from_read(struct pt_from *from, enum pt_from_field field, const char *value,
    size_t len);

#endif
