/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* One field's value: its addresses, and those that its names show. */

#include <string.h>

#include "core/base/text.h"
#include "core/rules/display_name.h"
#include "core/rules/from_private.h"
#include "core/rules/mailbox.h"

/* What may be an address at all; a U-label takes more bytes than it counts. */
#define ADDRESS_BYTES_MAX 1024

static void
set_fault(struct pt_from *from, enum pt_from_field field,
    enum pt_reason_id reason, const char *detail)
{
	if (from->faults[field].reason != PT_REASON_NONE)
		return;
	from->faults[field] = (struct pt_from_fault){reason, detail};
}

static bool
is_known(const struct pt_from *from, enum pt_from_field field,
    const struct pt_login *login)
{
	unsigned i;

	for (i = 0; i < from->count; i++) {
		if (from->addresses[i].field == field &&
		    pt_login_equal(&from->addresses[i].login, login))
			return true;
	}
	return false;
}

static bool
add_address(struct pt_from *from, enum pt_from_field field, bool in_name,
    const struct pt_login *login)
{
	struct pt_from_address *address;

	if (from->count == PT_FROM_ADDRESSES_MAX)
		return false;
	address = &from->addresses[from->count++];
	address->field = field;
	address->in_name = in_name;
	memcpy(&address->login, login,
	    offsetof(struct pt_login, text) + login->len + 1);
	return true;
}

static size_t
label_len(const char *at, const char *end)
{
	const char *dot = memchr(at, '.', (size_t)(end - at));

	return (size_t)((dot == NULL ? end : dot) - at);
}

/*
 * IDNA maps full-width letters and the like to plain ones.  A domain that
 * needs it is not the one that it is mapped to: each label with letters beyond
 * ASCII must have become an A-label, and none may have appeared.
 */
static bool
is_same_domain(const char *at, size_t len, const char *folded)
{
	const char *folded_end = folded + strlen(folded);
	const char *end = at + len;
	size_t n;
	size_t m;

	if ((pt_text_kinds(at, len) & PT_TEXT_HIGH) == 0)
		return true;
	for (;;) {
		n = label_len(at, end);
		m = label_len(folded, folded_end);
		if ((pt_text_kinds(at, n) & PT_TEXT_HIGH) != 0 &&
		    (m < 4 || memcmp(folded, "xn--", 4) != 0))
			return false;
		at += n;
		folded += m;
		if (at == end || folded == folded_end)
			return at == end && folded == folded_end;
		at++;
		folded++;
	}
}

/* "local@domain" in one piece. */
static bool
parse_address(const char *at, size_t len, struct pt_login *out)
{
	const char *sign = memchr(at, '@', len);
	struct pt_err err;

	if (sign == NULL || pt_login_parse(at, len, NULL, out, &err) != 0)
		return false;
	return is_same_domain(
	    sign + 1, len - (size_t)(sign + 1 - at), pt_login_domain_of(out));
}

static bool
parse_mailbox(const struct pt_mailbox *mailbox, struct pt_login *out)
{
	char address[ADDRESS_BYTES_MAX];
	size_t len = mailbox->local_len + 1 + mailbox->domain_len;

	if (len > sizeof(address))
		return false;
	memcpy(address, mailbox->local, mailbox->local_len);
	address[mailbox->local_len] = '@';
	memcpy(address + mailbox->local_len + 1, mailbox->domain,
	    mailbox->domain_len);
	return parse_address(address, len, out);
}

struct naming {
	struct pt_from *from;
	enum pt_from_field field;
};

static void
take_shown(void *arg, const char *address, size_t len)
{
	const struct naming *naming = arg;
	struct pt_from *from = naming->from;
	struct pt_login login;

	/* No more is needed, and there may be thousands. */
	if (from->names[naming->field] != NULL)
		return;
	if (!parse_address(address, len, &login))
		from->names[naming->field] =
		    "the name shows something like an address";
	else if (!is_known(from, naming->field, &login) &&
		 !add_address(from, naming->field, true, &login))
		from->names[naming->field] =
		    "the names show too many addresses";
}

static void
read_name(struct pt_from *from, enum pt_from_field field, const char *text,
    size_t len)
{
	struct naming naming = {from, field};

	switch (pt_display_name_scan(text, len, take_shown, &naming)) {
	case PT_DISPLAY_NAME_IS_SURE:
		break;
	case PT_DISPLAY_NAME_IS_DOUBTFUL:
		from->names[field] = "a name that is shown in different ways "
				     "by different mail programs";
		break;
	case PT_DISPLAY_NAME_IS_BROKEN:
		set_fault(from, field, PT_REASON_FROM_UNREADABLE,
		    "a name with a broken encoded word (=?...?=)");
		break;
	}
}

static void
read_mailbox(struct pt_from *from, enum pt_from_field field,
    const struct pt_mailbox *mailbox)
{
	struct pt_login login;

	if (!parse_mailbox(mailbox, &login))
		set_fault(from, field, PT_REASON_FROM_UNREADABLE,
		    "an address that cannot be one");
	else if (!add_address(from, field, false, &login))
		set_fault(from, field, PT_REASON_FROM_UNREADABLE,
		    "too many addresses");
	read_name(from, field, mailbox->name, mailbox->name_len);
	read_name(from, field, mailbox->after, mailbox->after_len);
}

void
pt_from_read(struct pt_from *from, enum pt_from_field field, const char *value,
    size_t len)
{
	struct pt_mailbox_reader reader;
	struct pt_mailbox mailbox;
	int rc;

	pt_mailbox_open(&reader, value, len);
	while ((rc = pt_mailbox_next(&reader, &mailbox)) == 1 &&
	       from->faults[field].reason == PT_REASON_NONE)
		read_mailbox(from, field, &mailbox);
	if (reader.count > 1)
		from->several[field] = true;
	if (rc == -1)
		set_fault(from, field, PT_REASON_FROM_UNREADABLE, reader.fault);
	else if (reader.count == 0 && field == PT_FROM_FIELD_FROM)
		set_fault(from, field, PT_REASON_FROM_MISSING, NULL);
	else if (reader.count == 0)
		set_fault(
		    from, field, PT_REASON_FROM_UNREADABLE, "it is empty");
}
