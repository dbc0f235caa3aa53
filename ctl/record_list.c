/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What several kinds of record are made of: lists, logs, short hashes. */

#include "ctl/record.h"

json_t *
pc_record_from_log(const struct pt_window_log *log)
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

json_t *
pc_record_from_hashes(const uint32_t *hashes, unsigned count)
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < count; i++) {
		if (json_array_append_new(
			list, json_integer((json_int_t)hashes[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

int
pc_record_check_list(
    const json_t *list, size_t max, const char *name, struct pt_err *err)
{
	if (!json_is_array(list))
		return pt_err_set(err, PT_ERR_INPUT, "%s: not a list", name);
	if (json_array_size(list) > max)
		return pt_err_set(
		    err, PT_ERR_INPUT, "%s: more than %zu entries", name, max);
	return 0;
}

int
pc_record_to_log(const json_t *list, struct pt_window_log *out,
    const char *name, struct pt_err *err)
{
	json_int_t at, since, amount;
	size_t i;

	if (pc_record_check_list(list, PT_WINDOW_LOG_MAX, name, err) != 0)
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

int
pc_record_to_hashes(const json_t *list, uint32_t *out, unsigned max,
    unsigned *count_out, const char *name, struct pt_err *err)
{
	const json_t *hash;
	size_t i;

	if (pc_record_check_list(list, max, name, err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		hash = json_array_get(list, i);
		if (!json_is_integer(hash))
			return pt_err_set(
			    err, PT_ERR_INPUT, "%s: not a number", name);
		if (pc_record_number(
			json_integer_value(hash), UINT32_MAX, name, err) != 0)
			return -1;
		out[i] = (uint32_t)json_integer_value(hash);
	}
	*count_out = (unsigned)json_array_size(list);
	return 0;
}
