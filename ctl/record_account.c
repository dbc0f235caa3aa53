/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Account records and history entries as JSON. */

#include <stdbool.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/state/account_codec.h"
#include "ctl/names.h"
#include "ctl/record.h"

static json_t *
from_words(const struct pt_words *words)
{
	json_t *list = json_array();
	const char *word = NULL;

	while ((word = pt_words_next(words, word)) != NULL) {
		if (json_array_append_new(list, json_string(word)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
from_mark(const struct pt_mark *mark)
{
	return json_pack(
	    "{s:I, s:s}", "at", (json_int_t)mark->at, "note", mark->note);
}

/* What is there to tell beyond what every account has; false: memory. */
static bool
add_rest(json_t *object, const struct pt_account *account)
{
	return (account->timezone[0] == '\0' ||
		   json_object_set_new(object, "timezone",
		       json_string(account->timezone)) == 0) &&
	       (!pc_record_has_external(account) ||
		   json_object_set_new(object, "external",
		       pc_record_from_external(account)) == 0) &&
	       (!pc_record_has_life(account) ||
		   json_object_set_new(
		       object, "life", pc_record_from_life(account)) == 0);
}

json_t *
pc_record_from_account(const struct pt_account *account)
{
	const char *block = pc_name_block(account->block_reason);
	json_t *object;

	object = json_pack(
	    "{s:s, s:s, s:I, s:s, s:s, s:s, s:o, s:s, s:o, s:{s:I, s:I, s:I}, "
	    "s:o, s:o}",
	    "postern", "account", "login", account->login.text, "created_at",
	    (json_int_t)account->created_at, "plan", account->plan, "status",
	    pc_name_status(account->status), "language", account->language,
	    "lock", from_mark(&account->lock), "block_reason",
	    block == NULL ? "" : block, "block", from_mark(&account->block),
	    "grant", "until", (json_int_t)account->grant.until, "amount",
	    pc_record_clamp(account->grant.amount), "id",
	    (json_int_t)account->grant.id, "overrides",
	    from_words(&account->overrides), "senders",
	    from_words(&account->senders));
	if (object != NULL && add_rest(object, account))
		return object;
	json_decref(object);
	return NULL;
}

static int
to_words(const json_t *list, struct pt_words *out, const char *name,
    struct pt_err *err)
{
	const char *word;
	size_t i;

	if (!json_is_array(list))
		return pt_err_set(err, PT_ERR_INPUT, "%s: not a list", name);
	for (i = 0; i < json_array_size(list); i++) {
		word = json_string_value(json_array_get(list, i));
		if (word == NULL)
			return pt_err_set(
			    err, PT_ERR_INPUT, "%s: not text", name);
		if (!pt_words_add(out, word))
			return pt_err_set(
			    err, PT_ERR_INPUT, "%s: empty or too many", name);
	}
	return 0;
}

/* What stands in an override must be what set would have written. */
static int
check_overrides(const struct pt_words *overrides, struct pt_err *err)
{
	const char *word = NULL;
	struct pt_plan plan;
	struct pt_text text;
	const char *sign;
	char key[64];

	while ((word = pt_words_next(overrides, word)) != NULL) {
		sign = strchr(word, '=');
		if (sign == NULL)
			return pt_err_set(err, PT_ERR_INPUT,
			    "overrides: not of the form KEY=VALUE");
		pt_text_init(&text, key, sizeof(key));
		pt_text_add_bytes(&text, word, (size_t)(sign - word));
		pt_plan_defaults(&plan, "");
		if (pt_plan_override(&plan, key, sign + 1, err) != 0)
			return pt_err_prefix(err, "overrides");
	}
	return 0;
}

static int
to_status(const char *name, enum pt_status *out, struct pt_err *err)
{
	static const enum pt_status all[] = {
	    PT_STATUS_ACTIVE, PT_STATUS_INACTIVE};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(all); i++) {
		if (strcmp(name, pc_name_status(all[i])) == 0) {
			*out = all[i];
			return 0;
		}
	}
	return pt_err_set(
	    err, PT_ERR_INPUT, "status: not one that this version knows");
}

static int
to_block(const char *name, enum pt_block_reason *out, struct pt_err *err)
{
	const char *known;
	int i;

	*out = PT_BLOCK_NONE;
	if (name[0] == '\0')
		return 0;
	for (i = PT_BLOCK_NONE + 1; i <= PT_BLOCK_ADMIN; i++) {
		known = pt_block_reason_name((enum pt_block_reason)i);
		if (known != NULL && strcmp(name, known) == 0) {
			*out = (enum pt_block_reason)i;
			return 0;
		}
	}
	return pt_err_set(
	    err, PT_ERR_INPUT, "block_reason: not one that this version knows");
}

static int
to_mark(json_int_t at, const char *note, struct pt_mark *out, const char *name,
    struct pt_err *err)
{
	out->at = at;
	if (pc_record_number(at, INT64_MAX, name, err) != 0)
		return -1;
	return pc_record_text(out->note, sizeof(out->note), note, name, err);
}

static int
compare_stored(
    const json_t *object, const struct pt_account *account, struct pt_err *err)
{
	unsigned char bytes[PT_ACCOUNT_BYTES_MAX];
	struct pt_account stored;
	size_t len = pt_account_encode(account, bytes, sizeof(bytes));

	if (len == 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "it has text that the state cannot hold");
	if (pt_account_decode(bytes, len, &account->login, &stored, err) != 0)
		return -1;
	return pc_record_compare(object, pc_record_from_account(&stored), err);
}

int
pc_record_to_account(
    const json_t *object, struct pt_account *out, struct pt_err *err)
{
	const char *kind, *login, *plan, *status, *language, *block;
	const char *lock_note, *block_note;
	json_int_t created_at, lock_at, block_at, until, amount, id;
	json_t *overrides, *senders;
	json_t *external = NULL, *life = NULL;
	const char *zone = "";
	struct pt_login parsed;

	if (pc_record_unpack(object, err,
		"{s:s, s:s, s:I, s:s, s:s, s:s, s:{s:I, s:s}, s:s, "
		"s:{s:I, s:s}, s:{s:I, s:I, s:I}, s:o, s:o, "
		"s?:o, s?:s, s?:o}",
		"postern", &kind, "login", &login, "created_at", &created_at,
		"plan", &plan, "status", &status, "language", &language, "lock",
		"at", &lock_at, "note", &lock_note, "block_reason", &block,
		"block", "at", &block_at, "note", &block_note, "grant", "until",
		&until, "amount", &amount, "id", &id, "overrides", &overrides,
		"senders", &senders, "external", &external, "timezone", &zone,
		"life", &life) != 0 ||
	    pc_record_login(login, &parsed, err) != 0)
		return -1;
	pt_account_init(out, &parsed);
	out->exists = true;
	out->created_at = created_at;
	out->grant.until = until;
	out->grant.amount = (uint64_t)amount;
	out->grant.id = (uint32_t)id;
	if (pc_record_number(created_at, INT64_MAX, "created_at", err) != 0 ||
	    pc_record_number(until, INT64_MAX, "grant", err) != 0 ||
	    pc_record_number(amount, INT64_MAX, "grant", err) != 0 ||
	    pc_record_number(id, UINT32_MAX, "grant", err) != 0 ||
	    pc_record_text(out->plan, sizeof(out->plan), plan, "plan", err) !=
		0 ||
	    pc_record_text(out->language, sizeof(out->language), language,
		"language", err) != 0 ||
	    pc_record_text(out->timezone, sizeof(out->timezone), zone,
		"timezone", err) != 0 ||
	    to_status(status, &out->status, err) != 0 ||
	    to_block(block, &out->block_reason, err) != 0 ||
	    to_mark(lock_at, lock_note, &out->lock, "lock", err) != 0 ||
	    to_mark(block_at, block_note, &out->block, "block", err) != 0 ||
	    to_words(overrides, &out->overrides, "overrides", err) != 0 ||
	    to_words(senders, &out->senders, "senders", err) != 0 ||
	    check_overrides(&out->overrides, err) != 0)
		return -1;
	if (external != NULL && pc_record_to_external(external, out, err) != 0)
		return pt_err_prefix(err, "external");
	if (life != NULL && pc_record_to_life(life, out, err) != 0)
		return pt_err_prefix(err, "life");
	return compare_stored(object, out, err);
}

json_t *
pc_record_from_history(const struct pt_history *entry)
{
	const struct pt_history_note *note = &entry->note;

	return json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "postern", "history",
	    "login", entry->login.text, "at", (json_int_t)note->at, "who",
	    note->who, "what", note->what, "detail", note->detail);
}

int
pc_record_to_history(
    const json_t *object, struct pt_history *out, struct pt_err *err)
{
	unsigned char bytes[PT_HISTORY_BYTES_MAX];
	const char *kind, *login, *who, *what, *detail;
	struct pt_history_note *note = &out->note;
	struct pt_history stored;
	json_int_t at;
	size_t len;

	if (pc_record_unpack(object, err, "{s:s, s:s, s:I, s:s, s:s, s:s}",
		"postern", &kind, "login", &login, "at", &at, "who", &who,
		"what", &what, "detail", &detail) != 0 ||
	    pc_record_login(login, &out->login, err) != 0 ||
	    pc_record_number(at, INT64_MAX, "at", err) != 0 ||
	    pc_record_text(note->who, sizeof(note->who), who, "who", err) !=
		0 ||
	    pc_record_text(note->what, sizeof(note->what), what, "what", err) !=
		0 ||
	    pc_record_text(
		note->detail, sizeof(note->detail), detail, "detail", err) != 0)
		return -1;
	note->at = at;
	if (what[0] == '\0')
		return pt_err_set(err, PT_ERR_INPUT, "what: empty");
	len = pt_history_encode(out, bytes, sizeof(bytes));
	if (len == 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "it has text that the state cannot hold");
	if (pt_history_decode(bytes, len, &stored, err) != 0)
		return -1;
	return pc_record_compare(object, pc_record_from_history(&stored), err);
}
