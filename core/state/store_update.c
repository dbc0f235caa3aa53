/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The one way to change the state: a batch of updates in one transaction.
 *
 * The updates run in the order of their keys, so that neighbours in the tree
 * are touched together, and a page that several of them change is copied
 * once.  A batch in which nothing changed writes nothing.
 */
#include <string.h>

#include "core/state/account_codec.h"
#include "core/state/store_batch.h"

/* Each try but the last ends by growing a map, which doubles it. */
#define TRIES_MAX 8

struct order {
	uint64_t key;
	size_t index;
};

/* 0, or -1 if the record cannot be used (or batch->rc is set). */
static int
load_account(
    struct store_batch *batch, const struct pt_login *login, struct pt_err *err)
{
	struct pt_store *store = batch->store;
	MDB_val key = {login->len, (void *)(uintptr_t)login->text};
	MDB_val data;
	int rc;

	rc = mdb_get(
	    batch->accounts, store->accounts.db[STORE_RECORDS], &key, &data);
	if (rc == MDB_NOTFOUND) {
		pt_account_init(&store->account, login);
		return 0;
	}
	if (rc != 0) {
		pt_store_batch_latch(batch, &store->accounts, rc);
		return -1;
	}
	return pt_account_decode(
	    data.mv_data, data.mv_size, login, &store->account, err);
}

static bool
may_replace(const struct store_batch *batch, const struct pt_update *update,
    enum pt_update_replace record, const struct pt_err *err)
{
	return (update->replace_damaged & record) != 0 && batch->rc == 0 &&
	       err->kind == PT_ERR_DAMAGED;
}

/* place->key is where the search begins. */
static int
load_record(struct store_batch *batch, enum store_kind_id id,
    const struct pt_update *update, void *record, struct store_place *place,
    unsigned *replaced, struct pt_err *err)
{
	const struct store_kind *kind = &pt_store_kinds[id];
	MDB_cursor *cursor = pt_store_batch_cursor(batch, id);
	int found;
	int rc;

	if (cursor == NULL)
		return -1;
	found = pt_store_find(
	    cursor, kind, update->login, &place->key, record, &rc, err);
	if (found < 0) {
		pt_store_batch_latch(batch, &batch->store->activity, rc);
		if (!may_replace(batch, update, kind->replace, err))
			return -1;
		*replaced |= kind->replace;
	}
	if (found != 1)
		kind->init(record, update->login);
	/* A damaged record takes its place, too. */
	place->taken = found != 0;
	return 0;
}

static void
put_records(struct store_batch *batch, const struct pt_records *records,
    const struct pt_login *login, struct store_place *places)
{
	struct store_place *activity = &places[STORE_KIND_ACTIVITY];
	struct store_place *usage = &places[STORE_KIND_USAGE];
	struct store_place *evidence = &places[STORE_KIND_EVIDENCE];

	activity->changed = records->activity_changed;
	activity->deleted = records->activity_deleted;
	pt_store_put_record(
	    batch, STORE_KIND_ACTIVITY, records->activity, login, activity);
	if (activity->changed || activity->deleted)
		pt_store_put_pending(batch, login,
		    !activity->deleted &&
			records->activity->block.reason != PT_BLOCK_NONE);
	if (records->usage != NULL) {
		usage->changed = records->usage_changed;
		usage->deleted = records->usage_deleted;
		pt_store_put_record(
		    batch, STORE_KIND_USAGE, records->usage, login, usage);
	}
	if (records->evidence != NULL) {
		evidence->changed = records->evidence_changed;
		evidence->deleted = records->evidence_deleted;
		pt_store_put_record(batch, STORE_KIND_EVIDENCE,
		    records->evidence, login, evidence);
	}
}

/* The account, and the records beside it that the update wants. */
static int
load_records(struct store_batch *batch, const struct pt_update *update,
    struct pt_records *records, struct store_place *places, struct pt_err *err)
{
	struct pt_store *store = batch->store;

	if (load_account(batch, update->login, err) != 0) {
		if (!may_replace(batch, update, PT_REPLACE_ACCOUNT, err))
			return -1;
		pt_account_init(&store->account, update->login);
		records->replaced |= PT_REPLACE_ACCOUNT;
	}
	if (update->block_only && !pt_store_is_pending(batch, update->login))
		pt_activity_init(&store->record, update->login);
	else if (load_record(batch, STORE_KIND_ACTIVITY, update, &store->record,
		     &places[STORE_KIND_ACTIVITY], &records->replaced,
		     err) != 0)
		return -1;
	if (update->usage &&
	    load_record(batch, STORE_KIND_USAGE, update, &store->usage,
		&places[STORE_KIND_USAGE], &records->replaced, err) != 0)
		return -1;
	if (update->evidence &&
	    load_record(batch, STORE_KIND_EVIDENCE, update, &store->evidence,
		&places[STORE_KIND_EVIDENCE], &records->replaced, err) != 0)
		return -1;
	return 0;
}

static int
run_update(struct store_batch *batch, struct pt_update *update, uint64_t key,
    struct pt_err *err)
{
	struct pt_store *store = batch->store;
	struct pt_records records = {
	    .account = &store->account,
	    .activity = &store->record,
	    .usage = update->usage ? &store->usage : NULL,
	    .evidence = update->evidence ? &store->evidence : NULL,
	};
	struct store_place places[STORE_KINDS] = {
	    {.key = key}, {.key = key}, {.key = key}};

	if (load_records(batch, update, &records, places, err) != 0)
		return -1;
	update->fn(&records, update->arg);
	if (update->block_only &&
	    (records.activity_changed || records.activity_deleted))
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "activity changed by an update that did not want it");
	if (batch->scope == PT_UPDATE_ACCOUNT) {
		if (pt_store_put_account(batch, &records, err) != 0)
			return -1;
	} else if (records.account_changed || records.account_deleted ||
		   records.note.what[0] != '\0') {
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "account changed by an update of activity");
	}
	put_records(batch, &records, update->login, places);
	return 0;
}

/* Insertion, because a batch is short; equal keys keep their order. */
static void
sort_by_key(struct order *order, size_t n)
{
	struct order moving;
	size_t i;
	size_t j;

	for (i = 1; i < n; i++) {
		moving = order[i];
		for (j = i; j > 0 && order[j - 1].key > moving.key; j--)
			order[j] = order[j - 1];
		order[j] = moving;
	}
}

static void
run_batch(struct store_batch *batch, struct pt_update *updates,
    const struct order *order, size_t n, struct pt_err *single)
{
	struct pt_update *update;
	size_t i;

	pt_store_batch_begin(batch);
	for (i = 0; i < n && batch->rc == 0; i++) {
		update = &updates[order[i].index];
		update->failed = PT_ERR_NONE;
		if (run_update(batch, update, order[i].key, single) != 0 &&
		    batch->rc == 0) {
			update->failed = single->kind;
			(void)pt_err_prefix(
			    single, "records of %s", update->login->text);
		}
	}
	pt_store_batch_end(batch);
}

int
pt_store_update(struct pt_store *store, enum pt_update_scope scope,
    struct pt_update *updates, size_t n, struct pt_err *err)
{
	struct order order[PT_BATCH_MAX];
	struct store_batch batch;
	size_t i;
	int tries;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	if (n > PT_BATCH_MAX || store->mode == PT_STORE_READ ||
	    (store->mode == PT_STORE_ACTIVITY && scope == PT_UPDATE_ACCOUNT))
		return pt_err_set(
		    err, PT_ERR_INTERNAL, "update that the store cannot run");
	for (i = 0; i < n; i++) {
		order[i].key = pt_store_key(store, updates[i].login);
		order[i].index = i;
	}
	sort_by_key(order, n);
	for (tries = 0; tries < TRIES_MAX; tries++) {
		memset(&batch, 0, sizeof(batch));
		batch.store = store;
		batch.scope = scope;
		run_batch(&batch, updates, order, n, err);
		if (batch.rc == 0)
			return 0;
		if (batch.account_stands || !pt_store_batch_mend(&batch, err))
			break;
	}
	(void)pt_store_error(batch.env, batch.rc, "write to", err);
	if (batch.account_stands)
		(void)pt_err_prefix(
		    err, "the account was changed, its activity was not");
	return -1;
}

int
pt_store_update_one(struct pt_store *store, enum pt_update_scope scope,
    const struct pt_login *login, pt_update_fn *fn, void *arg,
    struct pt_err *err)
{
	struct pt_update update = {.login = login, .fn = fn, .arg = arg};

	if (pt_store_update(store, scope, &update, 1, err) != 0)
		return -1;
	return update.failed == PT_ERR_NONE ? 0 : -1;
}
