/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Tables of the code as mdoc(7) source, for the man pages.  Each function
 * prints its table to standard output.
 */
#ifndef TOOLS_MKTABLES_H
#define TOOLS_MKTABLES_H

/* Subsections with lists: every key of postern.conf, by block. */
void
mktables_keys(void);

/* Items of a list: every reason with its codes and its text. */
void
mktables_reasons(void);

/* Items of a list: every command of posternctl. */
void
mktables_commands(void);

/* Items of a list: the commands that have rows, and their columns. */
void
mktables_columns(void);

/* Text of a table with quotations in backquotes. */
void
mktables_doc(const char *at);

/* One word of text as an argument of a macro. */
void
mktables_word(const char *at);

#endif
