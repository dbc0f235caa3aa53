/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What is pending in an activity record, and what most have none of. */

#include <string.h>

#include "core/state/figures_codec.h"
#include "core/state/notice.h"
#include "ctl/names.h"
#include "ctl/record.h"

/* Takes the value, which may be NULL: memory is short then. */
static bool
add(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0;
}

static json_t *
from_block(const struct pt_pending_block *block)
{
	json_t *object = json_pack("{s:s, s:I}", "reason",
	    pt_block_reason_name((enum pt_block_reason)block->reason), "at",
	    (json_int_t)block->at);

	if (object == NULL || !pt_figures_codec_any(&block->figures) ||
	    add(object, "figures", pc_record_from_figures(&block->figures)))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *
from_notice(const struct pt_pending_notice *notice)
{
	return json_pack("{s:s, s:I, s:I, s:o}", "kind",
	    pc_record_from_kind(notice->kind), "at", (json_int_t)notice->at,
	    "until", (json_int_t)notice->until, "figures",
	    pc_record_from_figures(&notice->figures));
}

static bool
has_limits(const struct pt_activity *activity)
{
	return activity->penalty.since != 0 || activity->limit_told_at != 0 ||
	       activity->refused.count > 0;
}

static json_t *
from_limits(const struct pt_activity *activity)
{
	return json_pack("{s:{s:I, s:I}, s:I, s:o}", "penalty", "since",
	    (json_int_t)activity->penalty.since, "until",
	    (json_int_t)activity->penalty.until, "told_at",
	    (json_int_t)activity->limit_told_at, "refused",
	    pc_record_from_log(&activity->refused));
}

bool
pc_record_add_pending(json_t *object, const struct pt_activity *activity)
{
	bool ok = true;

	if (activity->block.reason != PT_BLOCK_NONE)
		ok = add(object, "pending_block", from_block(&activity->block));
	if (ok && activity->notice.kind != PT_NOTICE_NONE)
		ok = add(
		    object, "pending_notice", from_notice(&activity->notice));
	if (ok && has_limits(activity))
		ok = add(object, "limits", from_limits(activity));
	if (ok && activity->observed.count > 0)
		ok = add(object, "observed",
		    pc_record_from_observed(&activity->observed));
	return ok;
}

static int
to_block(const json_t *object, struct pt_pending_block *out, struct pt_err *err)
{
	enum pt_block_reason block;
	json_t *figures = NULL;
	const char *reason;
	json_int_t at;

	if (pc_record_unpack(object, err, "{s:s, s:I, s?:o}", "reason", &reason,
		"at", &at, "figures", &figures) != 0)
		return -1;
	if (!pc_name_block_parse(reason, &block))
		return pt_err_set(
		    err, PT_ERR_INPUT, "not a reason that this version knows");
	out->reason = (unsigned char)block;
	out->at = at;
	if (figures != NULL &&
	    pc_record_to_figures(figures, &out->figures, err) != 0)
		return -1;
	return pc_record_number(at, INT64_MAX, "at", err);
}

static int
to_notice(
    const json_t *object, struct pt_pending_notice *out, struct pt_err *err)
{
	json_int_t at, until;
	json_t *figures;
	const char *kind;

	if (pc_record_unpack(object, err, "{s:s, s:I, s:I, s:o}", "kind", &kind,
		"at", &at, "until", &until, "figures", &figures) != 0 ||
	    pc_record_number(at, INT64_MAX, "at", err) != 0 ||
	    pc_record_number(until, INT64_MAX, "until", err) != 0 ||
	    pc_record_to_kind(kind, &out->kind, err) != 0)
		return -1;
	out->at = at;
	out->until = until;
	return pc_record_to_figures(figures, &out->figures, err);
}

static int
to_limits(const json_t *object, struct pt_activity *out, struct pt_err *err)
{
	json_int_t since, until, told_at;
	json_t *refused;

	if (pc_record_unpack(object, err, "{s:{s:I, s:I}, s:I, s:o}", "penalty",
		"since", &since, "until", &until, "told_at", &told_at,
		"refused", &refused) != 0 ||
	    pc_record_number(since, INT64_MAX, "penalty", err) != 0 ||
	    pc_record_number(until, INT64_MAX, "penalty", err) != 0 ||
	    pc_record_number(told_at, INT64_MAX, "told_at", err) != 0)
		return -1;
	out->penalty.since = since;
	out->penalty.until = until;
	out->limit_told_at = told_at;
	return pc_record_to_log(refused, &out->refused, "refused", err);
}

int
pc_record_to_pending(const struct pc_record_pending *members,
    struct pt_activity *out, struct pt_err *err)
{
	if (members->block != NULL &&
	    to_block(members->block, &out->block, err) != 0)
		return pt_err_prefix(err, "pending_block");
	if (members->notice != NULL &&
	    to_notice(members->notice, &out->notice, err) != 0)
		return pt_err_prefix(err, "pending_notice");
	if (members->limits != NULL &&
	    to_limits(members->limits, out, err) != 0)
		return pt_err_prefix(err, "limits");
	if (members->observed != NULL &&
	    pc_record_to_observed(members->observed, &out->observed, err) != 0)
		return pt_err_prefix(err, "observed");
	return 0;
}
