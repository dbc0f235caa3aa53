/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/client_xml.h"

#include <stddef.h>
#include <string.h>

#define INDENT 2

void
pc_client_xml_begin(struct pc_client_xml *xml, struct pt_text *out)
{
	*xml = (struct pc_client_xml){.out = out};
	pc_client_xml_raw(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

void
pc_client_xml_raw(struct pc_client_xml *xml, const char *line)
{
	pt_text_add(xml->out, line);
	pt_text_add(xml->out, "\n");
}

/* What no XML 1.0 document may hold, or none should: C1 controls. */
static bool
is_writable(const char *value)
{
	const unsigned char *at = (const unsigned char *)value;
	size_t len = strlen(value);

	if (!pt_text_is_utf8(value, len) ||
	    (pt_text_kinds(value, len) & PT_TEXT_CONTROL) != 0)
		return false;
	for (; *at != '\0'; at++) {
		if (at[0] == 0xc2 && at[1] < 0xa0)
			return false;
		if (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe)
			return false;
	}
	return true;
}

static void
add_value(struct pc_client_xml *xml, const char *value)
{
	static const char special[] = "&<>\"'";
	static const char *const names[] = {
	    "&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
	size_t len;

	if (!is_writable(value)) {
		xml->is_bad = true;
		return;
	}
	while (*value != '\0') {
		len = strcspn(value, special);
		pt_text_add_bytes(xml->out, value, len);
		value += len;
		if (*value == '\0')
			break;
		pt_text_add(xml->out, names[strchr(special, *value) - special]);
		value++;
	}
}

static void
add_indent(struct pc_client_xml *xml)
{
	pt_text_addf(xml->out, "%*s", (int)(xml->depth * INDENT), "");
}

/* "<name" and its attribute, if there is one. */
static void
add_start(struct pc_client_xml *xml, const char *name, const char *attribute,
    const char *value)
{
	add_indent(xml);
	pt_text_addf(xml->out, "<%s", name);
	if (attribute == NULL)
		return;
	pt_text_addf(xml->out, " %s=\"", attribute);
	add_value(xml, value);
	pt_text_add(xml->out, "\"");
}

void
pc_client_xml_open(struct pc_client_xml *xml, const char *name,
    const char *attribute, const char *value)
{
	add_start(xml, name, attribute, value);
	pt_text_add(xml->out, ">\n");
	xml->depth++;
}

void
pc_client_xml_empty(struct pc_client_xml *xml, const char *name,
    const char *attribute, const char *value)
{
	add_start(xml, name, attribute, value);
	pt_text_add(xml->out, "/>\n");
}

void
pc_client_xml_close(struct pc_client_xml *xml, const char *name)
{
	xml->depth--;
	add_indent(xml);
	pt_text_addf(xml->out, "</%s>\n", name);
}

void
pc_client_xml_text(
    struct pc_client_xml *xml, const char *name, const char *value)
{
	add_indent(xml);
	pt_text_addf(xml->out, "<%s>", name);
	add_value(xml, value);
	pt_text_addf(xml->out, "</%s>\n", name);
}

int
pc_client_xml_end(const struct pc_client_xml *xml, struct pt_err *err)
{
	if (xml->is_bad)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot write the document: the login or a name in "
		    "postern.conf has a character that XML cannot hold");
	if (xml->out->cut)
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "cannot write the document: there is no room for it");
	return 0;
}
