/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/record.h"

#include <string.h>

#include "core/base/hash.h"

#define CUT_MARK     "..."
#define CUT_MARK_LEN (sizeof(CUT_MARK) - 1)

void
pd_record_clear(struct pd_record *record)
{
	record->seen = 0;
	/* What is no text has this empty one. */
	record->used = 1;
	record->bytes[0] = '\0';
}

uint64_t
pd_record_hash(const char *at, size_t len)
{
	return pt_hash(at, len < PD_VALUE_MAX ? len : PD_VALUE_MAX);
}

static bool
read_number(const char *at, size_t len, uint64_t *out)
{
	uint64_t number = 0;
	size_t i;

	/* Nineteen digits always fit; leading zeros are not worth more. */
	if (len == 0 || len > 19)
		return false;
	for (i = 0; i < len; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
		number = number * 10 + (unsigned)(at[i] - '0');
	}
	*out = number;
	return number <= INT64_MAX;
}

static unsigned
find_word(const struct pd_word *words, const char *at, size_t len)
{
	unsigned i;

	for (i = 1; words[i].len > 0; i++) {
		if (words[i].len == len && memcmp(words[i].text, at, len) == 0)
			return i;
	}
	return 0;
}

/* Grammars leave room for every text at its longest; still, never beyond. */
static bool
keep_text(struct pd_record *record, struct pd_value *value, const char *at,
    size_t len, size_t max)
{
	size_t n = len < max ? len : max;
	char *to = record->bytes + record->used;

	if (n >= sizeof(record->bytes) - record->used)
		return false;
	memcpy(to, at, n);
	to[n] = '\0';
	value->cut = len > max;
	if (value->cut && max >= CUT_MARK_LEN)
		memcpy(to + n - CUT_MARK_LEN, CUT_MARK, CUT_MARK_LEN);
	value->at = record->used;
	value->len = (uint16_t)n;
	record->used = (uint16_t)(record->used + n + 1);
	return true;
}

const char *
pd_record_keep(struct pd_record *record, const struct pd_attribute *attribute,
    const char *at, size_t len)
{
	struct pd_value *value = &record->values[attribute->id];

	*value = (struct pd_value){.number = 0};
	switch ((enum pd_kind)attribute->kind) {
	case PD_KIND_TEXT:
		if (len > attribute->max)
			return "value too long";
		/* fall through */
	case PD_KIND_LONG_TEXT:
		if (!keep_text(record, value, at, len, attribute->max))
			return "values too long";
		break;
	case PD_KIND_NUMBER:
		if (!read_number(at, len, &value->number))
			return "not a number";
		break;
	case PD_KIND_FILLED:
		value->number = len > 0;
		break;
	case PD_KIND_FIXED:
	case PD_KIND_WORD:
		value->number = find_word(attribute->words, at, len);
		if (value->number == 0 && attribute->kind == PD_KIND_FIXED)
			return "unknown kind of request";
		break;
	}
	record->seen |= (uint32_t)1 << attribute->id;
	return NULL;
}
