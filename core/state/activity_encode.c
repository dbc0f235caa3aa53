/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/state/account.h"
#include "core/state/activity_codec.h"
#include "core/state/activity_sections.h"
#include "core/state/notice.h"

_Static_assert(
    HEAD_BYTES + PT_COUNTED * PT_WINDOW_LOG_BYTES_MAX + RECENTS_BYTES +
	    GRANT_BYTES + TOTALS_BYTES + REFUSALS_BYTES + BLOCK_BYTES +
	    AMOUNTS_BYTES + PT_FIGURES_BYTES_MAX + NOTICE_BYTES +
	    PENALTY_BYTES + TOLD_BYTES + PT_WINDOW_LOG_BYTES_MAX +
	    PT_OBSERVED_BYTES_MAX + PT_COUNTED * PT_WINDOW_LOG_BYTES_MAX <=
	PT_ACTIVITY_BYTES_MAX,
    "PT_ACTIVITY_BYTES_MAX is too small");
_Static_assert(
    SECTION_RECENT == SECTION_LOG << PT_COUNTED, "each log has its bit");
_Static_assert(
    SECTIONS == SECTION_PASSED << PT_COUNTED, "each log has its bit");
_Static_assert(
    SECTION_OBSERVED == 0x4000, "as a varint the others take two bytes");
_Static_assert(SECTIONS <= 0x200000, "as a varint they take three bytes");

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
pt_activity_latest(const struct pt_activity *activity)
{
	unsigned recents = activity->recent_count;
	int64_t at = later(activity->last_sent_at, activity->refusals.last_at);

	for (int i = 0; i < PT_COUNTED; i++)
		at = later(at, pt_window_log_latest(&activity->log[i]));
	if (recents > 0)
		at = later(at, activity->recent[recents - 1].at);
	if (activity->block.reason != PT_BLOCK_NONE)
		at = later(at, activity->block.at);
	if (activity->notice.kind != PT_NOTICE_NONE)
		at = later(at, activity->notice.at);
	at = later(at, activity->penalty.since);
	at = later(at, activity->limit_told_at);
	at = later(at, pt_window_log_latest(&activity->refused));
	if (activity->observed.count > 0)
		at = later(at, pt_observed_codec_latest(&activity->observed));
	return pt_bytes_clamp_time(at, PT_BYTES_TIME_MAX);
}

static unsigned
put_recents(struct pt_bytes_writer *out, int64_t base,
    const struct pt_activity *activity)
{
	unsigned char *to = out->at;
	int64_t newer = base;

	if (activity->recent_count == 0 ||
	    !pt_bytes_has_room(out, RECENTS_BYTES))
		return 0;
	*to++ = (unsigned char)activity->recent_count;
	for (unsigned i = activity->recent_count; i-- > 0;) {
		const struct pt_recent *recent = &activity->recent[i];
		int64_t at = pt_bytes_clamp_time(recent->at, newer);

		to = pt_bytes_set_hash(to, recent->hash);
		to = pt_bytes_set_varint(to, (uint64_t)(newer - at));
		newer = at;
	}
	out->at = to;
	return SECTION_RECENT;
}

static unsigned
put_grant(struct pt_bytes_writer *out, const struct pt_activity *activity)
{
	if (activity->grant_id == 0 && activity->grant_used == 0)
		return 0;
	if (!pt_bytes_has_room(out, GRANT_BYTES))
		return 0;
	out->at =
	    pt_bytes_set_varint(pt_bytes_set_hash(out->at, activity->grant_id),
		activity->grant_used);
	return SECTION_GRANT;
}

static unsigned
put_totals(struct pt_bytes_writer *out, int64_t base,
    const struct pt_activity *activity)
{
	uint64_t any = 0;
	unsigned char *to = out->at;

	for (int i = 0; i < PT_COUNTED; i++)
		any |= activity->total[i];
	if (any == 0 && activity->last_sent_at <= 0)
		return 0;
	if (!pt_bytes_has_room(out, TOTALS_BYTES))
		return 0;
	for (int i = 0; i < PT_COUNTED; i++)
		to = pt_bytes_set_varint(to, activity->total[i]);
	out->at = pt_bytes_set_ago(to, base, activity->last_sent_at);
	return SECTION_TOTALS;
}

static unsigned
put_refusals(struct pt_bytes_writer *out, int64_t base,
    const struct pt_refusals *refusals)
{
	unsigned char *to = out->at;

	if (refusals->total == 0 && refusals->last_at <= 0 &&
	    refusals->last_reason == 0 && refusals->attempt_count == 0)
		return 0;
	if (!pt_bytes_has_room(out, REFUSALS_BYTES))
		return 0;
	to = pt_bytes_set_varint(to, refusals->total);
	to = pt_bytes_set_ago(to, base, refusals->last_at);
	*to++ = refusals->last_reason;
	*to++ = (unsigned char)refusals->attempt_count;
	for (unsigned i = 0; i < refusals->attempt_count; i++)
		to = pt_bytes_set_hash(to, refusals->attempt[i]);
	out->at = to;
	return SECTION_REFUSALS;
}

static unsigned
put_block(struct pt_bytes_writer *out, int64_t base,
    const struct pt_pending_block *block)
{
	unsigned char *to = out->at;

	if (block->reason == PT_BLOCK_NONE ||
	    !pt_bytes_has_room(out, BLOCK_BYTES))
		return 0;
	*to++ = block->reason;
	out->at = pt_bytes_set_ago(to, base, block->at);
	return SECTION_BLOCK;
}

bool
pt_activity_knows_amounts(const struct pt_recent *recent)
{
	return recent->granted || recent->recipients != 0 || recent->bytes != 0;
}

/* Charges of which an older Postern noted nothing have no section. */
static unsigned
put_amounts(struct pt_bytes_writer *out, const struct pt_activity *activity)
{
	unsigned char *to = out->at;
	bool any = false;

	if (activity->recent_count == 0 ||
	    !pt_bytes_has_room(out, AMOUNTS_BYTES))
		return 0;
	for (unsigned i = activity->recent_count; i-- > 0;) {
		const struct pt_recent *recent = &activity->recent[i];
		uint64_t bytes = recent->bytes;
		uint64_t flags = recent->granted ? AMOUNT_GRANTED : 0;

		if (recent->recipients != 1)
			flags |= AMOUNT_RECIPIENTS;
		if (bytes > AMOUNT_BYTES_MAX)
			bytes = AMOUNT_BYTES_MAX;
		to = pt_bytes_set_varint(to, bytes << AMOUNT_SHIFT | flags);
		if (recent->recipients != 1)
			to = pt_bytes_set_varint(to, recent->recipients);
		any = any || pt_activity_knows_amounts(recent);
	}
	if (!any)
		return 0;
	out->at = to;
	return SECTION_AMOUNTS;
}

static unsigned
put_figures(struct pt_bytes_writer *out, const struct pt_pending_block *block)
{
	if (block->reason == PT_BLOCK_NONE ||
	    !pt_figures_codec_any(&block->figures))
		return 0;
	pt_figures_codec_put(out, &block->figures);
	return SECTION_FIGURES;
}

/* "since" as it was put. */
static unsigned char *
set_term(unsigned char *to, int64_t since, int64_t until)
{
	if (until <= 0)
		return pt_bytes_set_varint(to, 0);
	until = pt_bytes_clamp_time(until, PT_BYTES_TIME_MAX);
	return pt_bytes_set_varint(
	    to, (until > since ? (uint64_t)(until - since) : 0) + 1);
}

static unsigned
put_notice(struct pt_bytes_writer *out, int64_t base,
    const struct pt_pending_notice *notice)
{
	int64_t at = pt_bytes_clamp_time(notice->at, base);
	unsigned char *to = out->at;

	if (notice->kind == PT_NOTICE_NONE ||
	    !pt_bytes_has_room(out, NOTICE_BYTES))
		return 0;
	*to++ = notice->kind;
	to = pt_bytes_set_ago(to, base, at);
	out->at = set_term(to, at, notice->until);
	pt_figures_codec_put(out, &notice->figures);
	return SECTION_NOTICE;
}

static unsigned
put_penalty(struct pt_bytes_writer *out, int64_t base,
    const struct pt_penalty_term *penalty)
{
	int64_t since = pt_bytes_clamp_time(penalty->since, base);

	if (since == 0 || !pt_bytes_has_room(out, PENALTY_BYTES))
		return 0;
	out->at = set_term(
	    pt_bytes_set_ago(out->at, base, since), since, penalty->until);
	return SECTION_PENALTY;
}

static unsigned
put_observed(struct pt_bytes_writer *out, int64_t base,
    const struct pt_observed *observed)
{
	unsigned sections = SECTION_OBSERVED;

	pt_observed_codec_put(out, base, observed);
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		if (pt_window_log_put(out, base, &observed->passed[i]))
			sections |= SECTION_PASSED << i;
	}
	return sections;
}

/* What most accounts have nothing of. */
static unsigned
put_rare(struct pt_bytes_writer *out, int64_t base,
    const struct pt_activity *activity)
{
	unsigned sections = put_figures(out, &activity->block);

	sections |= put_notice(out, base, &activity->notice);
	sections |= put_penalty(out, base, &activity->penalty);
	if (activity->limit_told_at > 0 && pt_bytes_has_room(out, TOLD_BYTES)) {
		out->at =
		    pt_bytes_set_ago(out->at, base, activity->limit_told_at);
		sections |= SECTION_TOLD;
	}
	if (pt_window_log_put(out, base, &activity->refused))
		sections |= SECTION_REFUSED;
	if (activity->observed.count > 0)
		sections |= put_observed(out, base, &activity->observed);
	return sections;
}

/*
 * Room was kept for a varint of two bytes, which a record that was charged
 * lately needs; whether that is so is known only now.
 */
static void
put_sections(struct pt_bytes_writer *out, unsigned char *at, unsigned sections)
{
	size_t behind = (size_t)(out->at - at) - 2;

	if (sections < SECTION_OBSERVED && sections >= 0x80) {
		(void)pt_bytes_set_varint(at, sections);
		return;
	}
	if (sections < 0x80) {
		memmove(at + 1, at + 2, behind);
		out->at--;
	} else if (pt_bytes_has_room(out, 1)) {
		memmove(at + 3, at + 2, behind);
		out->at++;
	} else {
		return;
	}
	(void)pt_bytes_set_varint(at, sections);
}

size_t
pt_activity_encode(
    const struct pt_activity *activity, unsigned char *out, size_t cap)
{
	struct pt_bytes_writer to = {.at = out, .end = out + cap};
	int64_t base = pt_activity_latest(activity);
	unsigned sections = 0;

	pt_bytes_put_uint(&to, ACTIVITY_VERSION, 1);
	pt_bytes_put_uint(&to, 0, 2);
	pt_bytes_put_uint(&to, (uint64_t)base, PT_BYTES_TIME_WIDTH);
	pt_bytes_put_login(&to, &activity->login);
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		if (pt_window_log_put(&to, base, &activity->log[i]))
			sections |= SECTION_LOG << i;
	}
	sections |= put_recents(&to, base, activity);
	sections |= put_grant(&to, activity);
	sections |= put_totals(&to, base, activity);
	sections |= put_refusals(&to, base, &activity->refusals);
	sections |= put_block(&to, base, &activity->block);
	sections |= put_amounts(&to, activity);
	sections |= put_rare(&to, base, activity);
	if (!to.bad)
		put_sections(&to, out + 1, sections);
	return to.bad ? 0 : (size_t)(to.at - out);
}
