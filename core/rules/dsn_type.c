/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Content-Type as RFC 2045 section 5.1 writes it, with parameters in pieces
 * (RFC 2231) if they come in their order.  Values may hold what should have
 * stood in quotation marks ("boundary=----=_Part"), because many do.
 */
#include "core/rules/dsn_private.h"

#include <string.h>

#include "core/base/digit.h"
#include "core/rules/field_text.h"

#define TSPECIALS "()<>@,;:\\\"/[]?="
/* Of a value; what a piece of a boundary needs at most, each byte as %XX. */
#define VALUE_MAX (3 * PT_DSN_BOUNDARY_MAX + 32)

struct value {
	size_t len;
	char text[VALUE_MAX];
};

struct param {
	bool is_bad;
	bool is_closed; /* it came in one piece */
	unsigned pieces;
	size_t len;
	char text[PT_DSN_BOUNDARY_MAX + 1];
};

/* "boundary*1*": piece 1, with %XX in it. */
struct param_name {
	struct pt_dsn_text base;
	bool is_piece;
	bool is_encoded;
	unsigned piece;
};

static const struct {
	const char *type, *subtype;
	enum pt_dsn_kind kind;
} kinds[] = {
    {"multipart", "report", PT_DSN_KIND_REPORT},
    {"message", "delivery-status", PT_DSN_KIND_STATUS},
    {"message", "global-delivery-status", PT_DSN_KIND_STATUS},
    {"message", "rfc822", PT_DSN_KIND_RETURNED},
    {"message", "global", PT_DSN_KIND_RETURNED},
    {"message", "global-headers", PT_DSN_KIND_RETURNED},
    {"text", "rfc822-headers", PT_DSN_KIND_RETURNED},
};

static bool
take_mark(struct pt_dsn_text *text, char mark)
{
	pt_dsn_text_skip_comments(text);
	if (text->len == 0 || text->at[0] != mark)
		return false;
	pt_dsn_text_skip(text, 1);
	pt_dsn_text_skip_comments(text);
	return true;
}

static enum pt_dsn_kind
read_kind(struct pt_dsn_text *text)
{
	struct pt_dsn_text type;
	struct pt_dsn_text subtype;
	size_t i;

	pt_dsn_text_skip_comments(text);
	type = pt_dsn_text_take(text, TSPECIALS);
	if (!take_mark(text, '/'))
		return PT_DSN_KIND_OTHER;
	subtype = pt_dsn_text_take(text, TSPECIALS);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (pt_dsn_text_is(&type, kinds[i].type) &&
		    pt_dsn_text_is(&subtype, kinds[i].subtype))
			return kinds[i].kind;
	}
	return PT_DSN_KIND_OTHER;
}

static bool
add_byte(struct value *value, char c)
{
	if (value->len == sizeof(value->text))
		return false;
	value->text[value->len++] = c;
	return true;
}

static bool
read_quoted(struct pt_dsn_text *text, struct value *out)
{
	bool fits = true;
	char c;

	while (text->len > 0) {
		c = text->at[0];
		pt_dsn_text_skip(text, 1);
		if (c == '"')
			return fits;
		if (c == '\r' || c == '\n')
			continue;
		if (c == '\\' && text->len > 0) {
			c = text->at[0];
			pt_dsn_text_skip(text, 1);
		}
		fits = add_byte(out, c) && fits;
	}
	return false;
}

/* false: it has no end, or is longer than any that matters. */
static bool
read_value(struct pt_dsn_text *text, struct value *out)
{
	struct pt_dsn_text plain;

	out->len = 0;
	if (text->len > 0 && text->at[0] == '"') {
		pt_dsn_text_skip(text, 1);
		return read_quoted(text, out);
	}
	plain = pt_dsn_text_take(text, "\"();,");
	if (plain.len > sizeof(out->text))
		return false;
	if (plain.len > 0)
		memcpy(out->text, plain.at, plain.len);
	out->len = plain.len;
	return true;
}

static struct param_name
split_name(struct pt_dsn_text name)
{
	struct param_name out = {.base = pt_dsn_text_take(&name, "*")};

	if (name.len == 0)
		return out;
	pt_dsn_text_skip(&name, 1);
	while (name.len > 0 && name.at[0] >= '0' && name.at[0] <= '9' &&
	       out.piece < 1000) {
		out.is_piece = true;
		out.piece = out.piece * 10 + (unsigned)(name.at[0] - '0');
		pt_dsn_text_skip(&name, 1);
	}
	/* "x*" and "x*1*" are encoded, "x*1" is not. */
	out.is_encoded = !out.is_piece || name.len > 0;
	return out;
}

/* Undoes %XX, after "charset'language'" if this is the first piece. */
static bool
decode_percent(struct value *value, bool is_first)
{
	size_t from = 0;
	size_t to = 0;
	unsigned quotes = 0;
	int high;
	int low;

	while (is_first && from < value->len && quotes < 2)
		quotes += value->text[from++] == '\'';
	if (is_first && quotes < 2)
		return false;
	while (from < value->len) {
		if (value->text[from] != '%') {
			value->text[to++] = value->text[from++];
			continue;
		}
		if (value->len - from < 3)
			return false;
		high = pt_digit_hex(value->text[from + 1]);
		low = pt_digit_hex(value->text[from + 2]);
		if (high < 0 || low < 0)
			return false;
		value->text[to++] = (char)(high * 16 + low);
		from += 3;
	}
	value->len = to;
	return true;
}

static void
add_param(
    struct param *param, const struct param_name *name, struct value *value)
{
	if (param->is_closed ||
	    (name->is_piece ? name->piece != param->pieces : param->pieces > 0))
		param->is_bad = true;
	if (name->is_piece)
		param->pieces++;
	else
		param->is_closed = true;
	if (name->is_encoded && !decode_percent(value, name->piece == 0))
		param->is_bad = true;
	if (value->len > PT_DSN_BOUNDARY_MAX - param->len)
		param->is_bad = true;
	if (param->is_bad)
		return;
	memcpy(param->text + param->len, value->text, value->len);
	param->len += value->len;
}

/* false: a parameter that matters may be hidden in what cannot be read. */
static bool
read_params(
    struct pt_dsn_text *text, struct param *boundary, struct param *report_type)
{
	struct param_name name;
	struct value value;
	bool is_readable;

	while (take_mark(text, ';')) {
		name = split_name(pt_dsn_text_take(text, TSPECIALS));
		if (name.base.len == 0)
			continue;
		if (!take_mark(text, '='))
			return false;
		is_readable = read_value(text, &value);
		if (pt_dsn_text_is(&name.base, "boundary")) {
			boundary->is_bad = boundary->is_bad || !is_readable;
			add_param(boundary, &name, &value);
		} else if (pt_dsn_text_is(&name.base, "report-type")) {
			report_type->is_bad =
			    report_type->is_bad || !is_readable;
			add_param(report_type, &name, &value);
		}
	}
	return true;
}

enum pt_dsn_kind
pt_dsn_type_read(struct pt_dsn_text value,
    char boundary_out[PT_DSN_BOUNDARY_MAX + 1], size_t *boundary_len_out)
{
	struct param boundary = {0};
	struct param report_type = {0};
	struct pt_dsn_text report;
	enum pt_dsn_kind kind;

	kind = read_kind(&value);
	if (kind != PT_DSN_KIND_REPORT)
		return kind;
	if (!read_params(&value, &boundary, &report_type) || boundary.is_bad ||
	    report_type.is_bad || boundary.len == 0 ||
	    pt_field_text_is_blank(boundary.text[boundary.len - 1]))
		return PT_DSN_KIND_OTHER;
	report.at = report_type.text;
	report.len = report_type.len;
	if (!pt_dsn_text_is(&report, "delivery-status"))
		return PT_DSN_KIND_OTHER;
	memcpy(boundary_out, boundary.text, sizeof(boundary.text));
	*boundary_len_out = boundary.len;
	return kind;
}

enum pt_dsn_encoding
pt_dsn_type_encoding(struct pt_dsn_text value)
{
	struct pt_dsn_text word;

	pt_dsn_text_skip_comments(&value);
	word = pt_dsn_text_take(&value, TSPECIALS);
	if (pt_dsn_text_is(&word, "7bit") || pt_dsn_text_is(&word, "8bit") ||
	    pt_dsn_text_is(&word, "binary"))
		return PT_DSN_ENCODING_NONE;
	if (pt_dsn_text_is(&word, "base64"))
		return PT_DSN_ENCODING_BASE64;
	if (pt_dsn_text_is(&word, "quoted-printable"))
		return PT_DSN_ENCODING_QUOTED;
	return PT_DSN_ENCODING_UNKNOWN;
}
