/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/rewrite.h"

#include <string.h>

#include "core/base/text.h"

#define ADDRESS_MAX (2 * PT_LOGIN_MAX + 4)

static const char *
with_blank(
    const struct pm_session *session, const char *value, char *buf, size_t cap)
{
	struct pt_text text;

	if (!session->leads_blank)
		return value;
	pt_text_init(&text, buf, cap);
	pt_text_add(&text, " ");
	pt_text_add(&text, value);
	return buf;
}

void
pm_rewrite_add(struct pm_session *session, const struct pm_mta *mta,
    const char *name, const char *value)
{
	char buf[PM_REWRITE_VALUE_MAX + 2];

	if (session->may_add)
		(void)mta->add_header(mta->arg, name,
		    with_blank(session, value, buf, sizeof(buf)));
}

void
pm_rewrite_remove(
    struct pm_session *session, const struct pm_mta *mta, unsigned fields)
{
	const struct pt_from *from = &session->message.from;
	const char *name;
	unsigned field;
	unsigned nth;

	for (field = 0; field < PT_FROM_FIELDS; field++) {
		if ((fields >> field & 1U) == 0)
			continue;
		name = pt_from_field_name((enum pt_from_field)field);
		/* The last first, so that the others keep their number. */
		for (nth = from->fields[field]; nth > 0; nth--)
			(void)mta->change_header(mta->arg, name, nth, NULL);
	}
}

static bool
is_atom(const char *at, size_t len)
{
	static const char specials[] = "()<>[]:;@\\,\"";
	size_t i;

	for (i = 0; i < len; i++) {
		if (strchr(specials, at[i]) != NULL)
			return false;
		if (at[i] == '.' &&
		    (i == 0 || i + 1 == len || at[i + 1] == '.'))
			return false;
	}
	return true;
}

void
pm_rewrite_address(const struct pt_login *login, char *buf, size_t cap)
{
	struct pt_text text;
	size_t i;

	pt_text_init(&text, buf, cap);
	if (is_atom(login->text, login->at)) {
		pt_text_add(&text, login->text);
		return;
	}
	pt_text_add(&text, "\"");
	for (i = 0; i < login->at; i++) {
		if (login->text[i] == '"' || login->text[i] == '\\')
			pt_text_add(&text, "\\");
		pt_text_add_bytes(&text, login->text + i, 1);
	}
	pt_text_add(&text, "\"");
	pt_text_add(&text, login->text + login->at);
}

/* Bytes of a word, which ends at a blank or a control. */
static size_t
word_length(const char *at)
{
	size_t len = 0;

	while ((unsigned char)at[len] > ' ' && at[len] != 0x7f)
		len++;
	return len;
}

static void
add_word(struct pt_text *text, const char *at, size_t len)
{
	bool is_utf8 = pt_text_is_utf8(at, len);
	size_t i;

	for (i = 0; i < len; i++)
		pt_text_add_bytes(
		    text, is_utf8 || (at[i] & 0x80) == 0 ? at + i : "?", 1);
}

void
pm_rewrite_clean(const char *text, char *buf, size_t cap)
{
	size_t column = sizeof(PM_REWRITE_ORIGINAL) + 1;
	struct pt_text out;
	size_t len;

	pt_text_init(&out, buf, cap);
	while (*text != '\0') {
		len = word_length(text);
		if (len == 0) {
			text++;
			continue;
		}
		/* The first word follows the name, wherever it ends. */
		if (out.len > 0 && column + 1 + len > PM_REWRITE_LINE_MAX) {
			pt_text_add(&out, "\n ");
			column = 1;
		} else if (out.len > 0) {
			pt_text_add(&out, " ");
			column++;
		}
		add_word(&out, text, len);
		column += len;
		text += len;
	}
}

/* Of the other fields, those that may stay are plainly the login's. */
static unsigned
foreign_fields(const struct pm_session *session)
{
	const struct pm_message *message = &session->message;
	unsigned fields = 0;
	unsigned i;

	for (i = PT_FROM_FIELD_FROM + 1; i < PT_FROM_FIELDS; i++) {
		if (!pt_from_field_is_plain(&message->from,
			session->snapshot->config, &message->login,
			(enum pt_from_field)i))
			fields |= 1U << i;
	}
	return fields;
}

static void
replace_from(struct pm_session *session, const struct pm_mta *mta)
{
	const char *name = pt_from_field_name(PT_FROM_FIELD_FROM);
	unsigned nth = session->message.from.fields[PT_FROM_FIELD_FROM];
	char address[ADDRESS_MAX];
	char buf[ADDRESS_MAX + 1];

	pm_rewrite_address(&session->message.login, address, sizeof(address));
	if (nth == 0) {
		pm_rewrite_add(session, mta, name, address);
		return;
	}
	for (; nth > 1; nth--)
		(void)mta->change_header(mta->arg, name, nth, NULL);
	(void)mta->change_header(
	    mta->arg, name, 1, with_blank(session, address, buf, sizeof(buf)));
}

void
pm_rewrite_from(struct pm_session *session, const struct pm_mta *mta)
{
	char value[PM_REWRITE_VALUE_MAX];

	replace_from(session, mta);
	pm_rewrite_remove(session, mta, foreign_fields(session));
	pm_rewrite_clean(session->message.original, value, sizeof(value));
	if (value[0] != '\0')
		pm_rewrite_add(session, mta, PM_REWRITE_ORIGINAL, value);
}
