/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The kinds of record under hashed keys, so that one code finds, writes and
 * deletes them.
 */
#include <stddef.h>

#include "core/state/store_private.h"

_Static_assert(offsetof(struct pt_activity, login) == 0 &&
		   offsetof(struct pt_usage, login) == 0 &&
		   offsetof(struct pt_evidence, login) == 0 &&
		   offsetof(struct pt_signals, login) == 0,
    "a record begins with its login");
_Static_assert(STORE_KIND_BYTES_MAX >= PT_ACTIVITY_BYTES_MAX &&
		   STORE_KIND_BYTES_MAX >= PT_USAGE_BYTES_MAX &&
		   STORE_KIND_BYTES_MAX >= PT_EVIDENCE_BYTES_MAX &&
		   STORE_KIND_BYTES_MAX >= PT_SIGNALS_BYTES_MAX,
    "STORE_KIND_BYTES_MAX is too small");

static void
activity_init(void *record, const struct pt_login *login)
{
	pt_activity_init(record, login);
}

static int
activity_decode(const void *at, size_t len, void *record, struct pt_err *err)
{
	return pt_activity_decode(at, len, record, err);
}

static size_t
activity_encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_activity_encode(record, out, cap);
}

static void
usage_init(void *record, const struct pt_login *login)
{
	pt_usage_init(record, login);
}

static int
usage_decode(const void *at, size_t len, void *record, struct pt_err *err)
{
	return pt_usage_decode(at, len, record, err);
}

static size_t
usage_encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_usage_encode(record, out, cap);
}

static void
evidence_init(void *record, const struct pt_login *login)
{
	pt_evidence_init(record, login);
}

static int
evidence_decode(const void *at, size_t len, void *record, struct pt_err *err)
{
	return pt_evidence_decode(at, len, record, err);
}

static size_t
evidence_encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_evidence_encode(record, out, cap);
}

static void
signals_init(void *record, const struct pt_login *login)
{
	pt_signals_init(record, login);
}

static int
signals_decode(const void *at, size_t len, void *record, struct pt_err *err)
{
	return pt_signals_decode(at, len, record, err);
}

static size_t
signals_encode(const void *record, unsigned char *out, size_t cap)
{
	return pt_signals_encode(record, out, cap);
}

const struct store_kind pt_store_kinds[STORE_KINDS] = {
    [STORE_KIND_ACTIVITY] =
	{
	    .name = "activity",
	    .db = STORE_RECORDS,
	    .replace = PT_REPLACE_ACTIVITY,
	    .room = offsetof(struct pt_store, record),
	    .changed = offsetof(struct pt_records, activity_changed),
	    .deleted = offsetof(struct pt_records, activity_deleted),
	    .init = activity_init,
	    .decode = activity_decode,
	    .encode = activity_encode,
	},
    [STORE_KIND_USAGE] =
	{
	    .name = "usage",
	    .db = STORE_USAGE,
	    .replace = PT_REPLACE_USAGE,
	    .room = offsetof(struct pt_store, usage),
	    .changed = offsetof(struct pt_records, usage_changed),
	    .deleted = offsetof(struct pt_records, usage_deleted),
	    .init = usage_init,
	    .decode = usage_decode,
	    .encode = usage_encode,
	},
    [STORE_KIND_EVIDENCE] =
	{
	    .name = "evidence",
	    .db = STORE_EVIDENCE,
	    .replace = PT_REPLACE_EVIDENCE,
	    .room = offsetof(struct pt_store, evidence),
	    .changed = offsetof(struct pt_records, evidence_changed),
	    .deleted = offsetof(struct pt_records, evidence_deleted),
	    .init = evidence_init,
	    .decode = evidence_decode,
	    .encode = evidence_encode,
	},
    [STORE_KIND_SIGNALS] =
	{
	    .name = "signals",
	    .db = STORE_SIGNALS,
	    .replace = PT_REPLACE_SIGNALS,
	    .room = offsetof(struct pt_store, signals),
	    .changed = offsetof(struct pt_records, signals_changed),
	    .deleted = offsetof(struct pt_records, signals_deleted),
	    .init = signals_init,
	    .decode = signals_decode,
	    .encode = signals_encode,
	},
};
