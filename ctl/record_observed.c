/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What was only observed, as a member of an activity record. */

#include "ctl/record.h"

static json_t *
from_would(const struct pt_would *would)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:o}", "reason",
	    (json_int_t)would->reason, "messages",
	    pc_record_clamp(would->messages), "first_at",
	    (json_int_t)would->first_at, "last_at", (json_int_t)would->last_at,
	    "peak", pc_record_from_figures(&would->peak));
}

static json_t *
from_woulds(const struct pt_observed *observed)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < observed->count; i++) {
		if (json_array_append_new(
			list, from_would(&observed->entry[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *
pc_record_from_observed(const struct pt_observed *observed)
{
	const struct pt_window_log *passed = observed->passed;

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "would",
	    from_woulds(observed), "noted",
	    pc_record_from_hashes(observed->hash, observed->hash_count),
	    "messages", pc_record_from_log(&passed[PT_COUNT_MESSAGES]),
	    "recipients", pc_record_from_log(&passed[PT_COUNT_RECIPIENTS]),
	    "bytes", pc_record_from_log(&passed[PT_COUNT_BYTES]));
}

static int
to_would(const json_t *object, struct pt_would *out, struct pt_err *err)
{
	json_int_t reason, messages, first_at, last_at;
	json_t *peak;

	if (pc_record_unpack(object, err, "{s:I, s:I, s:I, s:I, s:o}", "reason",
		&reason, "messages", &messages, "first_at", &first_at,
		"last_at", &last_at, "peak", &peak) != 0 ||
	    pc_record_number(reason, UINT8_MAX, "reason", err) != 0 ||
	    pc_record_number(messages, INT64_MAX, "messages", err) != 0 ||
	    pc_record_number(first_at, INT64_MAX, "first_at", err) != 0 ||
	    pc_record_number(last_at, INT64_MAX, "last_at", err) != 0)
		return -1;
	out->reason = (unsigned char)reason;
	out->messages = (uint64_t)messages;
	out->first_at = first_at;
	out->last_at = last_at;
	return pc_record_to_figures(peak, &out->peak, err);
}

static int
to_woulds(const json_t *list, struct pt_observed *out, struct pt_err *err)
{
	if (pc_record_check_list(list, PT_WOULD_MAX, "would", err) != 0)
		return -1;
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (to_would(json_array_get(list, i), &out->entry[i], err) != 0)
			return pt_err_prefix(err, "would");
		out->count++;
	}
	return 0;
}

int
pc_record_to_observed(
    const json_t *object, struct pt_observed *out, struct pt_err *err)
{
	json_t *would, *noted, *messages, *recipients, *bytes;
	struct pt_window_log *passed = out->passed;

	if (pc_record_unpack(object, err, "{s:o, s:o, s:o, s:o, s:o}", "would",
		&would, "noted", &noted, "messages", &messages, "recipients",
		&recipients, "bytes", &bytes) != 0 ||
	    to_woulds(would, out, err) != 0 ||
	    pc_record_to_hashes(noted, out->hash, PT_WOULD_HASHES_MAX,
		&out->hash_count, "noted", err) != 0 ||
	    pc_record_to_log(
		messages, &passed[PT_COUNT_MESSAGES], "messages", err) != 0 ||
	    pc_record_to_log(recipients, &passed[PT_COUNT_RECIPIENTS],
		"recipients", err) != 0)
		return -1;
	return pc_record_to_log(bytes, &passed[PT_COUNT_BYTES], "bytes", err);
}
