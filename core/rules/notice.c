/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/notice.h"

bool
pt_notice_is_possible(const struct pt_config *config)
{
	const struct pt_windows *max = &config->notice.max;

	return config->notice.from[0] != '\0' &&
	       (max->count == 0 || max->at[0].limit > 0);
}

/* The notices of the period that "at" is in; a new one begins with it. */
static struct pt_notice_count
count_at(const struct pt_windows *max, const struct pt_notice_count *before,
    int64_t at)
{
	struct pt_notice_count count = *before;
	int64_t seconds = max->count == 0 ? 0 : max->at[0].seconds;

	/* A clock that was set back neither forgives nor waits for it. */
	if (count.since > at)
		count.since = at;
	if (count.since == 0 || at - count.since >= seconds)
		count = (struct pt_notice_count){.since = at, .count = 0};
	return count;
}

bool
pt_notice_put(const struct pt_config *config, struct pt_account *account,
    const struct pt_notice *notice, struct pt_trail *trail)
{
	const struct pt_windows *max = &config->notice.max;
	struct pt_notice_count count;

	if (config->notice.from[0] == '\0')
		return false;
	count = count_at(max, &account->notices, notice->at);
	if (notice->kind != PT_NOTICE_BLOCKED && max->count > 0 &&
	    count.count >= max->at[0].limit)
		return false;
	if (count.count < UINT32_MAX)
		count.count++;
	account->notices = count;
	if (account->created_at == 0)
		account->created_at = notice->at;
	trail->notice = *notice;
	return true;
}

void
pt_notice_mark(struct pt_activity *activity, const struct pt_notice *notice)
{
	activity->notice = (struct pt_pending_notice){
	    .kind = (unsigned char)notice->kind,
	    .at = notice->at,
	    .until = notice->until,
	    .figures = notice->figures,
	};
}
