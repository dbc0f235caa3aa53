/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a change of an account leaves behind: the history entry and the notice,
 * each under the next number of a sequence in meta.
 */
#include <string.h>

#include "core/state/store_batch.h"

bool
pt_store_has_trail(const struct pt_records *records)
{
	return records->trail.note.what[0] != '\0' ||
	       records->trail.notice.kind != PT_NOTICE_NONE;
}

int
pt_store_encode_trail(const struct pt_records *records, struct store_trail *out)
{
	const struct pt_trail *trail = &records->trail;
	struct pt_history entry;
	struct pt_outbox_entry mail;

	out->history_len = 0;
	out->notice_len = 0;
	if (trail->note.what[0] != '\0') {
		entry.login = records->account->login;
		entry.note = trail->note;
		out->history_len = pt_history_encode(
		    &entry, out->history, sizeof(out->history));
		if (out->history_len == 0)
			return -1;
	}
	if (trail->notice.kind == PT_NOTICE_NONE)
		return 0;
	memset(&mail, 0, sizeof(mail));
	mail.login = records->account->login;
	mail.notice = trail->notice;
	mail.next_at = trail->notice.at;
	out->rank = pt_outbox_rank(mail.notice.kind, false);
	out->next_at = mail.next_at;
	out->notice_len =
	    pt_outbox_encode(&mail, out->notice, sizeof(out->notice));
	return out->notice_len == 0 ? -1 : 0;
}

/* 0 if that failed, which is latched: sequences begin with 1. */
static uint64_t
next_number(struct store_batch *batch, const char *name)
{
	struct store_env *env = &batch->store->accounts;
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	unsigned char bytes[STORE_KEY_LEN];
	uint64_t number = 0;
	MDB_val data;
	int rc;

	rc = mdb_get(batch->accounts, env->db[STORE_META], &key, &data);
	if (rc == 0 && data.mv_size == STORE_KEY_LEN)
		number = pt_store_key_number(data.mv_data);
	else if (rc == 0)
		rc = MDB_INVALID;
	else if (rc == MDB_NOTFOUND)
		rc = 0;
	if (rc == 0) {
		number++;
		pt_store_key_bytes(number, bytes);
		data = (MDB_val){sizeof(bytes), bytes};
		rc = mdb_put(
		    batch->accounts, env->db[STORE_META], &key, &data, 0);
	}
	pt_store_batch_latch(batch, env, rc);
	return rc == 0 ? number : 0;
}

static void
put(struct store_batch *batch, enum store_db db, MDB_val key, MDB_val data)
{
	struct store_env *env = &batch->store->accounts;

	pt_store_batch_latch(
	    batch, env, mdb_put(batch->accounts, env->db[db], &key, &data, 0));
	batch->accounts_dirty = true;
}

void
pt_store_put_trail(struct store_batch *batch, const struct pt_login *login,
    struct store_trail *trail)
{
	unsigned char history_key[STORE_HISTORY_KEY_MAX];
	unsigned char outbox_key[STORE_OUTBOX_KEY_LEN];
	uint64_t number;
	size_t len;

	if (trail->history_len > 0) {
		number = next_number(batch, "history_sequence");
		if (number == 0)
			return;
		len = pt_store_history_key(login, number, history_key);
		put(batch, STORE_OTHER, (MDB_val){len, history_key},
		    (MDB_val){trail->history_len, trail->history});
	}
	if (trail->notice_len > 0) {
		number = next_number(batch, "outbox_sequence");
		if (number == 0)
			return;
		pt_store_outbox_key(
		    trail->rank, trail->next_at, number, outbox_key);
		put(batch, STORE_OUTBOX,
		    (MDB_val){sizeof(outbox_key), outbox_key},
		    (MDB_val){trail->notice_len, trail->notice});
	}
}
