/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/account.h"
#include "core/state/activity_codec.h"
#include "core/state/activity_sections.h"
#include "core/state/notice.h"
#include "core/state/record_frame.h"

/* The reader is a copy, so that the loop can keep it in registers. */
static void
take_recents(struct pt_bytes_reader *in, int64_t base, struct pt_activity *out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);
	struct pt_bytes_reader reader = *in;
	int64_t newer = base;

	if (count == 0 || count > PT_RECENT_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = count; i-- > 0;) {
		struct pt_recent *recent = &out->recent[i];
		uint64_t distance;

		recent->hash = pt_bytes_take_hash(&reader);
		distance = pt_bytes_take_varint(&reader);
		if (distance > (uint64_t)newer) {
			in->bad = true;
			return;
		}
		newer -= (int64_t)distance;
		recent->at = newer;
		recent->granted = false;
		recent->recipients = 0;
		recent->bytes = 0;
	}
	out->recent_count = count;
	*in = reader;
}

static void
take_grant(struct pt_bytes_reader *in, struct pt_activity *out)
{
	out->grant_id = pt_bytes_take_hash(in);
	out->grant_used = pt_bytes_take_varint(in);
	if (out->grant_id == 0 && out->grant_used == 0)
		in->bad = true;
}

static void
take_totals(struct pt_bytes_reader *in, int64_t base, struct pt_activity *out)
{
	uint64_t any = 0;

	for (int i = 0; i < PT_COUNTED; i++) {
		out->total[i] = pt_bytes_take_varint(in);
		any |= out->total[i];
	}
	out->last_sent_at = pt_bytes_take_ago(in, base);
	if (any == 0 && out->last_sent_at == 0)
		in->bad = true;
}

static void
take_refusals(struct pt_bytes_reader *in, int64_t base, struct pt_refusals *out)
{
	unsigned count;

	out->total = pt_bytes_take_varint(in);
	out->last_at = pt_bytes_take_ago(in, base);
	out->last_reason = (unsigned char)pt_bytes_take_uint(in, 1);
	count = (unsigned)pt_bytes_take_uint(in, 1);
	if (count > PT_ATTEMPTS_MAX ||
	    (out->total == 0 && out->last_at == 0 && out->last_reason == 0 &&
		count == 0)) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count; i++)
		out->attempt[i] = pt_bytes_take_hash(in);
	out->attempt_count = count;
}

static void
take_amounts(struct pt_bytes_reader *in, struct pt_activity *out)
{
	struct pt_bytes_reader reader = *in;
	bool any = false;

	for (unsigned i = out->recent_count; i-- > 0;) {
		struct pt_recent *recent = &out->recent[i];
		uint64_t head = pt_bytes_take_varint(&reader);

		recent->granted = (head & AMOUNT_GRANTED) != 0;
		recent->bytes = head >> AMOUNT_SHIFT;
		recent->recipients = 1;
		if ((head & AMOUNT_RECIPIENTS) != 0) {
			recent->recipients = pt_bytes_take_varint(&reader);
			if (recent->recipients == 1)
				reader.bad = true;
		}
		any = any || pt_activity_knows_amounts(recent);
	}
	if (!any)
		reader.bad = true;
	*in = reader;
}

/* A number that this version does not know is a later version's. */
static void
take_block(struct pt_bytes_reader *in, int64_t base,
    struct pt_pending_block *out, const char **newer_out)
{
	out->reason = (unsigned char)pt_bytes_take_uint(in, 1);
	out->at = pt_bytes_take_ago(in, base);
	if (out->reason == PT_BLOCK_NONE)
		in->bad = true;
	if (pt_block_reason_name((enum pt_block_reason)out->reason) == NULL)
		*newer_out = "the reason of its block";
}

static void
take_figures(
    struct pt_bytes_reader *in, struct pt_activity *out, const char **newer_out)
{
	bool newer = false;

	pt_figures_codec_take(in, &out->block.figures, &newer);
	if (out->block.reason == PT_BLOCK_NONE ||
	    (!newer && !pt_figures_codec_any(&out->block.figures)))
		in->bad = true;
	if (newer)
		*newer_out = "what its block counted";
}

/* The end of what began at "since"; 0: none. */
static int64_t
take_term(struct pt_bytes_reader *in, int64_t since)
{
	uint64_t length = pt_bytes_take_varint(in);

	if (length == 0)
		return 0;
	length--;
	if (length > (uint64_t)(PT_BYTES_TIME_MAX - since) ||
	    (since == 0 && length == 0)) {
		in->bad = true;
		return 0;
	}
	return since + (int64_t)length;
}

static void
take_notice(struct pt_bytes_reader *in, int64_t base,
    struct pt_pending_notice *out, const char **newer_out)
{
	bool newer = false;

	out->kind = (unsigned char)pt_bytes_take_uint(in, 1);
	out->at = pt_bytes_take_ago(in, base);
	out->until = take_term(in, out->at);
	pt_figures_codec_take(in, &out->figures, &newer);
	if (out->kind == PT_NOTICE_NONE)
		in->bad = true;
	if (newer ||
	    pt_notice_kind_name((enum pt_notice_kind)out->kind) == NULL)
		*newer_out = "its notice";
}

static void
take_penalty(
    struct pt_bytes_reader *in, int64_t base, struct pt_penalty_term *out)
{
	out->since = pt_bytes_take_ago(in, base);
	out->until = take_term(in, out->since);
	if (out->since == 0)
		in->bad = true;
}

static void
take_told(struct pt_bytes_reader *in, int64_t base, int64_t *out)
{
	*out = pt_bytes_take_ago(in, base);
	if (*out == 0)
		in->bad = true;
}

static void
take_observed(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_observed *out, const char **newer_out)
{
	bool newer = false;

	if ((sections & SECTION_OBSERVED) == 0) {
		in->bad = true;
		return;
	}
	pt_observed_codec_take(in, base, out, &newer);
	if (newer)
		*newer_out = "what was observed";
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		if ((sections & SECTION_PASSED << i) != 0)
			pt_window_log_take(in, base, &out->passed[i]);
	}
}

/* What most accounts have nothing of. */
static void
take_rare(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_activity *out, const char **newer_out)
{
	if ((sections & SECTION_FIGURES) != 0)
		take_figures(in, out, newer_out);
	if ((sections & SECTION_NOTICE) != 0)
		take_notice(in, base, &out->notice, newer_out);
	if ((sections & SECTION_PENALTY) != 0)
		take_penalty(in, base, &out->penalty);
	if ((sections & SECTION_TOLD) != 0)
		take_told(in, base, &out->limit_told_at);
	if ((sections & SECTION_REFUSED) != 0)
		pt_window_log_take(in, base, &out->refused);
	if (sections >= SECTION_OBSERVED)
		take_observed(in, sections, base, &out->observed, newer_out);
}

/* "in" is at the first section. */
static void
take_sections(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_activity *out, const char **newer_out)
{
	for (unsigned i = 0; i < PT_COUNTED; i++) {
		if ((sections & SECTION_LOG << i) != 0)
			pt_window_log_take(in, base, &out->log[i]);
	}
	if ((sections & SECTION_RECENT) != 0)
		take_recents(in, base, out);
	if ((sections & SECTION_GRANT) != 0)
		take_grant(in, out);
	if ((sections & SECTION_TOTALS) != 0)
		take_totals(in, base, out);
	if ((sections & SECTION_REFUSALS) != 0)
		take_refusals(in, base, &out->refusals);
	if ((sections & SECTION_BLOCK) != 0)
		take_block(in, base, &out->block, newer_out);
	if ((sections & SECTION_AMOUNTS) != 0)
		take_amounts(in, out);
	if (sections >= SECTION_FIGURES)
		take_rare(in, sections, base, out, newer_out);
}

int
pt_activity_decode(
    const void *at, size_t len, struct pt_activity *out, struct pt_err *err)
{
	static const struct pt_record_form form = {
	    .name = "activity record",
	    .version = ACTIVITY_VERSION,
	    .sections = SECTIONS,
	};
	struct pt_record_frame frame;
	const char *newer = NULL;

	if (pt_record_begin(&form, at, len, &frame, err) != 0)
		return -1;
	pt_activity_init(out, &frame.login);
	take_sections(&frame.in, frame.sections, frame.base, out, &newer);
	if (pt_record_end(&form, &frame, err) != 0 ||
	    pt_record_check_base(&form, &frame, pt_activity_latest(out), err) !=
		0)
		return -1;
	if (newer != NULL)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the activity record was written by a later Postern: "
		    "%s is not known here",
		    newer);
	out->exists = true;
	return 0;
}
