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

/* The records of one update. */
struct chosen {
	unsigned kinds;                        /* bits by enum store_kind_id */
	struct store_place place[STORE_KINDS]; /* of those alone */
};

static bool
is_chosen(const struct chosen *chosen, enum store_kind_id id)
{
	return (chosen->kinds >> (unsigned)id & 1U) != 0;
}

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

/* The store's room for a record of that kind. */
static void *
room_of(struct pt_store *store, enum store_kind_id id)
{
	return (char *)store + pt_store_kinds[id].room;
}

/* place->key is where the search begins. */
static int
load_record(struct store_batch *batch, enum store_kind_id id,
    const struct pt_update *update, struct store_place *place,
    unsigned *replaced, struct pt_err *err)
{
	const struct store_kind *kind = &pt_store_kinds[id];
	MDB_cursor *cursor = pt_store_batch_cursor(batch, id);
	void *record = room_of(batch->store, id);
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

/* What the update wants; its account has been loaded. */
static unsigned
choose_kinds(struct store_batch *batch, const struct pt_update *update)
{
	unsigned kinds = 0;

	if (!update->block_only || pt_store_is_pending(batch, update->login))
		kinds |= 1U << STORE_KIND_ACTIVITY;
	if (update->usage)
		kinds |= 1U << STORE_KIND_USAGE;
	if (update->evidence)
		kinds |= 1U << STORE_KIND_EVIDENCE;
	if (update->wants_signals == NULL
		? update->signals
		: update->wants_signals(&batch->store->account, update->arg))
		kinds |= 1U << STORE_KIND_SIGNALS;
	return kinds;
}

static void
show_records(struct pt_store *store, const struct chosen *chosen,
    struct pt_records *records)
{
	records->account = &store->account;
	records->activity = &store->record;
	if (is_chosen(chosen, STORE_KIND_USAGE))
		records->usage = &store->usage;
	if (is_chosen(chosen, STORE_KIND_EVIDENCE))
		records->evidence = &store->evidence;
	if (is_chosen(chosen, STORE_KIND_SIGNALS))
		records->signals = &store->signals;
}

/* The account, and the records beside it that the update wants. */
static int
load_records(struct store_batch *batch, const struct pt_update *update,
    uint64_t key, struct pt_records *records, struct chosen *chosen,
    struct pt_err *err)
{
	struct pt_store *store = batch->store;

	if (load_account(batch, update->login, err) != 0) {
		if (!may_replace(batch, update, PT_REPLACE_ACCOUNT, err))
			return -1;
		pt_account_init(&store->account, update->login);
		records->replaced |= PT_REPLACE_ACCOUNT;
	}
	chosen->kinds = choose_kinds(batch, update);
	for (unsigned id = 0; chosen->kinds >> id != 0; id++) {
		if (!is_chosen(chosen, (enum store_kind_id)id))
			continue;
		chosen->place[id] = (struct store_place){.key = key};
		if (load_record(batch, (enum store_kind_id)id, update,
			&chosen->place[id], &records->replaced, err) != 0)
			return -1;
	}
	if (!is_chosen(chosen, STORE_KIND_ACTIVITY))
		pt_activity_init(&store->record, update->login);
	show_records(store, chosen, records);
	return 0;
}

static void
put_records(struct store_batch *batch, const struct pt_records *records,
    const struct pt_login *login, struct chosen *chosen)
{
	const char *flags = (const char *)records;
	struct store_place *place;

	for (unsigned id = 0; chosen->kinds >> id != 0; id++) {
		if (!is_chosen(chosen, (enum store_kind_id)id))
			continue;
		place = &chosen->place[id];
		place->changed =
		    *(const bool *)(flags + pt_store_kinds[id].changed);
		place->deleted =
		    *(const bool *)(flags + pt_store_kinds[id].deleted);
		pt_store_put_record(batch, (enum store_kind_id)id,
		    room_of(batch->store, (enum store_kind_id)id), login,
		    place);
	}
	if (records->activity_deleted)
		pt_store_put_pending(batch, login, NULL);
	else if (records->activity_changed)
		pt_store_put_pending(batch, login, records->activity);
}

static int
run_update(struct store_batch *batch, struct pt_update *update, uint64_t key,
    struct pt_err *err)
{
	struct pt_records records = {0};
	struct chosen chosen;

	if (load_records(batch, update, key, &records, &chosen, err) != 0)
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
		   pt_store_has_trail(&records)) {
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "account changed by an update of activity");
	}
	put_records(batch, &records, update->login, &chosen);
	return 0;
}

/* Equal keys keep their order. */
static bool
is_before(const struct order *a, const struct order *b)
{
	return a->key < b->key || (a->key == b->key && a->index < b->index);
}

/*
 * By insertion over shrinking gaps (Shell, Knuth): a batch is short, and
 * qsort() takes three times as long for it.
 */
static void
sort(struct order *order, size_t n)
{
	struct order moving;
	size_t gap = 1;
	size_t j;

	while (gap < n / 3)
		gap = 3 * gap + 1;
	for (; gap > 0; gap /= 3) {
		for (size_t i = gap; i < n; i++) {
			moving = order[i];
			for (j = i;
			     j >= gap && is_before(&moving, &order[j - gap]);
			     j -= gap)
				order[j] = order[j - gap];
			order[j] = moving;
		}
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
	struct order order[PT_BULK_MAX];
	struct store_batch batch;
	size_t i;
	int tries;

	if (pt_store_is_ours(store, err) != 0)
		return -1;
	if (n > (scope == PT_UPDATE_ACCOUNT ? PT_BULK_MAX : PT_BATCH_MAX) ||
	    store->mode == PT_STORE_READ ||
	    (store->mode == PT_STORE_ACTIVITY && scope == PT_UPDATE_ACCOUNT))
		return pt_err_set(
		    err, PT_ERR_INTERNAL, "update that the store cannot run");
	for (i = 0; i < n; i++) {
		order[i].key = pt_store_key(store, updates[i].login);
		order[i].index = i;
	}
	sort(order, n);
	for (tries = 0; tries < TRIES_MAX; tries++) {
		memset(&batch, 0, sizeof(batch));
		batch.store = store;
		batch.scope = scope;
		run_batch(&batch, updates, order, n, err);
		if (batch.rc == 0)
			return 0;
		if (batch.account_stands ||
		    !pt_store_mend(store, batch.env, &batch.rc, err))
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
