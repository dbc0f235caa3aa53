/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The judgement over a header that has been read. */

#include "core/rules/from_private.h"

static const struct pt_from_verdict permit = {
    .verdict = {.code = PT_VERDICT_PERMIT},
};

static struct pt_from_verdict
against(enum pt_reason_id reason, enum pt_from_field field,
    const struct pt_login *address, const char *detail)
{
	return (struct pt_from_verdict){
	    .verdict =
		{
		    .code = reason == PT_REASON_SENDER_UNAVAILABLE
				? PT_VERDICT_DEFER
				: PT_VERDICT_REFUSE,
		    .reason = reason,
		},
	    .field = field,
	    .address = address,
	    .detail = detail,
	};
}

static bool
is_sender(enum pt_from_field field)
{
	return field == PT_FROM_FIELD_SENDER ||
	       field == PT_FROM_FIELD_RESENT_SENDER;
}

/* RFC 5322 section 3.6.6: each time it is resent adds a block of its own. */
static bool
may_come_again(enum pt_from_field field)
{
	return field == PT_FROM_FIELD_RESENT_FROM ||
	       field == PT_FROM_FIELD_RESENT_SENDER;
}

/* What is wrong whoever owns the addresses. */
static struct pt_from_verdict
judge_form(const struct pt_from *from, const struct pt_sender_config *config,
    enum pt_from_field field)
{
	const struct pt_from_fault *fault = &from->faults[field];

	if (from->odd[field] != NULL)
		return against(
		    PT_REASON_FROM_UNREADABLE, field, NULL, from->odd[field]);
	if (from->fields[field] > 1 && !may_come_again(field))
		return against(PT_REASON_FROM_DUPLICATE, field, NULL, NULL);
	if (fault->reason != PT_REASON_NONE)
		return against(fault->reason, field, NULL, fault->detail);
	if (from->several[field] &&
	    (is_sender(field) || config->several == PT_SEVERAL_REJECT))
		return against(PT_REASON_FROM_SEVERAL, field, NULL, NULL);
	return permit;
}

/*
 * Must this address be owned?  Those in display names need not be where the
 * postmaster allows them.
 */
static bool
counts(const struct pt_from_address *address,
    const struct pt_sender_config *config, enum pt_from_field field)
{
	return address->field == field &&
	       (!address->in_name ||
		   config->display_name == PT_DISPLAY_NAME_REJECT);
}

static struct pt_from_verdict
judge_owner(const struct pt_from *from, const struct pt_sender_config *config,
    const struct pt_account *account, const enum pt_owned *by_maps,
    enum pt_from_field field)
{
	struct pt_from_verdict verdict = permit;
	const struct pt_from_address *address;
	unsigned i;

	for (i = 0; i < from->count; i++) {
		address = &from->addresses[i];
		if (!counts(address, config, field))
			continue;
		switch (pt_sender_owns(config, account, &address->login,
		    by_maps == NULL ? PT_OWNED_NO : by_maps[i])) {
		case PT_OWNED_NO:
			return against(address->in_name
					   ? PT_REASON_FROM_NAME
					   : PT_REASON_FROM_NOT_OWNED,
			    field, &address->login, NULL);
		case PT_OWNED_UNKNOWN:
			verdict = against(PT_REASON_SENDER_UNAVAILABLE, field,
			    &address->login, NULL);
			break;
		case PT_OWNED_YES:
			break;
		}
	}
	if (from->names[field] != NULL &&
	    config->display_name == PT_DISPLAY_NAME_REJECT)
		return against(
		    PT_REASON_FROM_UNREADABLE, field, NULL, from->names[field]);
	return verdict;
}

static struct pt_from_verdict
judge_field(const struct pt_from *from, const struct pt_sender_config *config,
    const struct pt_account *account, const enum pt_owned *by_maps,
    enum pt_from_field field)
{
	struct pt_from_verdict verdict = judge_form(from, config, field);

	if (verdict.verdict.code != PT_VERDICT_PERMIT)
		return verdict;
	return judge_owner(from, config, account, by_maps, field);
}

/* A field that cannot be named cannot be removed either. */
static bool
is_removable(const struct pt_from *from, const struct pt_sender_config *config,
    enum pt_from_field field)
{
	return is_sender(field) && from->odd[field] == NULL &&
	       config->foreign_sender == PT_FOREIGN_SENDER_REMOVE;
}

struct pt_from_verdict
pt_from_judge(const struct pt_from *from, const struct pt_config *config,
    const struct pt_account *account, const enum pt_owned *by_maps)
{
	struct pt_from_verdict verdict = permit;
	struct pt_from_verdict found;
	unsigned i;

	if (from->fields[PT_FROM_FIELD_FROM] == 0 &&
	    from->odd[PT_FROM_FIELD_FROM] == NULL)
		return against(
		    PT_REASON_FROM_MISSING, PT_FROM_FIELD_FROM, NULL, NULL);
	for (i = 0; i < PT_FROM_FIELDS; i++) {
		found = judge_field(from, &config->sender, account, by_maps,
		    (enum pt_from_field)i);
		if (found.verdict.code == PT_VERDICT_PERMIT)
			continue;
		if (found.verdict.code == PT_VERDICT_DEFER) {
			if (verdict.verdict.code == PT_VERDICT_PERMIT)
				verdict = found;
		} else if (is_removable(
			       from, &config->sender, (enum pt_from_field)i)) {
			verdict.remove_fields |= 1U << i;
		} else {
			return found;
		}
	}
	if (verdict.verdict.code != PT_VERDICT_PERMIT)
		verdict.remove_fields = 0;
	return verdict;
}

bool
pt_from_field_is_plain(const struct pt_from *from,
    const struct pt_config *config, const struct pt_login *login,
    enum pt_from_field field)
{
	const struct pt_sender_config *sender = &config->sender;
	struct pt_from_verdict verdict = judge_form(from, sender, field);
	unsigned i;

	if (verdict.verdict.code != PT_VERDICT_PERMIT ||
	    from->names[field] != NULL)
		return false;
	for (i = 0; i < from->count; i++) {
		if (counts(&from->addresses[i], sender, field) &&
		    !pt_sender_owns_plainly(
			sender, login, &from->addresses[i].login))
			return false;
	}
	return true;
}

bool
pt_from_is_plain(const struct pt_from *from, const struct pt_config *config,
    const struct pt_login *login)
{
	unsigned i;

	if (from->fields[PT_FROM_FIELD_FROM] == 0)
		return false;
	for (i = 0; i < PT_FROM_FIELDS; i++) {
		if (!pt_from_field_is_plain(
			from, config, login, (enum pt_from_field)i))
			return false;
	}
	return true;
}
