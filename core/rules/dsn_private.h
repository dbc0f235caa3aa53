/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the files of the report reader share; nobody else includes this.
 *
 *	dsn.c           lines, parts and the fields in them
 *	dsn_type.c      Content-Type and Content-Transfer-Encoding
 *	dsn_decode.c    base64 and quoted-printable
 *	dsn_status.c    fields of the status part
 *	dsn_returned.c  fields of the returned header
 *	dsn_text.c      words, blanks and comments
 */
#ifndef PT_RULES_DSN_PRIVATE_H
#define PT_RULES_DSN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/rules/dsn.h"

/* Text that is being read from its front. */
struct pt_dsn_text {
	const char *at;
	size_t len;
};

/* Is it that word, in whatever case?  The word is in lower case. */
bool
pt_dsn_text_is(const struct pt_dsn_text *text, const char *word);

/* Steps over n bytes, of which there are so many. */
void
pt_dsn_text_skip(struct pt_dsn_text *text, size_t n);

/* Blanks and comments, which may hold comments (RFC 5322 section 3.2.2). */
void
pt_dsn_text_skip_comments(struct pt_dsn_text *text);

/* Takes what stands before the first of "ends", a blank or a control. */
struct pt_dsn_text
pt_dsn_text_take(struct pt_dsn_text *text, const char *ends);

/* Without the blanks at both ends. */
struct pt_dsn_text
pt_dsn_text_trim(struct pt_dsn_text text);

/*
 * Reads a Content-Type.  The boundary is taken for reports only, and is
 * untouched otherwise; a report without one is of the kind OTHER.
 */
enum pt_dsn_kind
pt_dsn_type_read(struct pt_dsn_text value,
    char boundary_out[PT_DSN_BOUNDARY_MAX + 1], size_t *boundary_len_out);

/* Reads a Content-Transfer-Encoding. */
enum pt_dsn_encoding
pt_dsn_type_encoding(struct pt_dsn_text value);

/*
 * Undoes the encoding of a line, in place.  The result goes on with the next
 * line unless *ends_out.  -1: it is not in that encoding.
 */
int
pt_dsn_decode_line(
    struct pt_dsn_part *part, char *line, size_t *len, bool *ends_out);

void
pt_dsn_status_begin(struct pt_dsn_block *block);

/* A field of the status part; is_cut: there is more of it. */
void
pt_dsn_status_add(struct pt_dsn *dsn, const struct pt_dsn_text *name,
    struct pt_dsn_text value, bool is_cut);

/* At the end of a block of fields. */
void
pt_dsn_status_end(struct pt_dsn *dsn);

/* A field of the returned header. */
void
pt_dsn_returned_add(struct pt_dsn *dsn, const struct pt_dsn_text *name,
    struct pt_dsn_text value, bool is_cut);

#endif
