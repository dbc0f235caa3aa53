/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/state/usage_codec.h"
#include "core/state/usage_sections.h"

_Static_assert(HEAD_BYTES + (3 + PT_TRAFFICS) * PT_WINDOW_LOG_BYTES_MAX +
		       HASHES_BYTES + TOTALS_BYTES + AGO_BYTES + VIEW_BYTES +
		       SESSIONS_BYTES + USES_BYTES <=
		   PT_USAGE_BYTES_MAX,
    "PT_USAGE_BYTES_MAX is too small");
_Static_assert(
    SECTION_GUESSES == SECTION_TRAFFIC << PT_TRAFFICS, "each log has its bit");

const struct pt_record_form pt_usage_form = {
    .name = "usage record",
    .version = 1,
    .width = SECTIONS_WIDTH,
    .sections = SECTIONS,
};

const unsigned char pt_usage_mapped[12] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};

bool
pt_usage_is_protocol(unsigned protocol)
{
	return protocol == PT_PROTOCOL_IMAP || protocol == PT_PROTOCOL_POP3 ||
	       protocol == PT_PROTOCOL_SMTP;
}

/* Of the last uses those are stored that fit behind the id before them. */
static bool
is_stored(const struct pt_last_use *use, uint32_t before)
{
	return use->password > before && pt_usage_is_protocol(use->protocol);
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
pt_usage_latest(const struct pt_usage *usage)
{
	int64_t at = later(usage->last_login_at, usage->pop3_checked_at);
	uint32_t before = 0;

	at = later(at, usage->view.checked_at);
	at = later(at, pt_window_log_latest(&usage->logins));
	at = later(at, pt_window_log_latest(&usage->refused_logins));
	for (int i = 0; i < PT_TRAFFICS; i++)
		at = later(at, pt_window_log_latest(&usage->traffic[i]));
	at = later(at, pt_window_log_latest(&usage->guesses));
	for (unsigned i = 0; i < usage->last_use_count; i++) {
		const struct pt_last_use *use = &usage->last_uses[i];

		if (!is_stored(use, before))
			continue;
		before = use->password;
		at = later(at, use->at);
	}
	return pt_bytes_clamp_time(at, PT_BYTES_TIME_MAX);
}

static unsigned
put_hashes(struct pt_bytes_writer *out, const struct pt_usage *usage)
{
	unsigned char *to = out->at;

	if (usage->guess_count == 0 || !pt_bytes_has_room(out, HASHES_BYTES))
		return 0;
	*to++ = (unsigned char)usage->guess_count;
	for (unsigned i = 0; i < usage->guess_count; i++)
		to = pt_bytes_set_hash(to, usage->guess[i]);
	out->at = to;
	return SECTION_HASHES;
}

static unsigned
put_totals(
    struct pt_bytes_writer *out, int64_t base, const struct pt_usage *usage)
{
	uint64_t any = usage->logins_total;
	unsigned char *to = out->at;

	for (int i = 0; i < PT_TRAFFICS; i++)
		any |= usage->traffic_total[i];
	if (any == 0 && usage->last_login_at <= 0)
		return 0;
	if (!pt_bytes_has_room(out, TOTALS_BYTES))
		return 0;
	to = pt_bytes_set_varint(to, usage->logins_total);
	for (int i = 0; i < PT_TRAFFICS; i++)
		to = pt_bytes_set_varint(to, usage->traffic_total[i]);
	out->at = pt_bytes_set_ago(to, base, usage->last_login_at);
	return SECTION_TOTALS;
}

static unsigned
put_pop3(struct pt_bytes_writer *out, int64_t base, int64_t at)
{
	if (at <= 0 || !pt_bytes_has_room(out, AGO_BYTES))
		return 0;
	out->at = pt_bytes_set_ago(out->at, base, at);
	return SECTION_POP3;
}

static unsigned
put_view(struct pt_bytes_writer *out, int64_t base, const struct pt_view *view)
{
	unsigned char *to = out->at;

	if (view->checked_at <= 0 && view->uidvalidity == 0 &&
	    view->uidnext == 0)
		return 0;
	if (!pt_bytes_has_room(out, VIEW_BYTES))
		return 0;
	to = pt_bytes_set_ago(to, base, view->checked_at);
	to = pt_bytes_set_hash(to, view->uidvalidity);
	out->at = pt_bytes_set_varint(to, view->uidnext);
	return SECTION_VIEW;
}

static unsigned
put_sessions(
    struct pt_bytes_writer *out, const struct pt_open_sessions *sessions)
{
	if (sessions->life == 0 && sessions->count == 0)
		return 0;
	if (!pt_bytes_has_room(out, SESSIONS_BYTES))
		return 0;
	out->at = pt_bytes_set_varint(
	    pt_bytes_set_hash(out->at, sessions->life), sessions->count);
	return SECTION_SESSIONS;
}

static unsigned char *
set_use(unsigned char *to, int64_t base, const struct pt_last_use *use,
    uint32_t before)
{
	const unsigned char *address = use->address;
	unsigned len = sizeof(use->address);

	if (pt_bytes_is_zero(address, sizeof(use->address))) {
		len = 0;
	} else if (memcmp(address, pt_usage_mapped, sizeof(pt_usage_mapped)) ==
		   0) {
		address += sizeof(pt_usage_mapped);
		len = 4;
	}
	to = pt_bytes_set_varint(to, use->password - before);
	*to++ = (unsigned char)(use->protocol | len / 4 << 4);
	to = pt_bytes_set_ago(to, base, use->at);
	memcpy(to, address, len);
	return to + len;
}

static unsigned
put_uses(
    struct pt_bytes_writer *out, int64_t base, const struct pt_usage *usage)
{
	unsigned char *to = out->at + 1;
	uint32_t before = 0;
	unsigned count = 0;

	if (usage->last_use_count == 0 || !pt_bytes_has_room(out, USES_BYTES))
		return 0;
	for (unsigned i = 0; i < usage->last_use_count; i++) {
		const struct pt_last_use *use = &usage->last_uses[i];

		if (!is_stored(use, before))
			continue;
		to = set_use(to, base, use, before);
		before = use->password;
		count++;
	}
	if (count == 0)
		return 0;
	out->at[0] = (unsigned char)count;
	out->at = to;
	return SECTION_USES;
}

static unsigned
put_logs(
    struct pt_bytes_writer *out, int64_t base, const struct pt_usage *usage)
{
	unsigned sections = 0;

	if (pt_window_log_put(out, base, &usage->logins))
		sections |= SECTION_LOGINS;
	for (unsigned i = 0; i < PT_TRAFFICS; i++) {
		if (pt_window_log_put(out, base, &usage->traffic[i]))
			sections |= SECTION_TRAFFIC << i;
	}
	if (pt_window_log_put(out, base, &usage->guesses))
		sections |= SECTION_GUESSES;
	return sections;
}

size_t
pt_usage_encode(const struct pt_usage *usage, unsigned char *out, size_t cap)
{
	struct pt_record_draft draft;
	struct pt_bytes_writer *to = &draft.out;
	int64_t base = pt_usage_latest(usage);
	unsigned sections = 0;

	pt_record_open(&pt_usage_form, base, &usage->login, out, cap, &draft);
	sections |= put_logs(to, base, usage);
	sections |= put_hashes(to, usage);
	sections |= put_totals(to, base, usage);
	sections |= put_pop3(to, base, usage->pop3_checked_at);
	sections |= put_view(to, base, &usage->view);
	sections |= put_sessions(to, &usage->sessions);
	sections |= put_uses(to, base, usage);
	if (pt_window_log_put(to, base, &usage->refused_logins))
		sections |= SECTION_REFUSED;
	return pt_record_close(&pt_usage_form, &draft, sections);
}
