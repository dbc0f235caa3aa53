/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Activity records as JSON. */

#include <stdbool.h>
#include <string.h>

#include "core/state/activity_codec.h"
#include "ctl/record.h"

/* What it added is left out where an older Postern did not note it. */
static json_t *
from_recent(const struct pt_recent *recent)
{
	if (!recent->granted && recent->recipients == 0 && recent->bytes == 0)
		return json_pack(
		    "[I, I]", (json_int_t)recent->at, (json_int_t)recent->hash);
	return json_pack("[I, I, I, I, b]", (json_int_t)recent->at,
	    (json_int_t)recent->hash, pc_record_clamp(recent->recipients),
	    pc_record_clamp(recent->bytes), recent->granted ? 1 : 0);
}

static json_t *
from_recents(const struct pt_activity *activity)
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < activity->recent_count; i++) {
		if (json_array_append_new(
			list, from_recent(&activity->recent[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *
pc_record_from_activity(const struct pt_activity *activity)
{
	const struct pt_refusals *refusals = &activity->refusals;
	const uint64_t *total = activity->total;
	json_t *object;

	object = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:{s:I, s:I}, "
			   "s:{s:I, s:I, s:I, s:I}, s:{s:I, s:I, s:I, s:o}}",
	    "postern", "activity", "login", activity->login.text, "messages",
	    pc_record_from_log(&activity->log[PT_COUNT_MESSAGES]), "recipients",
	    pc_record_from_log(&activity->log[PT_COUNT_RECIPIENTS]), "bytes",
	    pc_record_from_log(&activity->log[PT_COUNT_BYTES]), "charged",
	    from_recents(activity), "grant", "id",
	    (json_int_t)activity->grant_id, "used",
	    pc_record_clamp(activity->grant_used), "sent", "at",
	    (json_int_t)activity->last_sent_at, "messages",
	    pc_record_clamp(total[PT_COUNT_MESSAGES]), "recipients",
	    pc_record_clamp(total[PT_COUNT_RECIPIENTS]), "bytes",
	    pc_record_clamp(total[PT_COUNT_BYTES]), "refused", "at",
	    (json_int_t)refusals->last_at, "reason",
	    (json_int_t)refusals->last_reason, "total",
	    pc_record_clamp(refusals->total), "attempts",
	    pc_record_from_hashes(refusals->attempt, refusals->attempt_count));
	if (object != NULL && pc_record_add_pending(object, activity))
		return object;
	json_decref(object);
	return NULL;
}

static int
to_recent(const json_t *entry, struct pt_recent *out, struct pt_err *err)
{
	static const char name[] = "charged";
	json_int_t at, hash, recipients = 0, bytes = 0;
	int granted = 0;
	int rc;

	if (json_array_size(entry) == 2)
		rc = pc_record_unpack(entry, err, "[I, I]", &at, &hash);
	else
		rc = pc_record_unpack(entry, err, "[I, I, I, I, b]", &at, &hash,
		    &recipients, &bytes, &granted);
	if (rc != 0)
		return pt_err_prefix(err, name);
	if (pc_record_number(at, INT64_MAX, name, err) != 0 ||
	    pc_record_number(hash, UINT32_MAX, name, err) != 0 ||
	    pc_record_number(recipients, INT64_MAX, name, err) != 0 ||
	    pc_record_number(bytes, INT64_MAX, name, err) != 0)
		return -1;
	out->at = at;
	out->hash = (uint32_t)hash;
	out->granted = granted != 0;
	out->recipients = (uint64_t)recipients;
	out->bytes = (uint64_t)bytes;
	return 0;
}

static int
to_recents(const json_t *list, struct pt_activity *out, struct pt_err *err)
{
	size_t i;

	if (pc_record_check_list(list, PT_RECENT_MAX, "charged", err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		if (to_recent(json_array_get(list, i), &out->recent[i], err) !=
		    0)
			return -1;
		out->recent_count++;
	}
	return 0;
}

static int
to_refusals(const json_t *object, struct pt_refusals *out, struct pt_err *err)
{
	static const char name[] = "refused";
	json_int_t at, reason, total;
	json_t *attempts;

	if (pc_record_unpack(object, err, "{s:I, s:I, s:I, s:o}", "at", &at,
		"reason", &reason, "total", &total, "attempts",
		&attempts) != 0 ||
	    pc_record_number(at, INT64_MAX, name, err) != 0 ||
	    pc_record_number(reason, UINT8_MAX, name, err) != 0 ||
	    pc_record_number(total, INT64_MAX, name, err) != 0)
		return -1;
	out->last_at = at;
	out->last_reason = (unsigned char)reason;
	out->total = (uint64_t)total;
	return pc_record_to_hashes(attempts, out->attempt, PT_ATTEMPTS_MAX,
	    &out->attempt_count, name, err);
}

static int
to_totals(const json_t *object, struct pt_activity *out, struct pt_err *err)
{
	static const char name[] = "sent";
	json_int_t at, messages, recipients, bytes;

	if (pc_record_unpack(object, err, "{s:I, s:I, s:I, s:I}", "at", &at,
		"messages", &messages, "recipients", &recipients, "bytes",
		&bytes) != 0 ||
	    pc_record_number(at, INT64_MAX, name, err) != 0 ||
	    pc_record_number(messages, INT64_MAX, name, err) != 0 ||
	    pc_record_number(recipients, INT64_MAX, name, err) != 0 ||
	    pc_record_number(bytes, INT64_MAX, name, err) != 0)
		return -1;
	out->last_sent_at = at;
	out->total[PT_COUNT_MESSAGES] = (uint64_t)messages;
	out->total[PT_COUNT_RECIPIENTS] = (uint64_t)recipients;
	out->total[PT_COUNT_BYTES] = (uint64_t)bytes;
	return 0;
}

static int
to_grant(const json_t *object, struct pt_activity *out, struct pt_err *err)
{
	json_int_t id, used;

	if (pc_record_unpack(
		object, err, "{s:I, s:I}", "id", &id, "used", &used) != 0 ||
	    pc_record_number(id, UINT32_MAX, "grant", err) != 0 ||
	    pc_record_number(used, INT64_MAX, "grant", err) != 0)
		return -1;
	out->grant_id = (uint32_t)id;
	out->grant_used = (uint64_t)used;
	return 0;
}

static int
compare_stored(const json_t *object, const struct pt_activity *activity,
    struct pt_err *err)
{
	unsigned char bytes[PT_ACTIVITY_BYTES_MAX];
	struct pt_activity stored;
	size_t len = pt_activity_encode(activity, bytes, sizeof(bytes));

	if (len == 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "it has text that the state cannot hold");
	if (pt_activity_decode(bytes, len, &stored, err) != 0)
		return -1;
	return pc_record_compare(object, pc_record_from_activity(&stored), err);
}

int
pc_record_to_activity(
    const json_t *object, struct pt_activity *out, struct pt_err *err)
{
	json_t *messages, *recipients, *bytes, *charged, *grant, *sent;
	const char *kind, *login;
	struct pt_login parsed;
	json_t *refused;
	struct pc_record_pending pending = {NULL, NULL, NULL, NULL};

	if (pc_record_unpack(object, err,
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s?:o, "
		"s?:o, s?:o, s?:o}",
		"postern", &kind, "login", &login, "messages", &messages,
		"recipients", &recipients, "bytes", &bytes, "charged", &charged,
		"grant", &grant, "sent", &sent, "refused", &refused,
		"pending_block", &pending.block, "pending_notice",
		&pending.notice, "limits", &pending.limits, "observed",
		&pending.observed) != 0 ||
	    pc_record_login(login, &parsed, err) != 0)
		return -1;
	pt_activity_init(out, &parsed);
	out->exists = true;
	if (pc_record_to_log(
		messages, &out->log[PT_COUNT_MESSAGES], "messages", err) != 0 ||
	    pc_record_to_log(recipients, &out->log[PT_COUNT_RECIPIENTS],
		"recipients", err) != 0 ||
	    pc_record_to_log(bytes, &out->log[PT_COUNT_BYTES], "bytes", err) !=
		0 ||
	    to_recents(charged, out, err) != 0 ||
	    to_grant(grant, out, err) != 0 || to_totals(sent, out, err) != 0 ||
	    to_refusals(refused, &out->refusals, err) != 0 ||
	    pc_record_to_pending(&pending, out, err) != 0)
		return -1;
	return compare_stored(object, out, err);
}
