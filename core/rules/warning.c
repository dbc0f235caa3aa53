/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/warning.h"

#include "core/rules/notice.h"
#include "core/rules/quota.h"
#include "core/rules/window.h"

/* How full it is, in percent; whole ones, because so is warn_at. */
static uint64_t
percent_of(uint64_t used, uint64_t limit)
{
	if (limit == 0)
		return 0;
	if (used > UINT64_MAX / 100)
		return used / (limit / 100 + 1);
	return used * 100 / limit;
}

static enum pt_figures_unit
unit_of(unsigned counted)
{
	static const enum pt_figures_unit units[PT_COUNTED] = {
	    [PT_COUNT_MESSAGES] = PT_FIGURES_MESSAGES,
	    [PT_COUNT_RECIPIENTS] = PT_FIGURES_RECIPIENTS,
	    [PT_COUNT_BYTES] = PT_FIGURES_BYTES,
	};

	return units[counted];
}

static bool
was_told(const struct pt_activity *activity, int64_t seconds, int64_t now)
{
	return activity->limit_told_at != 0 &&
	       now - activity->limit_told_at <= seconds;
}

/* The fullest window that is to be told; unit PT_FIGURES_NONE: none. */
static struct pt_figures
find(
    const struct pt_plan *plan, const struct pt_activity *activity, int64_t now)
{
	struct pt_figures found = {.unit = PT_FIGURES_NONE};
	const struct pt_windows *windows;
	uint64_t most = plan->warn_at.value;
	unsigned counted;
	uint64_t used;
	size_t i;

	for (counted = 0; counted < PT_COUNTED; counted++) {
		windows = pt_quota_windows(plan, (enum pt_counted)counted);
		for (i = 0; i < windows->count; i++) {
			const struct pt_window *window = &windows->at[i];

			if (window->seconds < PT_WARNING_WINDOW_SECONDS ||
			    was_told(activity, window->seconds, now))
				continue;
			used = pt_window_used(
			    &activity->log[counted], window->seconds, now);
			if (percent_of(used, window->limit) < most)
				continue;
			most = percent_of(used, window->limit);
			found = (struct pt_figures){unit_of(counted), used,
			    window->limit, window->seconds};
		}
	}
	return found;
}

bool
pt_warning_give(const struct pt_config *config, const struct pt_plan *plan,
    struct pt_activity *activity, int64_t now)
{
	struct pt_notice notice = {.kind = PT_NOTICE_LIMIT_SOON, .at = now};

	if (!plan->warn_at.on || config->mode == PT_MODE_OBSERVE ||
	    !pt_notice_is_possible(config))
		return false;
	notice.figures = find(plan, activity, now);
	if (notice.figures.unit == PT_FIGURES_NONE)
		return false;
	pt_notice_mark(activity, &notice);
	activity->limit_told_at = now;
	return true;
}
