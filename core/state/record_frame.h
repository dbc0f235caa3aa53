/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the records of activity, usage and evidence have in common: version,
 * which sections follow, the latest time, the login; and that nothing comes
 * after the last section.  Only their codecs use it.
 */
#ifndef PT_STATE_RECORD_FRAME_H
#define PT_STATE_RECORD_FRAME_H

#include "core/base/err.h"
#include "core/state/bytes.h"

struct pt_record_form {
	const char *name;  /* "usage", for errors */
	unsigned version;  /* that is known here; from 1 on */
	unsigned width;    /* of the sections in bytes; 0: a varint */
	uint64_t sections; /* the first bit that is not known */
};

struct pt_record_frame {
	struct pt_bytes_reader in; /* at the first section */
	uint64_t sections;
	int64_t base; /* the latest time */
	struct pt_login login;
};

/* PT_ERR_DAMAGED, or PT_ERR_NEWER for what a later version wrote. */
int
pt_record_begin(const struct pt_record_form *form, const void *at, size_t len,
    struct pt_record_frame *out, struct pt_err *err);

/* After the sections: was all of it good, and was it all? */
int
pt_record_end(const struct pt_record_form *form,
    const struct pt_record_frame *frame, struct pt_err *err);

/* Last: "latest" is the latest time in what was read. */
int
pt_record_check_base(const struct pt_record_form *form,
    const struct pt_record_frame *frame, int64_t latest, struct pt_err *err);

#endif
