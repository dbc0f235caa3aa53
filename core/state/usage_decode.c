/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <string.h>

#include "core/state/usage_codec.h"
#include "core/state/usage_sections.h"

/* A number of 32 bits. */
static uint32_t
take_number(struct pt_bytes_reader *in)
{
	uint64_t number = pt_bytes_take_varint(in);

	if (number > UINT32_MAX)
		in->bad = true;
	return (uint32_t)number;
}

static void
take_hashes(struct pt_bytes_reader *in, struct pt_usage *out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);

	if (count == 0 || count > PT_GUESSES_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count; i++)
		out->guess[i] = pt_bytes_take_hash(in);
	out->guess_count = count;
}

static void
take_totals(struct pt_bytes_reader *in, int64_t base, struct pt_usage *out)
{
	uint64_t any = pt_bytes_take_varint(in);

	out->logins_total = any;
	for (int i = 0; i < PT_TRAFFICS; i++) {
		out->traffic_total[i] = pt_bytes_take_varint(in);
		any |= out->traffic_total[i];
	}
	out->last_login_at = pt_bytes_take_ago(in, base);
	if (any == 0 && out->last_login_at == 0)
		in->bad = true;
}

static void
take_view(struct pt_bytes_reader *in, int64_t base, struct pt_view *out)
{
	out->checked_at = pt_bytes_take_ago(in, base);
	out->uidvalidity = pt_bytes_take_hash(in);
	out->uidnext = take_number(in);
	if (out->checked_at == 0 && out->uidvalidity == 0 && out->uidnext == 0)
		in->bad = true;
}

static void
take_sessions(struct pt_bytes_reader *in, struct pt_open_sessions *out)
{
	out->life = pt_bytes_take_hash(in);
	out->count = take_number(in);
	if (out->life == 0 && out->count == 0)
		in->bad = true;
}

/* An address has one spelling: the shortest. */
static void
take_address(struct pt_bytes_reader *in, size_t len, unsigned char out[16])
{
	memset(out, 0, 16);
	switch (len) {
	case 0:
		break;
	case 4:
		memcpy(out, pt_usage_mapped, sizeof(pt_usage_mapped));
		pt_bytes_take_block(in, out + sizeof(pt_usage_mapped), len);
		break;
	case 16:
		pt_bytes_take_block(in, out, len);
		in->bad =
		    in->bad || pt_bytes_is_zero(out, len) ||
		    memcmp(out, pt_usage_mapped, sizeof(pt_usage_mapped)) == 0;
		break;
	default:
		in->bad = true;
	}
}

static void
take_uses(struct pt_bytes_reader *in, int64_t base, struct pt_usage *out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);
	uint64_t id = 0;

	if (count == 0 || count > PT_PASSWORDS_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count && !in->bad; i++) {
		struct pt_last_use *use = &out->last_uses[i];
		uint32_t distance = take_number(in);
		unsigned head = (unsigned)pt_bytes_take_uint(in, 1);

		id += distance;
		if (distance == 0 || id > UINT32_MAX ||
		    !pt_usage_is_protocol(head & 0xf))
			in->bad = true;
		use->password = (uint32_t)id;
		use->protocol = (enum pt_protocol)(head & 0xf);
		use->at = pt_bytes_take_ago(in, base);
		take_address(in, (size_t)(head >> 4) * 4, use->address);
	}
	out->last_use_count = count;
}

static void
take_logs(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_usage *out)
{
	if ((sections & SECTION_LOGINS) != 0)
		pt_window_log_take(in, base, &out->logins);
	for (unsigned i = 0; i < PT_TRAFFICS; i++) {
		if ((sections & SECTION_TRAFFIC << i) != 0)
			pt_window_log_take(in, base, &out->traffic[i]);
	}
	if ((sections & SECTION_GUESSES) != 0)
		pt_window_log_take(in, base, &out->guesses);
}

static void
take_sections(struct pt_bytes_reader *in, uint64_t sections, int64_t base,
    struct pt_usage *out)
{
	take_logs(in, sections, base, out);
	if ((sections & SECTION_HASHES) != 0)
		take_hashes(in, out);
	if ((sections & SECTION_TOTALS) != 0)
		take_totals(in, base, out);
	if ((sections & SECTION_POP3) != 0) {
		out->pop3_checked_at = pt_bytes_take_ago(in, base);
		in->bad = in->bad || out->pop3_checked_at == 0;
	}
	if ((sections & SECTION_VIEW) != 0)
		take_view(in, base, &out->view);
	if ((sections & SECTION_SESSIONS) != 0)
		take_sessions(in, &out->sessions);
	if ((sections & SECTION_USES) != 0)
		take_uses(in, base, out);
	if ((sections & SECTION_REFUSED) != 0)
		pt_window_log_take(in, base, &out->refused_logins);
}

int
pt_usage_decode(
    const void *at, size_t len, struct pt_usage *out, struct pt_err *err)
{
	struct pt_record_frame frame;

	if (pt_record_begin(&pt_usage_form, at, len, &frame, err) != 0)
		return -1;
	pt_usage_init(out, &frame.login);
	take_sections(&frame.in, frame.sections, frame.base, out);
	if (pt_record_end(&pt_usage_form, &frame, err) != 0 ||
	    pt_record_check_base(
		&pt_usage_form, &frame, pt_usage_latest(out), err) != 0)
		return -1;
	out->exists = true;
	return 0;
}
