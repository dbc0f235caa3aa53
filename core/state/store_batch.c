/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/store_batch.h"

void
pt_store_batch_latch(struct store_batch *batch, struct store_env *env, int rc)
{
	if (rc != 0 && batch->rc == 0) {
		batch->rc = rc;
		batch->env = env;
	}
}

void
pt_store_batch_begin(struct store_batch *batch)
{
	struct pt_store *store = batch->store;

	if (batch->scope == PT_UPDATE_ACCOUNT)
		pt_store_batch_latch(batch, &store->accounts,
		    pt_store_begin(&store->accounts, 0, &batch->accounts));
	if (batch->rc != 0)
		return;
	pt_store_batch_latch(batch, &store->activity,
	    pt_store_begin(&store->activity, 0, &batch->activity));
	if (batch->rc != 0)
		return;
	/* After the writer lock, so that it sees all that came before. */
	if (batch->scope == PT_UPDATE_ACTIVITY) {
		pt_store_batch_latch(batch, &store->accounts,
		    pt_store_begin_reader(&store->accounts));
		if (batch->rc == 0)
			batch->accounts = store->accounts.reader;
	}
}

MDB_cursor *
pt_store_batch_cursor(struct store_batch *batch, enum store_kind_id kind)
{
	struct store_env *env = &batch->store->activity;

	if (batch->cursors[kind] == NULL)
		pt_store_batch_latch(batch, env,
		    mdb_cursor_open(batch->activity,
			env->db[pt_store_kinds[kind].db],
			&batch->cursors[kind]));
	return batch->cursors[kind];
}

static void
end_accounts(struct store_batch *batch, bool commit)
{
	struct store_env *env = &batch->store->accounts;

	if (batch->accounts == NULL)
		return;
	if (batch->scope == PT_UPDATE_ACTIVITY)
		mdb_txn_reset(batch->accounts);
	else if (commit && batch->accounts_dirty)
		pt_store_batch_latch(
		    batch, env, pt_store_commit(env, 0, batch->accounts));
	else
		pt_store_abort(env, 0, batch->accounts);
	batch->account_stands =
	    commit && batch->accounts_dirty && batch->rc == 0;
	batch->accounts = NULL;
}

static void
end_activity(struct store_batch *batch, bool commit)
{
	struct store_env *env = &batch->store->activity;

	if (batch->activity == NULL)
		return;
	for (int i = 0; i < STORE_KINDS; i++) {
		if (batch->cursors[i] != NULL)
			mdb_cursor_close(batch->cursors[i]);
		batch->cursors[i] = NULL;
	}
	if (commit)
		pt_store_batch_latch(
		    batch, env, pt_store_commit(env, 0, batch->activity));
	else
		pt_store_abort(env, 0, batch->activity);
	batch->activity = NULL;
}

void
pt_store_batch_end(struct store_batch *batch)
{
	bool commit = batch->rc == 0;

	/* Nobody waits for activity's lock while accounts goes to the disk. */
	if (!commit || !batch->activity_dirty)
		end_activity(batch, false);
	end_accounts(batch, commit);
	end_activity(batch, batch->rc == 0);
}
