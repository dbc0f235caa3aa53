/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* history: who changed what, when and why. */

#include <stdbool.h>
#include <stdlib.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "ctl/call.h"
#include "ctl/handlers.h"

#define COUNT_MAX 100000

/* The last entries of a walk that knows no way back. */
struct last {
	struct pt_history *ring;
	size_t room;
	uint64_t seen;
};

static void
put_entry(struct pc_call *call, const struct pt_history *entry)
{
	pc_output_time(call->out, entry->note.at);
	pc_output_text(call->out, entry->login.text);
	pc_output_text(call->out, entry->note.who);
	pc_output_text(call->out, entry->note.what);
	pc_output_text(call->out, entry->note.detail);
}

static bool
print_entry(const struct pt_history *entry, void *arg)
{
	put_entry(arg, entry);
	return true;
}

static bool
keep_entry(const struct pt_history *entry, void *arg)
{
	struct last *last = arg;

	last->ring[last->seen % last->room] = *entry;
	last->seen++;
	return true;
}

static int
put_last(struct pc_call *call, const struct pt_login *login, size_t count,
    struct pt_err *err)
{
	struct last last = {.room = count};
	uint64_t i;

	last.ring = calloc(count, sizeof(*last.ring));
	if (last.ring == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the history: out of memory");
	if (pt_store_each_history(call->store, login, keep_entry, &last, err) !=
	    0) {
		free(last.ring);
		return -1;
	}
	i = last.seen > count ? last.seen - count : 0;
	for (; i < last.seen; i++)
		put_entry(call, &last.ring[i % count]);
	free(last.ring);
	return 0;
}

enum pc_answer
pc_cmd_history(struct pc_call *call, struct pt_err *err)
{
	static const struct pc_column columns[] = {
	    {"time", NULL, 0},
	    {"login", NULL, 0},
	    {"who", NULL, 0},
	    {"what", NULL, 0},
	    {"detail", NULL, 0},
	};
	const char *count_text = pc_call_option(call, "n");
	const struct pt_login *one = NULL;
	struct pt_login login;
	uint64_t count = 0;
	int rc;

	if (count_text != NULL &&
	    (!pt_text_to_u64(count_text, COUNT_MAX, &count) || count == 0)) {
		(void)pt_err_set(err, PT_ERR_USAGE,
		    "cannot read -n: it is a number from 1 to %d", COUNT_MAX);
		return PC_FAILED;
	}
	if (call->arg_count > 0) {
		if (pc_call_login(call, 0, &login, err) != 0)
			return PC_FAILED;
		one = &login;
	}
	pc_output_begin(call->out, columns, PT_ARRAY_LEN(columns), true);
	if (count > 0)
		rc = put_last(call, one, (size_t)count, err);
	else
		rc = pt_store_each_history(
		    call->store, one, print_entry, call, err);
	if (rc != 0 || pc_output_end(call->out, err) != 0)
		return PC_FAILED;
	return PC_YES;
}
