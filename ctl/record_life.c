/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What has come over an account, as JSON. */

#include <string.h>

#include "core/state/figures_codec.h"
#include "core/state/notice.h"
#include "ctl/names.h"
#include "ctl/record.h"

bool
pc_record_has_life(const struct pt_account *account)
{
	const struct pt_carried *carried = &account->carried;

	return account->next_plan[0] != '\0' ||
	       pt_figures_codec_any(&account->block_figures) ||
	       account->notices.since != 0 || account->notices.count != 0 ||
	       account->unused_told_at != 0 ||
	       carried->block != PT_BLOCK_NONE || carried->block_at != 0 ||
	       carried->notice != PT_NOTICE_NONE || carried->notice_at != 0;
}

static json_t *
from_carried(const struct pt_carried *carried)
{
	const char *block = pc_name_block((enum pt_block_reason)carried->block);

	return json_pack("{s:s, s:I, s:s, s:I}", "block",
	    block == NULL ? "" : block, "block_at",
	    (json_int_t)carried->block_at, "notice",
	    pc_record_from_kind(carried->notice), "notice_at",
	    (json_int_t)carried->notice_at);
}

json_t *
pc_record_from_life(const struct pt_account *account)
{
	return json_pack("{s:s, s:I, s:o, s:{s:I, s:I}, s:I, s:o}", "next_plan",
	    account->next_plan, "next_plan_at",
	    (json_int_t)account->next_plan_at, "block_figures",
	    pc_record_from_figures(&account->block_figures), "notices", "since",
	    (json_int_t)account->notices.since, "count",
	    (json_int_t)account->notices.count, "unused_told_at",
	    (json_int_t)account->unused_told_at, "carried",
	    from_carried(&account->carried));
}

static int
to_carried(const json_t *object, struct pt_carried *out, struct pt_err *err)
{
	enum pt_block_reason reason = PT_BLOCK_NONE;
	json_int_t block_at, notice_at;
	const char *block, *notice;

	if (pc_record_unpack(object, err, "{s:s, s:I, s:s, s:I}", "block",
		&block, "block_at", &block_at, "notice", &notice, "notice_at",
		&notice_at) != 0 ||
	    pc_record_number(block_at, INT64_MAX, "block_at", err) != 0 ||
	    pc_record_number(notice_at, INT64_MAX, "notice_at", err) != 0)
		return -1;
	if (block[0] != '\0' && !pc_name_block_parse(block, &reason))
		return pt_err_set(err, PT_ERR_INPUT,
		    "block: not a reason that this version knows");
	out->block = (unsigned char)reason;
	out->block_at = block_at;
	out->notice_at = notice_at;
	return pc_record_to_kind(notice, &out->notice, err);
}

int
pc_record_to_life(
    const json_t *object, struct pt_account *out, struct pt_err *err)
{
	json_int_t next_plan_at, since, count, told_at;
	json_t *figures, *carried;
	const char *next_plan;

	if (pc_record_unpack(object, err,
		"{s:s, s:I, s:o, s:{s:I, s:I}, s:I, s:o}", "next_plan",
		&next_plan, "next_plan_at", &next_plan_at, "block_figures",
		&figures, "notices", "since", &since, "count", &count,
		"unused_told_at", &told_at, "carried", &carried) != 0 ||
	    pc_record_number(next_plan_at, INT64_MAX, "next_plan_at", err) !=
		0 ||
	    pc_record_number(since, INT64_MAX, "notices", err) != 0 ||
	    pc_record_number(count, UINT32_MAX, "notices", err) != 0 ||
	    pc_record_number(told_at, INT64_MAX, "unused_told_at", err) != 0 ||
	    pc_record_text(out->next_plan, sizeof(out->next_plan), next_plan,
		"next_plan", err) != 0)
		return -1;
	out->next_plan_at = next_plan_at;
	out->notices.since = since;
	out->notices.count = (uint32_t)count;
	out->unused_told_at = told_at;
	if (pc_record_to_figures(figures, &out->block_figures, err) != 0)
		return pt_err_prefix(err, "block_figures");
	if (to_carried(carried, &out->carried, err) != 0)
		return pt_err_prefix(err, "carried");
	return 0;
}
