/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/record_frame.h"

static int
damaged(
    const struct pt_record_form *form, struct pt_err *err, const char *reason)
{
	return pt_err_set(err, PT_ERR_DAMAGED, "the %s record is damaged: %s",
	    form->name, reason);
}

/* The first byte and the sections. */
static int
take_head(const struct pt_record_form *form, struct pt_record_frame *out,
    struct pt_err *err)
{
	struct pt_bytes_reader *in = &out->in;
	unsigned version = (unsigned)pt_bytes_take_uint(in, 1);

	if (version > form->version)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the %s record was written by a later Postern: "
		    "it has version %u, known here is %u",
		    form->name, version, form->version);
	if (version == 0)
		return damaged(form, err, "it has no version");
	out->sections = form->width == 0 ? pt_bytes_take_varint(in)
					 : pt_bytes_take_uint(in, form->width);
	if (in->bad)
		return damaged(form, err, "its sections cannot be read");
	if (out->sections >= form->sections)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the %s record was written by a later Postern: "
		    "it has sections that are not known here",
		    form->name);
	return 0;
}

int
pt_record_begin(const struct pt_record_form *form, const void *at, size_t len,
    struct pt_record_frame *out, struct pt_err *err)
{
	struct pt_bytes_reader *in = &out->in;

	if (len == 0)
		return damaged(form, err, "it is empty");
	in->at = at;
	in->end = in->at + len;
	in->bad = false;
	if (take_head(form, out, err) != 0)
		return -1;
	out->base = (int64_t)pt_bytes_take_uint(in, PT_BYTES_TIME_WIDTH);
	pt_bytes_take_login(in, &out->login);
	if (in->bad)
		return damaged(form, err, "its login cannot be read");
	return 0;
}

int
pt_record_end(const struct pt_record_form *form,
    const struct pt_record_frame *frame, struct pt_err *err)
{
	if (frame->in.bad)
		return damaged(form, err, "its content cannot be read");
	if (frame->in.at != frame->in.end)
		return damaged(form, err, "it goes on after its end");
	return 0;
}

int
pt_record_check_base(const struct pt_record_form *form,
    const struct pt_record_frame *frame, int64_t latest, struct pt_err *err)
{
	return latest == frame->base
		   ? 0
		   : damaged(form, err, "its times do not fit");
}
