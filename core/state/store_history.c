/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The history: showing it, and forgetting what is old.
 */
#include <string.h>

#include "core/state/store_private.h"

struct history_walk {
	pt_history_fn *fn;
	void *arg;
	const struct pt_login *login; /* NULL: all */
	struct pt_history entry;
};

static bool
history_item(const MDB_val *key, const MDB_val *data, void *walk)
{
	struct history_walk *w = walk;
	struct pt_err err;

	if (w->login != NULL &&
	    (key->mv_size != (size_t)w->login->len + 1 + STORE_KEY_LEN ||
		memcmp(key->mv_data, w->login->text,
		    (size_t)w->login->len + 1) != 0))
		return false;
	/* An entry that cannot be read hides no other. */
	if (pt_history_decode(data->mv_data, data->mv_size, &w->entry, &err) !=
	    0)
		return true;
	return w->fn(&w->entry, w->arg);
}

int
pt_store_each_history(struct pt_store *store, const struct pt_login *login,
    pt_history_fn *fn, void *arg, struct pt_err *err)
{
	unsigned char bytes[STORE_HISTORY_KEY_MAX];
	MDB_val from = {0, bytes};
	struct history_walk walk;

	walk.fn = fn;
	walk.arg = arg;
	walk.login = login;
	if (login != NULL)
		from.mv_size = pt_store_history_key(login, 0, bytes);
	return pt_store_each_item(store, &store->accounts, STORE_OTHER,
	    login == NULL ? NULL : &from, history_item, &walk, err);
}

struct prune {
	struct pt_history_place from;
	int64_t before;
	size_t max;
	bool is_looking; /* deletes nothing */
	/* Results. */
	struct pt_history_place next;
	bool more;
	uint64_t old;
};

static bool
is_old(const MDB_val *data, int64_t before)
{
	struct pt_history entry;
	struct pt_err err;

	/* Of what cannot be read nobody knows how old it is. */
	return pt_history_decode(data->mv_data, data->mv_size, &entry, &err) ==
		   0 &&
	       entry.note.at < before;
}

/* Goes on from *key; leaves there what comes next.  An LMDB code. */
static int
prune_entries(MDB_cursor *cursor, struct prune *prune, MDB_val *key)
{
	MDB_val data;
	int rc;

	rc = mdb_cursor_get(
	    cursor, key, &data, key->mv_size == 0 ? MDB_FIRST : MDB_SET_RANGE);
	for (size_t i = 0; i < prune->max && rc == 0; i++) {
		if (is_old(&data, prune->before)) {
			prune->old++;
			if (!prune->is_looking)
				rc = mdb_cursor_del(cursor, 0);
		}
		if (rc == 0)
			rc = mdb_cursor_get(cursor, key, &data, MDB_NEXT);
	}
	return rc;
}

static int
prune_step(struct store_env *env, MDB_txn *txn, void *arg)
{
	struct prune *prune = arg;
	MDB_val key = {prune->from.len, prune->from.key};
	MDB_cursor *cursor;
	int rc;

	prune->old = 0;
	prune->more = false;
	prune->next.len = 0;
	rc = mdb_cursor_open(txn, env->db[STORE_OTHER], &cursor);
	if (rc != 0)
		return rc;
	rc = prune_entries(cursor, prune, &key);
	if (rc == 0 && key.mv_size > sizeof(prune->next.key)) {
		rc = MDB_INVALID;
	} else if (rc == 0) {
		prune->more = true;
		prune->next.len = key.mv_size;
		memcpy(prune->next.key, key.mv_data, key.mv_size);
	}
	mdb_cursor_close(cursor);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

/* Without the writer's lock: most steps find nothing. */
static int
look_for_old(struct store_env *env, struct prune *prune, struct pt_err *err)
{
	int rc = pt_store_begin_reader(env);

	if (rc == 0) {
		prune->is_looking = true;
		rc = prune_step(env, env->reader, prune);
		mdb_txn_reset(env->reader);
		prune->is_looking = false;
	}
	return rc == 0 ? 0 : pt_store_error(env, rc, "read", err);
}

int
pt_store_prune_history(struct pt_store *store, struct pt_history_place *place,
    int64_t before, size_t max, uint64_t *deleted_out, struct pt_err *err)
{
	struct prune prune = {.from = *place, .before = before, .max = max};

	if (pt_store_is_ours(store, err) != 0 ||
	    look_for_old(&store->accounts, &prune, err) != 0)
		return -1;
	if (prune.old > 0 && pt_store_write(store, &store->accounts, prune_step,
				 &prune, err) != 0)
		return -1;
	*place = prune.next;
	*deleted_out = prune.old;
	return prune.more ? 1 : 0;
}
