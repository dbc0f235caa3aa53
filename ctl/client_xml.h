/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * XML for documents of a few dozen elements: indented, each element on a line
 * of its own.  Values may be any text; what XML gives a meaning is escaped, and
 * what it cannot hold (controls, bytes that are no UTF-8, U+FFFE and U+FFFF)
 * makes the whole document fail, because a changed user name is a wrong one.
 */
#ifndef PC_CLIENT_XML_H
#define PC_CLIENT_XML_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/text.h"

struct pc_client_xml {
	struct pt_text *out;
	unsigned depth;
	bool is_bad; /* a value was none */
};

/* Adds the line that every document begins with. */
void
pc_client_xml_begin(struct pc_client_xml *xml, struct pt_text *out);

/* Adds a whole line that is neither checked nor escaped. */
void
pc_client_xml_raw(struct pc_client_xml *xml, const char *line);

/* <name>, or <name attribute="value"> unless attribute is NULL. */
void
pc_client_xml_open(struct pc_client_xml *xml, const char *name,
    const char *attribute, const char *value);

void
pc_client_xml_close(struct pc_client_xml *xml, const char *name);

/* <name>value</name> */
void
pc_client_xml_text(
    struct pc_client_xml *xml, const char *name, const char *value);

/* <name/>, or <name attribute="value"/>. */
void
pc_client_xml_empty(struct pc_client_xml *xml, const char *name,
    const char *attribute, const char *value);

/* -1: a value cannot be written, or there is no room. */
int
pc_client_xml_end(const struct pc_client_xml *xml, struct pt_err *err);

#endif
