/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/dsn.h"

#include <string.h>

#include "core/rules/dsn_private.h"

static void
part_begin(struct pt_dsn_part *part)
{
	part->types = 0;
	part->encodings = 0;
	part->kind = PT_DSN_KIND_OTHER;
	part->encoding = PT_DSN_ENCODING_NONE;
	part->base64 = 0;
	part->base64_bits = 0;
	part->base64_ended = false;
}

static void
field_begin(struct pt_dsn_field *field)
{
	field->is_open = false;
	field->is_cut = false;
	field->is_inside = false;
	field->len = 0;
}

void
pt_dsn_init(struct pt_dsn *dsn)
{
	dsn->is_report = false;
	dsn->from_a_list = false;
	dsn->reporting_mta[0] = '\0';
	dsn->message_id_len = 0;
	dsn->message_id[0] = '\0';
	dsn->count = 0;
	dsn->state = PT_DSN_HEADER;
	dsn->boundary_len = 0;
	dsn->boundary[0] = '\0';
	part_begin(&dsn->part);
	field_begin(&dsn->field);
	pt_dsn_status_begin(&dsn->block);
	dsn->blocks = 0;
	dsn->status_parts = 0;
	dsn->status_is_whole = false;
	dsn->is_broken = false;
	dsn->returned_is_whole = false;
	dsn->message_ids = 0;
	dsn->line_is_cut = false;
	dsn->line_len = 0;
}

/* Of the message or of a part; only the message's boundary matters. */
static void
part_add(struct pt_dsn *dsn, const struct pt_dsn_text *name,
    struct pt_dsn_text value, bool is_cut)
{
	struct pt_dsn_part *part = &dsn->part;
	char unused[PT_DSN_BOUNDARY_MAX + 1];
	size_t unused_len;
	bool is_message = dsn->state == PT_DSN_HEADER;

	if (pt_dsn_text_is(name, "content-type")) {
		part->types++;
		part->kind =
		    pt_dsn_type_read(value, is_message ? dsn->boundary : unused,
			is_message ? &dsn->boundary_len : &unused_len);
		if (part->types > 1 || is_cut)
			part->kind = PT_DSN_KIND_OTHER;
	} else if (pt_dsn_text_is(name, "content-transfer-encoding")) {
		part->encodings++;
		part->encoding = pt_dsn_type_encoding(value);
		if (part->encodings > 1 || is_cut)
			part->encoding = PT_DSN_ENCODING_UNKNOWN;
	}
}

void
pt_dsn_add_field(struct pt_dsn *dsn, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	struct pt_dsn_text name_text = {name, name_len};
	struct pt_dsn_text value_text = {value, value_len};

	if (dsn->state != PT_DSN_HEADER)
		return;
	name_text = pt_dsn_text_trim(name_text);
	part_add(dsn, &name_text, value_text, false);
}

bool
pt_dsn_wants_body(const struct pt_dsn *dsn)
{
	/* RFC 2045 section 6.4: nothing else is allowed around parts. */
	return dsn->part.kind == PT_DSN_KIND_REPORT &&
	       dsn->part.encoding == PT_DSN_ENCODING_NONE;
}

/* The field that was put together is complete. */
static void
field_end(struct pt_dsn *dsn)
{
	struct pt_dsn_field *field = &dsn->field;
	struct pt_dsn_text value = {field->text, field->len};
	struct pt_dsn_text name = {field->text, 0};
	const char *colon;

	if (!field->is_open)
		return;
	colon = memchr(field->text, ':', field->len);
	if (colon != NULL) {
		name.len = (size_t)(colon - field->text);
		pt_dsn_text_skip(&value, name.len + 1);
		name = pt_dsn_text_trim(name);
		if (dsn->state == PT_DSN_PART_HEADER)
			part_add(dsn, &name, value, field->is_cut);
		else if (dsn->state == PT_DSN_STATUS)
			pt_dsn_status_add(dsn, &name, value, field->is_cut);
		else
			pt_dsn_returned_add(dsn, &name, value, field->is_cut);
	}
	field_begin(field);
}

/* Where the body of a part leads. */
static enum pt_dsn_state
part_state(struct pt_dsn *dsn)
{
	if (dsn->part.kind == PT_DSN_KIND_STATUS) {
		dsn->status_parts++;
		return PT_DSN_STATUS;
	}
	if (dsn->part.kind == PT_DSN_KIND_RETURNED && !dsn->returned_is_whole)
		return PT_DSN_RETURNED;
	return PT_DSN_BETWEEN;
}

/* An empty line ends the header of a part or of the returned message. */
static void
field_blank_line(struct pt_dsn *dsn)
{
	bool had_field = dsn->field.is_open;

	field_end(dsn);
	if (dsn->state == PT_DSN_PART_HEADER) {
		dsn->state = part_state(dsn);
	} else if (dsn->state == PT_DSN_RETURNED) {
		dsn->returned_is_whole = true;
		dsn->state =
		    dsn->status_is_whole ? PT_DSN_DONE : PT_DSN_BETWEEN;
	} else if (had_field) {
		pt_dsn_status_end(dsn);
	}
}

static void
field_put(struct pt_dsn_field *field, char c)
{
	if (field->len < sizeof(field->text))
		field->text[field->len++] = c;
	else
		field->is_cut = true;
}

/* A line that starts with a blank goes on with the field before. */
static void
field_byte(struct pt_dsn *dsn, char c)
{
	struct pt_dsn_field *field = &dsn->field;

	if (!field->is_inside && !(c == ' ' || c == '\t'))
		field_end(dsn);
	field->is_open = true;
	field->is_inside = true;
	field_put(field, c);
}

static void
field_newline(struct pt_dsn *dsn)
{
	struct pt_dsn_field *field = &dsn->field;

	if (!field->is_inside) {
		field_blank_line(dsn);
		return;
	}
	field->is_inside = false;
	field_put(field, '\n');
}

/* A CR means nothing, so that lines may end in LF or CRLF. */
static void
field_line(struct pt_dsn *dsn, const char *at, size_t len, bool ends)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (at[i] == '\n')
			field_newline(dsn);
		else if (at[i] != '\r')
			field_byte(dsn, at[i]);
	}
	if (ends)
		field_newline(dsn);
}

/* A line of a part that is of use. */
static void
part_line(struct pt_dsn *dsn)
{
	size_t len = dsn->line_len;
	bool ends = true;

	if (dsn->state != PT_DSN_PART_HEADER &&
	    (pt_dsn_decode_line(&dsn->part, dsn->line, &len, &ends) != 0 ||
		(dsn->line_is_cut &&
		    dsn->part.encoding != PT_DSN_ENCODING_NONE))) {
		if (dsn->state == PT_DSN_STATUS)
			dsn->is_broken = true;
		dsn->message_ids = 2;
		dsn->state = PT_DSN_BETWEEN;
		return;
	}
	field_line(dsn, dsn->line, len, ends);
	if (dsn->line_is_cut)
		dsn->field.is_cut = true;
}

static void
part_end(struct pt_dsn *dsn)
{
	field_end(dsn);
	if (dsn->state == PT_DSN_STATUS) {
		pt_dsn_status_end(dsn);
		dsn->status_is_whole = true;
	} else if (dsn->state == PT_DSN_RETURNED) {
		dsn->returned_is_whole = true;
	}
}

enum mark {
	MARK_NONE,
	MARK_NEXT,
	MARK_LAST,
};

/* "--boundary" or "--boundary--", and perhaps blanks. */
static enum mark
read_mark(const struct pt_dsn *dsn)
{
	struct pt_dsn_text line = {dsn->line, dsn->line_len};

	if (dsn->line_is_cut || line.len < 2 + dsn->boundary_len ||
	    memcmp(line.at, "--", 2) != 0 ||
	    memcmp(line.at + 2, dsn->boundary, dsn->boundary_len) != 0)
		return MARK_NONE;
	pt_dsn_text_skip(&line, 2 + dsn->boundary_len);
	line = pt_dsn_text_trim(line);
	if (line.len == 0)
		return MARK_NEXT;
	return line.len == 2 && memcmp(line.at, "--", 2) == 0 ? MARK_LAST
							      : MARK_NONE;
}

static void
line_end(struct pt_dsn *dsn)
{
	enum mark mark = read_mark(dsn);

	if (mark != MARK_NONE) {
		part_end(dsn);
		part_begin(&dsn->part);
		field_begin(&dsn->field);
		dsn->state =
		    mark == MARK_NEXT ? PT_DSN_PART_HEADER : PT_DSN_DONE;
	} else if (dsn->state != PT_DSN_BETWEEN) {
		part_line(dsn);
	}
	if (dsn->status_parts > 1)
		dsn->is_broken = true;
	if (dsn->is_broken || (dsn->status_is_whole && dsn->returned_is_whole))
		dsn->state = PT_DSN_DONE;
	dsn->line_len = 0;
	dsn->line_is_cut = false;
}

static void
line_add(struct pt_dsn *dsn, const char *at, size_t len)
{
	size_t room = sizeof(dsn->line) - dsn->line_len;

	if (len > room) {
		len = room;
		dsn->line_is_cut = true;
	}
	if (len > 0)
		memcpy(dsn->line + dsn->line_len, at, len);
	dsn->line_len += len;
}

bool
pt_dsn_add_body(struct pt_dsn *dsn, const char *at, size_t len)
{
	const char *newline;
	size_t n;

	if (dsn->state == PT_DSN_HEADER) {
		dsn->state =
		    pt_dsn_wants_body(dsn) ? PT_DSN_BETWEEN : PT_DSN_DONE;
	}
	while (len > 0 && dsn->state != PT_DSN_DONE) {
		newline = memchr(at, '\n', len);
		n = newline == NULL ? len : (size_t)(newline - at);
		line_add(dsn, at, n);
		if (newline == NULL)
			break;
		line_end(dsn);
		at += n + 1;
		len -= n + 1;
	}
	return dsn->state != PT_DSN_DONE;
}

void
pt_dsn_finish(struct pt_dsn *dsn)
{
	if (dsn->state != PT_DSN_HEADER && dsn->state != PT_DSN_DONE &&
	    dsn->line_len > 0)
		line_end(dsn);
	dsn->state = PT_DSN_DONE;
	if (!dsn->returned_is_whole || dsn->message_ids != 1) {
		dsn->message_id_len = 0;
		dsn->message_id[0] = '\0';
	}
	dsn->is_report =
	    dsn->status_is_whole && !dsn->is_broken && dsn->count > 0;
	if (!dsn->is_report)
		dsn->count = 0;
}
