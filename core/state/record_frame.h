/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the records of activity, usage, evidence and signals have in common:
 * version, which sections follow, the latest time, the login; and that nothing
 * comes after the last section.  Of the other records the version alone.  Only
 * their codecs use it.
 */
#ifndef PT_STATE_RECORD_FRAME_H
#define PT_STATE_RECORD_FRAME_H

#include "core/base/err.h"
#include "core/state/bytes.h"

/*
 * Begins to read a record of any kind, "what" in errors ("history entry"), and
 * takes its version, which is not 0 and not above what is known here.
 * PT_ERR_DAMAGED; PT_ERR_NEWER for what a later version wrote.
 */
int
pt_record_take_version(const char *what, unsigned known, const void *at,
    size_t len, struct pt_bytes_reader *in_out, struct pt_err *err);

struct pt_record_form {
	const char *name;  /* "usage record", for errors */
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

/* A record that is being written. */
struct pt_record_draft {
	struct pt_bytes_writer out; /* at the next section */
	unsigned char *begin;
};

/* Writes what stands before the sections, of which the width is fixed. */
void
pt_record_open(const struct pt_record_form *form, int64_t base,
    const struct pt_login *login, unsigned char *at, size_t cap,
    struct pt_record_draft *draft_out);

/* After the sections, says which there are; its length, 0: no room. */
size_t
pt_record_close(const struct pt_record_form *form,
    const struct pt_record_draft *draft, uint64_t sections);

/* Errors as above. */
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
