/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Activity records as JSON. */

#include <stdbool.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/state/activity_codec.h"
#include "ctl/record.h"

static json_t *
from_log(const struct pt_window_log *log)
{
	const struct pt_window_entry *entry;
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < log->count; i++) {
		entry = &log->entry[i];
		if (json_array_append_new(
			list, json_pack("[I, I, I]", (json_int_t)entry->at,
				  (json_int_t)entry->since,
				  pc_record_clamp(entry->amount))) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
from_recents(const struct pt_activity *activity)
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < activity->recent_count; i++) {
		if (json_array_append_new(list,
			json_pack("[I, I]", (json_int_t)activity->recent[i].at,
			    (json_int_t)activity->recent[i].hash)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
from_attempts(const struct pt_refusals *refusals)
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < refusals->attempt_count; i++) {
		if (json_array_append_new(list,
			json_integer((json_int_t)refusals->attempt[i])) != 0) {
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

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:{s:I, s:I}, "
			 "s:{s:I, s:I, s:I, s:I}, s:{s:I, s:I, s:I, s:o}}",
	    "postern", "activity", "login", activity->login.text, "messages",
	    from_log(&activity->log[PT_COUNT_MESSAGES]), "recipients",
	    from_log(&activity->log[PT_COUNT_RECIPIENTS]), "bytes",
	    from_log(&activity->log[PT_COUNT_BYTES]), "charged",
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
	    from_attempts(refusals));
}

static int
check_list(const json_t *list, size_t max, const char *name, struct pt_err *err)
{
	if (!json_is_array(list))
		return pt_err_set(err, PT_ERR_INPUT, "%s: not a list", name);
	if (json_array_size(list) > max)
		return pt_err_set(
		    err, PT_ERR_INPUT, "%s: more than %zu entries", name, max);
	return 0;
}

static int
to_log(const json_t *list, struct pt_window_log *out, const char *name,
    struct pt_err *err)
{
	json_int_t at, since, amount;
	size_t i;

	if (check_list(list, PT_WINDOW_LOG_MAX, name, err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		if (pc_record_unpack(json_array_get(list, i), err, "[I, I, I]",
			&at, &since, &amount) != 0)
			return pt_err_prefix(err, "%s", name);
		if (pc_record_number(at, INT64_MAX, name, err) != 0 ||
		    pc_record_number(since, INT64_MAX, name, err) != 0 ||
		    pc_record_number(amount, INT64_MAX, name, err) != 0)
			return -1;
		out->entry[i].at = at;
		out->entry[i].since = since;
		out->entry[i].amount = (uint64_t)amount;
		out->count++;
	}
	return 0;
}

static int
to_recents(const json_t *list, struct pt_activity *out, struct pt_err *err)
{
	json_int_t at, hash;
	size_t i;

	if (check_list(list, PT_RECENT_MAX, "charged", err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		if (pc_record_unpack(json_array_get(list, i), err, "[I, I]",
			&at, &hash) != 0)
			return pt_err_prefix(err, "charged");
		if (pc_record_number(at, INT64_MAX, "charged", err) != 0 ||
		    pc_record_number(hash, UINT32_MAX, "charged", err) != 0)
			return -1;
		out->recent[i].at = at;
		out->recent[i].hash = (uint32_t)hash;
		out->recent_count++;
	}
	return 0;
}

static int
to_refusals(const json_t *object, struct pt_refusals *out, struct pt_err *err)
{
	static const char name[] = "refused";
	json_int_t at, reason, total, attempt;
	json_t *attempts;
	size_t i;

	if (pc_record_unpack(object, err, "{s:I, s:I, s:I, s:o}", "at", &at,
		"reason", &reason, "total", &total, "attempts",
		&attempts) != 0 ||
	    pc_record_number(at, INT64_MAX, name, err) != 0 ||
	    pc_record_number(reason, UINT8_MAX, name, err) != 0 ||
	    pc_record_number(total, INT64_MAX, name, err) != 0 ||
	    check_list(attempts, PT_ATTEMPTS_MAX, name, err) != 0)
		return -1;
	out->last_at = at;
	out->last_reason = (unsigned char)reason;
	out->total = (uint64_t)total;
	for (i = 0; i < json_array_size(attempts); i++) {
		attempt = json_integer_value(json_array_get(attempts, i));
		if (pc_record_number(attempt, UINT32_MAX, name, err) != 0)
			return -1;
		out->attempt[i] = (uint32_t)attempt;
		out->attempt_count++;
	}
	return 0;
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

	if (pc_record_unpack(object, err,
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "postern",
		&kind, "login", &login, "messages", &messages, "recipients",
		&recipients, "bytes", &bytes, "charged", &charged, "grant",
		&grant, "sent", &sent, "refused", &refused) != 0 ||
	    pc_record_login(login, &parsed, err) != 0)
		return -1;
	pt_activity_init(out, &parsed);
	out->exists = true;
	if (to_log(messages, &out->log[PT_COUNT_MESSAGES], "messages", err) !=
		0 ||
	    to_log(recipients, &out->log[PT_COUNT_RECIPIENTS], "recipients",
		err) != 0 ||
	    to_log(bytes, &out->log[PT_COUNT_BYTES], "bytes", err) != 0 ||
	    to_recents(charged, out, err) != 0 ||
	    to_grant(grant, out, err) != 0 || to_totals(sent, out, err) != 0 ||
	    to_refusals(refused, &out->refusals, err) != 0)
		return -1;
	return compare_stored(object, out, err);
}
