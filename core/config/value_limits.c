/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include <inttypes.h>
#include <string.h>

#include "core/base/span.h"
#include "core/config/limit.h"
#include "core/config/penalty.h"
#include "core/config/plan.h"
#include "core/config/value_types.h"

#define UNLIMITED "unlimited"

static bool
is_unlimited(const char *const *items, size_t count)
{
	return count == 1 && strcmp(items[0], UNLIMITED) == 0;
}

static int
windows_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	bool is_size = key->type == PT_KEY_SIZE_WINDOWS;
	struct pt_windows windows = {0};
	struct pt_window window;

	if (is_unlimited(items, count))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		if (pt_window_parse(items[i], is_size, &window, err) != 0 ||
		    pt_windows_add(&windows, &window, err) != 0)
			return -1;
	}
	memcpy(field, &windows, sizeof(windows));
	return 0;
}

static bool
windows_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	const struct pt_windows *windows = field;
	char buf[64];

	if (index >= windows->count)
		return false;
	pt_window_format(&windows->at[index], key->type == PT_KEY_SIZE_WINDOWS,
	    buf, sizeof(buf));
	pt_text_add(out, buf);
	return true;
}

static int
limit_parse(enum pt_key_type type, const char *item, uint64_t *value_out,
    struct pt_err *err)
{
	int64_t seconds = 0;

	if (type == PT_KEY_SIZE)
		return pt_size_parse(item, value_out, err);
	if (type == PT_KEY_SPAN) {
		if (pt_span_parse(item, &seconds, err) != 0)
			return -1;
		*value_out = (uint64_t)seconds;
		return 0;
	}
	if (!pt_text_to_u64(item, PT_SIZE_MAX, value_out))
		return pt_err_refuse(
		    err, item, "is neither a number nor \"unlimited\"");
	return 0;
}

static int
limit_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	struct pt_limit limit = {0};

	if (!is_unlimited(items, count)) {
		limit.on = true;
		if (limit_parse(key->type, items[0], &limit.value, err) != 0)
			return -1;
	}
	memcpy(field, &limit, sizeof(limit));
	return 0;
}

static bool
limit_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	const struct pt_limit *limit = field;
	char buf[PT_SPAN_TEXT_MAX];

	if (index > 0 || !limit->on)
		return false;
	if (key->type == PT_KEY_SIZE) {
		pt_size_format(limit->value, buf, sizeof(buf));
		pt_text_add(out, buf);
	} else if (key->type == PT_KEY_SPAN) {
		pt_span_format((int64_t)limit->value, buf, sizeof(buf));
		pt_text_add(out, buf);
	} else {
		pt_text_addf(out, "%" PRIu64, limit->value);
	}
	return true;
}

static int
penalty_read(const struct pt_key *key, void *field, const char *const *items,
    size_t count, struct pt_err *err)
{
	struct pt_penalty penalty = {.on = false};

	(void)key;
	if (!is_unlimited(items, count) &&
	    pt_penalty_parse(items[0], &penalty, err) != 0)
		return -1;
	memcpy(field, &penalty, sizeof(penalty));
	return 0;
}

static bool
penalty_item(const struct pt_key *key, const void *field, size_t index,
    struct pt_text *out)
{
	const struct pt_penalty *penalty = field;
	char buf[PT_PENALTY_TEXT_MAX];

	(void)key;
	if (index > 0 || !penalty->on)
		return false;
	pt_penalty_format(penalty, buf, sizeof(buf));
	pt_text_add(out, buf);
	return true;
}

const struct pt_value_type pt_value_windows = {
    .is_list = true,
    .is_quoted = true,
    .empty = UNLIMITED,
    .read = windows_read,
    .item = windows_item,
};

const struct pt_value_type pt_value_rate = {
    .is_quoted = true,
    .empty = UNLIMITED,
    .read = windows_read,
    .item = windows_item,
};

const struct pt_value_type pt_value_count = {
    .empty = UNLIMITED, .read = limit_read, .item = limit_item};

const struct pt_value_type pt_value_amount = {
    .is_quoted = true,
    .empty = UNLIMITED,
    .read = limit_read,
    .item = limit_item,
};

const struct pt_value_type pt_value_penalty = {
    .is_quoted = true,
    .empty = UNLIMITED,
    .read = penalty_read,
    .item = penalty_item,
};
