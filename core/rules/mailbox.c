/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/mailbox.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"
#include "core/rules/field_text.h"
#include "core/rules/mailbox_text.h"

/* Nobody writes deeper comments; a limit keeps hostile ones short. */
#define COMMENT_DEPTH_MAX 16

static const char two_addresses[] = "two addresses without a comma, or two "
				    "pairs of angle brackets";

static bool
fail(struct pt_mailbox_reader *reader, const char *fault)
{
	reader->fault = fault;
	return false;
}

static bool
is_at_end(const struct pt_mailbox_reader *reader)
{
	return reader->at == reader->end;
}

/* The next byte; at the end a NUL, which no value holds. */
static char
peek(const struct pt_mailbox_reader *reader)
{
	return is_at_end(reader) ? '\0' : *reader->at;
}

void
pt_mailbox_open(struct pt_mailbox_reader *reader, const char *value, size_t len)
{
	*reader = (struct pt_mailbox_reader){
	    .at = value,
	    .end = value + len,
	    .fault = pt_field_text_fault(value, len),
	    .is_utf8 = (pt_text_kinds(value, len) & PT_TEXT_HIGH) == 0 ||
		       pt_text_is_utf8(value, len),
	};
}

static bool
skip_comment(struct pt_mailbox_reader *reader)
{
	unsigned depth = 0;
	char c;

	while (!is_at_end(reader)) {
		c = *reader->at++;
		if (c == '(' && ++depth > COMMENT_DEPTH_MAX)
			return fail(reader, "too many parentheses");
		if (c == ')' && --depth == 0)
			return true;
		if (c == '\\' && !is_at_end(reader))
			reader->at++;
	}
	return fail(reader, "a parenthesis that is not closed");
}

/* CFWS: blanks, folds and comments. */
static bool
skip_cfws(struct pt_mailbox_reader *reader)
{
	for (;;) {
		if (pt_field_text_is_blank(peek(reader)))
			reader->at++;
		else if (peek(reader) != '(')
			return true;
		else if (!skip_comment(reader))
			return false;
	}
}

static void
skip_blanks(struct pt_mailbox_reader *reader)
{
	while (pt_field_text_is_blank(peek(reader)))
		reader->at++;
}

static void
skip_dot_atom(struct pt_mailbox_reader *reader)
{
	reader->at = pt_mailbox_text_skip(reader->at, reader->end);
}

static bool
skip_quoted(struct pt_mailbox_reader *reader)
{
	char c;

	reader->at++;
	while (!is_at_end(reader)) {
		c = *reader->at++;
		if (c == '"')
			return true;
		if (c == '\\' && !is_at_end(reader))
			reader->at++;
	}
	return fail(reader, "a quotation mark that is not closed");
}

static bool
check_part(struct pt_mailbox_reader *reader, const char *at, size_t len)
{
	const char *fault =
	    pt_mailbox_text_part_fault(at, len, reader->is_utf8);

	return fault == NULL || fail(reader, fault);
}

static bool
check_name(struct pt_mailbox_reader *reader, const char *at, size_t len)
{
	const char *fault =
	    reader->is_utf8 ? NULL : pt_mailbox_text_name_fault(at, len);

	return fault == NULL || fail(reader, fault);
}

/* What stands before an '@': an atom with dots, or one quoted string. */
static bool
skip_local(struct pt_mailbox_reader *reader, struct pt_mailbox *out)
{
	const char *start = reader->at;

	if (peek(reader) == '"') {
		if (!skip_quoted(reader))
			return false;
		out->local = start + 1;
		out->local_len = (size_t)(reader->at - start) - 2;
		return true;
	}
	skip_dot_atom(reader);
	out->local = start;
	out->local_len = (size_t)(reader->at - start);
	return true;
}

/* "@" and the domain; the local part has been found. */
static bool
read_domain(struct pt_mailbox_reader *reader, struct pt_mailbox *out)
{
	if (!check_part(reader, out->local, out->local_len))
		return false;
	reader->at++;
	if (peek(reader) == '[')
		return fail(reader, "a number in brackets instead of a domain");
	out->domain = reader->at;
	skip_dot_atom(reader);
	out->domain_len = (size_t)(reader->at - out->domain);
	if (out->domain_len == 0)
		return fail(reader, "an address without its domain");
	return check_part(reader, out->domain, out->domain_len);
}

static const char *
fault_in_brackets(char c)
{
	switch (c) {
	case '\0':
		return "an angle bracket that is not closed";
	case '<':
		return "two angle brackets";
	case '(':
		return "a comment inside the angle brackets";
	case ',':
	case ':':
	case ';':
		return "several addresses in one pair of angle brackets";
	case '@':
		return "more than one @ in the address";
	case '>':
		return "an address without a domain";
	default:
		return "a blank or a sign in the address that may not be there";
	}
}

static bool
read_angle(struct pt_mailbox_reader *reader, struct pt_mailbox *out)
{
	reader->at++;
	skip_blanks(reader);
	if (peek(reader) == '>')
		return fail(reader, "empty angle brackets");
	if (peek(reader) == '@')
		return fail(reader, "a route before the address");
	if (!skip_local(reader, out))
		return false;
	if (peek(reader) != '@')
		return fail(reader, fault_in_brackets(peek(reader)));
	if (!read_domain(reader, out))
		return false;
	skip_blanks(reader);
	if (peek(reader) != '>')
		return fail(reader, fault_in_brackets(peek(reader)));
	reader->at++;
	return true;
}

static const char *
fault_in_phrase(char c)
{
	switch (c) {
	case '\0':
		return "no address";
	case ',':
		return "a comma outside quotation marks, or a name without an "
		       "address";
	case ':':
	case ';':
		return "a group, or a colon or semicolon outside quotation "
		       "marks";
	case '@':
		return "an @ outside the address and outside quotation marks";
	case '[':
	case ']':
		return "square brackets outside quotation marks";
	case '\\':
		return "a backslash outside quotation marks";
	case '>':
		return "a closing angle bracket without an opening one";
	case ')':
		return "a closing parenthesis without an opening one";
	case '.':
		return "a name that begins with a dot outside quotation marks";
	default:
		return "a sign outside quotation marks that may not be there";
	}
}

/* The rest of a display name, up to its '<'. */
static bool
skip_phrase(struct pt_mailbox_reader *reader)
{
	const char *start;

	while (skip_cfws(reader)) {
		start = reader->at;
		if (peek(reader) == '<')
			return true;
		if (peek(reader) == '"') {
			if (!skip_quoted(reader))
				return false;
			continue;
		}
		skip_dot_atom(reader);
		if (reader->at == start)
			return fail(reader, fault_in_phrase(peek(reader)));
	}
	return false;
}

/* Comments may follow, then a comma or the end. */
static bool
read_rest(struct pt_mailbox_reader *reader, struct pt_mailbox *out)
{
	out->after = reader->at;
	if (!skip_cfws(reader))
		return false;
	out->after_len = (size_t)(reader->at - out->after);
	if (is_at_end(reader) || peek(reader) == ',')
		return check_name(reader, out->name, out->name_len) &&
		       check_name(reader, out->after, out->after_len);
	return fail(reader,
	    peek(reader) == '<' ? two_addresses : "text after the address");
}

/* Many scripts write "me@example.test <me@example.test>". */
static bool
skip_repetition(struct pt_mailbox_reader *reader, const struct pt_mailbox *out)
{
	struct pt_mailbox again = {0};
	const char *start = reader->at;

	skip_blanks(reader);
	if (peek(reader) != '<') {
		reader->at = start;
		return true;
	}
	if (!read_angle(reader, &again))
		return false;
	if (again.local_len != out->local_len ||
	    again.domain_len != out->domain_len ||
	    memcmp(again.local, out->local, out->local_len) != 0 ||
	    memcmp(again.domain, out->domain, out->domain_len) != 0)
		return fail(reader, two_addresses);
	return true;
}

static bool
read_mailbox(struct pt_mailbox_reader *reader, struct pt_mailbox *out)
{
	out->name = reader->at;
	if (!skip_cfws(reader))
		return false;
	if (peek(reader) == '.')
		return fail(reader, fault_in_phrase('.'));
	if (!skip_local(reader, out))
		return false;
	if (peek(reader) == '@') {
		out->name_len = (size_t)(out->local - out->name);
		if (out->name_len > 0 && out->local[-1] == '"')
			out->name_len--;
		return read_domain(reader, out) &&
		       skip_repetition(reader, out) && read_rest(reader, out);
	}
	if (!skip_phrase(reader))
		return false;
	out->name_len = (size_t)(reader->at - out->name);
	return read_angle(reader, out) && read_rest(reader, out);
}

int
pt_mailbox_next(struct pt_mailbox_reader *reader, struct pt_mailbox *out)
{
	struct pt_mailbox mailbox = {0};

	if (reader->fault != NULL)
		return -1;
	if (reader->count == 0)
		skip_blanks(reader);
	if (is_at_end(reader) && reader->count == 0)
		return 0;
	if (reader->count > 0) {
		if (is_at_end(reader))
			return 0;
		reader->at++;
	}
	if (!read_mailbox(reader, &mailbox))
		return -1;
	reader->count++;
	*out = mailbox;
	return 1;
}
