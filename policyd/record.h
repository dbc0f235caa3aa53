/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What is kept of a request: the values of its wanted attributes, by their
 * numbers in the grammar.  It has a fixed size and allocates nothing.
 */
#ifndef PD_RECORD_H
#define PD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PD_ATTRIBUTES_MAX 16   /* wanted ones, in a grammar */
#define PD_NAME_MAX       20   /* of a wanted attribute, with its NUL */
#define PD_VALUE_MAX      320  /* bytes that are kept of a value */
#define PD_RECORD_BYTES   1200 /* room for all texts of a request */

enum pd_kind {
	PD_KIND_TEXT,      /* at most "max" bytes */
	PD_KIND_LONG_TEXT, /* what is longer is kept as its beginning + "..." */
	PD_KIND_NUMBER,    /* decimal, up to INT64_MAX */
	PD_KIND_FILLED,    /* only whether there is something is kept */
	PD_KIND_WORD,      /* index in "words"; 0 if it is not among them */
	PD_KIND_FIXED,     /* must be among "words" */
};

struct pd_word {
	unsigned char len; /* 0: the end */
	char text[23];
};

struct pd_attribute {
	char name[PD_NAME_MAX];
	unsigned char id;            /* index of its value in the record */
	unsigned char kind;          /* enum pd_kind */
	uint16_t max;                /* of a text, at most PD_VALUE_MAX */
	const struct pd_word *words; /* from index 1 on */
};

struct pd_value {
	uint64_t number; /* number, 0 or 1, index of the word */
	uint16_t at;     /* of a text, in the record's bytes */
	uint16_t len;
	bool cut;
};

/*
 * What was read of one request.  Only values whose bit is set in "seen" have
 * a meaning, so that beginning anew costs nothing and nothing is taken over
 * from one request to the next: read them by the functions below.
 */
struct pd_record {
	uint32_t seen;
	uint16_t used;
	struct pd_value values[PD_ATTRIBUTES_MAX];
	char bytes[PD_RECORD_BYTES];
};

/* Begins anew. */
void
pd_record_clear(struct pd_record *record);

/*
 * Keeps a value of len bytes, none of them a control character; at least
 * the first PD_VALUE_MAX of them must be there.  NULL, or why it cannot be
 * a value of that attribute.
 */
const char *
pd_record_keep(struct pd_record *record, const struct pd_attribute *attribute,
    const char *at, size_t len);

static inline bool
pd_record_has(const struct pd_record *record, unsigned id)
{
	return (record->seen >> id & 1U) != 0;
}

/* 0 if the attribute did not come. */
static inline uint64_t
pd_record_number(const struct pd_record *record, unsigned id)
{
	return pd_record_has(record, id) ? record->values[id].number : 0;
}

/* "" if the attribute did not come; NUL-terminated. */
static inline const char *
pd_record_text(const struct pd_record *record, unsigned id, size_t *len_out)
{
	if (!pd_record_has(record, id)) {
		*len_out = 0;
		return "";
	}
	*len_out = record->values[id].len;
	return record->bytes + record->values[id].at;
}

/* Was the text longer than what is kept? */
static inline bool
pd_record_is_cut(const struct pd_record *record, unsigned id)
{
	return pd_record_has(record, id) && record->values[id].cut;
}

/* To know a value again, by at most PD_VALUE_MAX bytes of it. */
uint64_t
pd_record_hash(const char *at, size_t len);

#endif
