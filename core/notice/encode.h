/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* How text becomes mail: encoded words (RFC 2047) and quoted-printable. */
#ifndef PT_NOTICE_ENCODE_H
#define PT_NOTICE_ENCODE_H

#include <stddef.h>

#include "core/base/text.h"

/*
 * Adds UTF-8 as it may stand in an unstructured field whose name is already
 * there, "used" columns of it: as it is if it is short ASCII, else as encoded
 * words, in folded lines of at most 76 columns.  Controls must be gone.
 */
void
pt_encode_words(struct pt_text *out, const char *text, size_t used);

/* The same where a phrase is wanted: ASCII stands in quotation marks. */
void
pt_encode_phrase(struct pt_text *out, const char *text, size_t used);

/* Adds lines, each ended by '\n', as quoted-printable. */
void
pt_encode_quoted(struct pt_text *out, const char *lines, size_t len);

/*
 * Adds what comes from outside as one line of harmless text: no controls, no
 * bytes that are not UTF-8, no marks that turn the direction of writing.
 */
void
pt_encode_clean(struct pt_text *out, const char *text);

#endif
