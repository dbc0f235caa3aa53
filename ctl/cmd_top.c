/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* top: the logins with the highest counts. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "ctl/call.h"
#include "ctl/columns.h"
#include "ctl/fill.h"
#include "ctl/handlers.h"

#define COUNT_DEFAULT 20
#define COUNT_MAX     10000

enum count {
	COUNT_SENT,
	COUNT_RECIPIENTS,
	COUNT_BYTES,
	COUNT_REFUSED,
	COUNT_MESSAGES, /* in a window now */
	COUNTS,
};

static const char *const count_names[COUNTS] = {
    [COUNT_SENT] = "sent",
    [COUNT_RECIPIENTS] = "recipients",
    [COUNT_BYTES] = "bytes",
    [COUNT_REFUSED] = "refused",
    [COUNT_MESSAGES] = "messages",
};

struct entry {
	struct pt_login login;
	uint64_t count[COUNTS];
	int64_t last_sent_at;
};

/* The best so far, the highest first. */
struct ranking {
	struct pc_call *call;
	enum count by;
	struct entry *entries;
	size_t count;
	size_t room;
};

static void
make_entry(struct entry *entry, const struct pt_activity *activity)
{
	entry->login = activity->login;
	entry->count[COUNT_SENT] = activity->total[PT_COUNT_MESSAGES];
	entry->count[COUNT_RECIPIENTS] = activity->total[PT_COUNT_RECIPIENTS];
	entry->count[COUNT_BYTES] = activity->total[PT_COUNT_BYTES];
	entry->count[COUNT_REFUSED] = activity->refusals.total;
	entry->count[COUNT_MESSAGES] =
	    pc_fill_sum(&activity->log[PT_COUNT_MESSAGES]);
	entry->last_sent_at = activity->last_sent_at;
}

/* Ties go by name, so that the same state always gives the same list. */
static bool
is_above(
    const struct ranking *ranking, const struct entry *a, const struct entry *b)
{
	uint64_t x = a->count[ranking->by];
	uint64_t y = b->count[ranking->by];

	return x != y ? x > y : strcmp(a->login.text, b->login.text) < 0;
}

static bool
rank(const struct pt_activity *activity, const struct pt_err *err, void *arg)
{
	struct ranking *ranking = arg;
	struct entry entry;
	size_t i;

	if (activity == NULL) {
		pc_call_skip(ranking->call, err);
		return true;
	}
	make_entry(&entry, activity);
	if (entry.count[ranking->by] == 0)
		return true;
	i = ranking->count;
	if (i == ranking->room) {
		if (!is_above(ranking, &entry, &ranking->entries[i - 1]))
			return true;
		i--;
	} else {
		ranking->count++;
	}
	for (; i > 0 && is_above(ranking, &entry, &ranking->entries[i - 1]);
	     i--)
		ranking->entries[i] = ranking->entries[i - 1];
	ranking->entries[i] = entry;
	return true;
}

static void
put_entry(struct pc_call *call, const struct entry *entry)
{
	pc_output_text(call->out, entry->login.text);
	pc_output_number(call->out, entry->count[COUNT_SENT]);
	pc_output_number(call->out, entry->count[COUNT_RECIPIENTS]);
	pc_output_size(call->out, entry->count[COUNT_BYTES]);
	pc_output_number(call->out, entry->count[COUNT_REFUSED]);
	pc_output_number(call->out, entry->count[COUNT_MESSAGES]);
	pc_output_time(call->out, entry->last_sent_at);
}

static int
put_ranking(
    struct pc_call *call, enum count by, size_t room, struct pt_err *err)
{
	struct ranking ranking = {.call = call, .by = by, .room = room};
	size_t i;
	int rc;

	ranking.entries = calloc(room, sizeof(*ranking.entries));
	if (ranking.entries == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot rank the logins: out of memory");
	rc = pt_store_each_activity(call->store, rank, &ranking, err);
	for (i = 0; rc == 0 && i < ranking.count; i++)
		put_entry(call, &ranking.entries[i]);
	free(ranking.entries);
	return rc;
}

static int
parse_by(const char *name, enum count *out, struct pt_err *err)
{
	size_t i;

	for (i = 0; i < COUNTS; i++) {
		if (strcmp(name, count_names[i]) == 0) {
			*out = (enum count)i;
			return 0;
		}
	}
	return pt_err_set(err, PT_ERR_USAGE,
	    "cannot rank by that: --by is sent, recipients, bytes, refused or "
	    "messages");
}

enum pc_answer
pc_cmd_top(struct pc_call *call, struct pt_err *err)
{
	const char *by_text = pc_call_option(call, "by");
	const char *count_text = pc_call_option(call, "n");
	enum count by = COUNT_SENT;
	uint64_t room = COUNT_DEFAULT;

	if (by_text != NULL && parse_by(by_text, &by, err) != 0)
		return PC_FAILED;
	if (count_text != NULL &&
	    (!pt_text_to_u64(count_text, COUNT_MAX, &room) || room == 0)) {
		(void)pt_err_set(err, PT_ERR_USAGE,
		    "cannot read -n: it is a number from 1 to %d", COUNT_MAX);
		return PC_FAILED;
	}
	pc_output_begin(call->out, pc_columns_top, true);
	if (put_ranking(call, by, (size_t)room, err) != 0 ||
	    pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}
