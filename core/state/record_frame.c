/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/record_frame.h"

#define SECTIONS_AT 1 /* behind the version */

void
pt_record_open(const struct pt_record_form *form, int64_t base,
    const struct pt_login *login, unsigned char *at, size_t cap,
    struct pt_record_draft *draft_out)
{
	struct pt_bytes_writer *out = &draft_out->out;

	draft_out->begin = at;
	*out = (struct pt_bytes_writer){.at = at, .end = at + cap};
	pt_bytes_put_uint(out, form->version, 1);
	pt_bytes_put_uint(out, 0, form->width);
	pt_bytes_put_uint(out, (uint64_t)base, PT_BYTES_TIME_WIDTH);
	pt_bytes_put_login(out, login);
}

size_t
pt_record_close(const struct pt_record_form *form,
    const struct pt_record_draft *draft, uint64_t sections)
{
	struct pt_bytes_writer head = {
	    .at = draft->begin + SECTIONS_AT,
	    .end = draft->out.end,
	};

	if (draft->out.bad)
		return 0;
	pt_bytes_put_uint(&head, sections, form->width);
	return (size_t)(draft->out.at - draft->begin);
}

static int
damaged(const char *what, struct pt_err *err, const char *reason)
{
	return pt_err_set(
	    err, PT_ERR_DAMAGED, "the %s is damaged: %s", what, reason);
}

int
pt_record_take_version(const char *what, unsigned known, const void *at,
    size_t len, struct pt_bytes_reader *in_out, struct pt_err *err)
{
	unsigned version;

	if (len == 0)
		return damaged(what, err, "it is empty");
	in_out->at = at;
	in_out->end = in_out->at + len;
	in_out->bad = false;
	version = (unsigned)pt_bytes_take_uint(in_out, 1);
	if (version == 0)
		return damaged(what, err, "it has no version");
	if (version > known)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the %s was written by a later Postern: "
		    "it has version %u, known here is %u",
		    what, version, known);
	return 0;
}

int
pt_record_begin(const struct pt_record_form *form, const void *at, size_t len,
    struct pt_record_frame *out, struct pt_err *err)
{
	struct pt_bytes_reader *in = &out->in;

	if (pt_record_take_version(
		form->name, form->version, at, len, in, err) != 0)
		return -1;
	out->sections = form->width == 0 ? pt_bytes_take_varint(in)
					 : pt_bytes_take_uint(in, form->width);
	if (in->bad)
		return damaged(form->name, err, "its sections cannot be read");
	if (out->sections >= form->sections)
		return pt_err_set(err, PT_ERR_NEWER,
		    "the %s was written by a later Postern: "
		    "it has sections that are not known here",
		    form->name);
	out->base = (int64_t)pt_bytes_take_uint(in, PT_BYTES_TIME_WIDTH);
	pt_bytes_take_login(in, &out->login);
	if (in->bad)
		return damaged(form->name, err, "its login cannot be read");
	return 0;
}

int
pt_record_end(const struct pt_record_form *form,
    const struct pt_record_frame *frame, struct pt_err *err)
{
	if (frame->in.bad)
		return damaged(form->name, err, "its content cannot be read");
	if (frame->in.at != frame->in.end)
		return damaged(form->name, err, "it goes on after its end");
	return 0;
}

int
pt_record_check_base(const struct pt_record_form *form,
    const struct pt_record_frame *frame, int64_t latest, struct pt_err *err)
{
	return latest == frame->base
		   ? 0
		   : damaged(form->name, err, "its times do not fit");
}
