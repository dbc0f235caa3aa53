/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The outbox: a notice stands under its rank and under when it is to be tried,
 * so that who sends need not look at what waits.  The key alone says when, and
 * whether it was given up; a change moves the entry to another key.
 */
#include "core/state/store_private.h"

struct walk {
	pt_outbox_fn *fn;
	void *arg;
	struct pt_outbox_entry entry;
};

static int64_t
time_of(const unsigned char *bytes)
{
	uint64_t at = pt_store_key_number(bytes);

	return at > INT64_MAX ? INT64_MAX : (int64_t)at;
}

static bool
item(const MDB_val *key, const MDB_val *data, void *arg)
{
	const unsigned char *bytes = key->mv_data;
	struct walk *w = arg;
	struct pt_err err;
	uint64_t id;

	/* What is no entry is never due. */
	if (key->mv_size != STORE_OUTBOX_KEY_LEN)
		return true;
	id = pt_store_key_number(bytes + 1 + STORE_KEY_LEN);
	if (pt_outbox_decode(data->mv_data, data->mv_size, &w->entry, &err) !=
	    0) {
		(void)pt_err_prefix(
		    &err, "notice %llu", (unsigned long long)id);
		return w->fn(NULL, &err, w->arg);
	}
	w->entry.id = id;
	w->entry.gave_up = bytes[0] == PT_OUTBOX_GIVEN_UP;
	w->entry.next_at = time_of(bytes + 1);
	return w->fn(&w->entry, NULL, w->arg);
}

int
pt_store_each_outbox_from(struct pt_store *store, enum pt_outbox_rank rank,
    pt_outbox_fn *fn, void *arg, struct pt_err *err)
{
	unsigned char first = (unsigned char)rank;
	MDB_val from = {sizeof(first), &first};
	struct walk walk;

	walk.fn = fn;
	walk.arg = arg;
	return pt_store_each_item(
	    store, &store->accounts, STORE_OUTBOX, &from, item, &walk, err);
}

int
pt_store_each_outbox(
    struct pt_store *store, pt_outbox_fn *fn, void *arg, struct pt_err *err)
{
	return pt_store_each_outbox_from(store, PT_OUTBOX_ENDED, fn, arg, err);
}

struct changes {
	const struct pt_outbox_change *change;
	size_t count;
};

static int
put_change(
    struct store_env *env, MDB_txn *txn, const struct pt_outbox_change *change)
{
	const struct pt_outbox_entry *entry = &change->entry;
	enum pt_notice_kind kind = entry->notice.kind;
	unsigned char key_bytes[STORE_OUTBOX_KEY_LEN];
	unsigned char bytes[PT_OUTBOX_BYTES_MAX];
	MDB_val key = {sizeof(key_bytes), key_bytes};
	MDB_val data = {0, bytes};
	int rc;

	pt_store_outbox_key(pt_outbox_rank(kind, change->was_given_up),
	    change->was_next_at, entry->id, key_bytes);
	rc = mdb_del(txn, env->db[STORE_OUTBOX], &key, NULL);
	if (rc == MDB_NOTFOUND)
		return 0;
	if (rc != 0)
		return rc;
	if (change->is_done)
		return 0;
	pt_store_outbox_key(pt_outbox_rank(kind, entry->gave_up),
	    entry->next_at, entry->id, key_bytes);
	data.mv_size = pt_outbox_encode(entry, bytes, sizeof(bytes));
	return mdb_put(txn, env->db[STORE_OUTBOX], &key, &data, 0);
}

static int
put_changes(struct store_env *env, MDB_txn *txn, void *arg)
{
	const struct changes *changes = arg;
	int rc = 0;

	for (size_t i = 0; i < changes->count && rc == 0; i++)
		rc = put_change(env, txn, &changes->change[i]);
	return rc;
}

int
pt_store_change_outbox(struct pt_store *store,
    const struct pt_outbox_change *changes, size_t n, struct pt_err *err)
{
	struct changes all = {.change = changes, .count = n};
	unsigned char bytes[PT_OUTBOX_BYTES_MAX];

	if (n > PT_BATCH_MAX)
		return pt_err_set(
		    err, PT_ERR_INTERNAL, "too many changes of the outbox");
	for (size_t i = 0; i < n; i++) {
		if (changes[i].is_done || pt_outbox_encode(&changes[i].entry,
					      bytes, sizeof(bytes)) > 0)
			continue;
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot change notice %llu: a text has control characters, "
		    "is not UTF-8 or is too long",
		    (unsigned long long)changes[i].entry.id);
	}
	return n == 0 ? 0
		      : pt_store_write(
			    store, &store->accounts, put_changes, &all, err);
}
