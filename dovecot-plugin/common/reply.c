/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/common/reply.h"

#include <string.h>

#include "core/base/text.h"

struct line {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};

static bool
is_named(const struct line *line, const char *name)
{
	return line->name_len == strlen(name) &&
	       memcmp(line->name, name, line->name_len) == 0;
}

static bool
is_value(const struct line *line, const char *value)
{
	return line->value_len == strlen(value) &&
	       memcmp(line->value, value, line->value_len) == 0;
}

static bool
to_text(const struct line *line, char *at, size_t cap)
{
	if (line->value_len >= cap ||
	    (pt_text_kinds(line->value, line->value_len) & PT_TEXT_CONTROL) !=
		0)
		return false;
	memcpy(at, line->value, line->value_len);
	at[line->value_len] = '\0';
	return true;
}

static bool
to_u32(const struct line *line, uint32_t *out)
{
	char digits[16];
	uint64_t value;

	if (!to_text(line, digits, sizeof(digits)) ||
	    !pt_text_to_u64(digits, UINT32_MAX, &value))
		return false;
	*out = (uint32_t)value;
	return true;
}

static bool
to_flag(const struct line *line, bool *out)
{
	*out = is_value(line, "yes");
	return *out || is_value(line, "no");
}

static bool
to_action(const struct line *line, enum dp_action *out)
{
	if (is_value(line, "ok"))
		*out = DP_ACTION_OK;
	else if (is_value(line, "hold"))
		*out = DP_ACTION_HOLD;
	else if (is_value(line, "close"))
		*out = DP_ACTION_CLOSE;
	else
		return false;
	return true;
}

static bool
read_line(struct dp_reply *reply, const struct line *line)
{
	if (is_named(line, "action"))
		return to_action(line, &reply->action);
	if (is_named(line, "unasked"))
		return to_flag(line, &reply->unasked);
	if (is_named(line, "hold"))
		return to_flag(line, &reply->hold);
	if (is_named(line, "report"))
		return to_u32(line, &reply->report_s);
	if (is_named(line, "uidvalidity"))
		return to_u32(line, &reply->uidvalidity);
	if (is_named(line, "uidnext"))
		return to_u32(line, &reply->uidnext);
	if (is_named(line, "due"))
		return to_u32(line, &reply->due_s);
	if (is_named(line, "reason"))
		return to_text(line, reply->reason, sizeof(reply->reason));
	if (is_named(line, "reply"))
		return to_text(line, reply->text, sizeof(reply->text));
	return true;
}

static bool
is_complete(const struct dp_reply *reply)
{
	switch (reply->action) {
	case DP_ACTION_NONE:
		return false;
	case DP_ACTION_HOLD:
		return reply->uidvalidity != 0 && reply->uidnext != 0;
	case DP_ACTION_OK:
	case DP_ACTION_CLOSE:
		break;
	}
	return true;
}

/* Lines, each with its end, of a whole reply. */
static bool
read_lines(const char *at, size_t len, struct dp_reply *out)
{
	const char *end = at + len;

	memset(out, 0, sizeof(*out));
	out->hold = true;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *sign = memchr(at, '=', (size_t)(stop - at));
		struct line line = {.name = at};

		if (sign == NULL)
			return false;
		line.name_len = (size_t)(sign - at);
		line.value = sign + 1;
		line.value_len = (size_t)(stop - line.value);
		if (!read_line(out, &line))
			return false;
		at = stop + 1;
	}
	return is_complete(out);
}

void
dp_reply_reset(struct dp_reply_reader *reader)
{
	reader->used = 0;
	reader->garbage = false;
}

char *
dp_reply_room(struct dp_reply_reader *reader, size_t *len_out)
{
	*len_out = sizeof(reader->buf) - reader->used;
	return reader->buf + reader->used;
}

void
dp_reply_filled(struct dp_reply_reader *reader, size_t len)
{
	reader->used += len;
}

/* The length of the first reply without its empty line; 0: it is not whole. */
static size_t
whole(const struct dp_reply_reader *reader)
{
	size_t i;

	for (i = 1; i < reader->used; i++) {
		if (reader->buf[i] == '\n' && reader->buf[i - 1] == '\n')
			return i;
	}
	return 0;
}

enum dp_reply_state
dp_reply_next(struct dp_reply_reader *reader, struct dp_reply *out)
{
	size_t len = reader->garbage ? 0 : whole(reader);

	if (len == 0 && !reader->garbage && reader->used < sizeof(reader->buf))
		return DP_REPLY_MORE;
	if (len == 0 || !read_lines(reader->buf, len, out)) {
		reader->garbage = true;
		return DP_REPLY_GARBAGE;
	}
	reader->used -= len + 1;
	memmove(reader->buf, reader->buf + len + 1, reader->used);
	return DP_REPLY_ONE;
}
