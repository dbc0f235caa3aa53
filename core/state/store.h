/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The store: the one door to Postern's state, and the only module that knows
 * LMDB.
 *
 * Two environments under state_dir.  accounts/ holds account records,
 * history, the outbox and meta; each commit of it is synced to the disk.
 * activity/ holds activity, usage, evidence and signals records, counters and
 * hours; its commits survive the death of any process, and pt_store_sync()
 * carries them to the disk.
 *
 * State changes in one way only: pt_store_update() loads the records of a
 * login, lets a function change them, and writes what it changed in one
 * transaction.  The function must depend on nothing but the records and its
 * own argument, and overwrite its results: it is called again when the
 * transaction has to be repeated (map grown).  A store on the network can
 * therefore stand here later with compare-and-set.
 *
 * Errors: PT_ERR_UNAVAILABLE (disk full, lock, memory: may work later),
 * PT_ERR_DAMAGED, PT_ERR_NEWER, PT_ERR_CONFIG (wrong owner, no such
 * directory).  On error nothing of the batch was changed.
 *
 * One thread at a time uses a store, whichever: nothing in it belongs to the
 * thread that opened it, so that a mutex around the calls is enough.  A walk
 * (store_walk.h) is one call.  pt_store_sync() and pt_store_sync_part() alone
 * may run in another thread meanwhile.  A process opens a state at most once
 * and never uses it across fork(2).
 */
#ifndef PT_STATE_STORE_H
#define PT_STATE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/counters.h"
#include "core/state/evidence.h"
#include "core/state/signals.h"
#include "core/state/store_walk.h"
#include "core/state/trail.h"
#include "core/state/usage.h"

enum pt_store_mode {
	PT_STORE_READ, /* reads only */
	PT_STORE_WRITE,
	/*
	 * accounts/ is only read, activity/ is written (PT_UPDATE_ACTIVITY):
	 * no call waits for a disk, and none needs a path any more, so that
	 * the process may give up the rights that it opened the state with.
	 * For Dovecot's auth process.
	 */
	PT_STORE_ACTIVITY,
	/*
	 * For the long-running daemons: also checks activity/ when opening and
	 * sets it aside if it is damaged (pt_store_set_aside() tells where).
	 * The check forks: open the state before starting threads.
	 */
	PT_STORE_KEEP,
};

/* Makes the directory and both environments; the files get its owner. */
int
pt_store_create(const char *dir, struct pt_err *err);

int
pt_store_open(const char *dir, enum pt_store_mode mode,
    struct pt_store **store_out, struct pt_err *err);

/* NULL is allowed. */
void
pt_store_close(struct pt_store *store);

/* Where a damaged activity/ was moved when opening, or NULL. */
const char *
pt_store_set_aside(const struct pt_store *store);

/* What the update function sees and may change. */
struct pt_records {
	struct pt_account *account; /* changed only under PT_UPDATE_ACCOUNT */
	struct pt_activity *activity;
	/* NULL unless the update asks for it */
	struct pt_usage *usage;
	struct pt_evidence *evidence;
	struct pt_signals *signals;
	bool account_changed;
	bool account_deleted;
	bool activity_changed;
	bool activity_deleted;
	bool usage_changed;
	bool usage_deleted;
	bool evidence_changed;
	bool evidence_deleted;
	bool signals_changed;
	bool signals_deleted;
	/* The damaged ones that stand here as empty (enum pt_update_replace) */
	unsigned replaced;
	/* For the history and the outbox, under PT_UPDATE_ACCOUNT. */
	struct pt_trail trail;
};

enum pt_update_scope {
	PT_UPDATE_ACTIVITY, /* the account is only read: no wait for a disk */
	PT_UPDATE_ACCOUNT,  /* the account may change: a synced commit */
};

enum pt_update_replace {
	PT_REPLACE_ACCOUNT = 1 << 0,
	PT_REPLACE_ACTIVITY = 1 << 1,
	PT_REPLACE_USAGE = 1 << 2,
	PT_REPLACE_EVIDENCE = 1 << 3,
	PT_REPLACE_SIGNALS = 1 << 4,
};

typedef void
pt_update_fn(struct pt_records *records, void *arg);

/* Is the signals record wanted?  The account says which plan it has. */
typedef bool
pt_wants_fn(const struct pt_account *account, void *arg);

struct pt_update {
	const struct pt_login *login;
	bool usage;    /* the usage record is wanted, too */
	bool evidence; /* and the evidence record */
	bool signals;  /* and the signals record */
	/* Where that depends on the account; NULL: as "signals" says.
	 * As pure as fn, and with the same arg. */
	pt_wants_fn *wants_signals;
	/*
	 * Of the activity record nothing is wanted but its pending block and
	 * notice: it is not read when there is neither, stands here as empty
	 * then, and must not be changed.
	 */
	bool block_only;
	/*
	 * Of these records a damaged one is given to fn as one that does not
	 * exist, and is replaced if fn changes or deletes it.  For the
	 * postmaster's hand only: what it said is forgotten.
	 */
	unsigned replace_damaged; /* enum pt_update_replace, or-ed */
	pt_update_fn *fn;
	void *arg;
	/*
	 * Set by the store: PT_ERR_NONE, or why this login's records could
	 * not be used (a damaged record, a text that cannot be stored).  It
	 * harms no other update, and nothing of this one was changed.
	 */
	enum pt_err_kind failed;
};

/*
 * Runs the functions in the order of their logins' keys, all in one
 * transaction; n at most PT_BATCH_MAX, under PT_UPDATE_ACCOUNT PT_BULK_MAX.
 * Several for one login run in the order given.  Under PT_UPDATE_ACCOUNT
 * accounts/ is committed first; if activity/ then fails, the error says that
 * the account was changed.  When it returns 0 and single updates failed, err
 * tells why the last of them did.
 *
 * Who waits for a disk: a caller under PT_UPDATE_ACCOUNT, for its own commit
 * and for those of others before it.  Under PT_UPDATE_ACTIVITY nobody does,
 * but for two cases: another process commits a batch that changes records of
 * both environments (do that in two updates, the account first,
 * where it can be done), or a map is growing.
 */
#define PT_BATCH_MAX 128
#define PT_BULK_MAX  1024 /* for loading: others wait some milliseconds */

int
pt_store_update(struct pt_store *store, enum pt_update_scope scope,
    struct pt_update *updates, size_t n, struct pt_err *err);

/* One login; -1 also if its records could not be used. */
int
pt_store_update_one(struct pt_store *store, enum pt_update_scope scope,
    const struct pt_login *login, pt_update_fn *fn, void *arg,
    struct pt_err *err);

/*
 * Reads the records of a login; those that do not exist are initialised as
 * empty.  activity_out and usage_out may be NULL.  The account comes first:
 * it is never newer than the others.
 */
int
pt_store_read(struct pt_store *store, const struct pt_login *login,
    struct pt_account *account_out, struct pt_activity *activity_out,
    struct pt_usage *usage_out, struct pt_err *err);

/* The evidence record alone, which is for showing only. */
int
pt_store_read_evidence(struct pt_store *store, const struct pt_login *login,
    struct pt_evidence *out, struct pt_err *err);

/* The signals record alone. */
int
pt_store_read_signals(struct pt_store *store, const struct pt_login *login,
    struct pt_signals *out, struct pt_err *err);

/*
 * A number that changes with every commit to accounts/, of any process.
 * Costs no lock; *version_out is what a read after it sees at least.
 */
int
pt_store_accounts_version(
    struct pt_store *store, uint64_t *version_out, struct pt_err *err);

/*
 * The key that session tokens are signed with (core/rules/token.h) and that
 * hashes of evidence are made with (core/rules/bounce.h).
 */
#define PT_STORE_TOKEN_KEY_BYTES 16
const unsigned char *
pt_store_token_key(const struct pt_store *store);

/*
 * The life of a process (core/service/beat.h): a number that it makes up at
 * each start, and when it last said that it lives.  Counts of open sessions
 * (struct pt_open_sessions) hold only for the present life of who counts them,
 * and only while it lives.
 */
#define PT_LIFE_SECONDS 15 /* seen longer ago: it is dead */
struct pt_life {
	uint32_t number; /* 0: there was none yet */
	int64_t seen_at;
};

enum pt_life_of {
	PT_LIFE_SESSIONS, /* of policyd, where it is told of sessions */
	PT_LIFE_POLICYD,
	PT_LIFE_KEEPER,
};

int
pt_store_get_life(struct pt_store *store, enum pt_life_of whose,
    struct pt_life *out, struct pt_err *err);

int
pt_store_put_life(struct pt_store *store, enum pt_life_of whose,
    const struct pt_life *life, struct pt_err *err);

/*
 * The number of a life that goes on at "now"; 0: it does not.  Who asks may
 * have looked at the clock some seconds before the other spoke.
 */
uint32_t
pt_store_life_at(const struct pt_life *life, int64_t now);

/* Since when use can be told from disuse: when the state was made, or later,
 * when activity/ was started empty or housekeeping doubted the clock. */
int
pt_store_begun(struct pt_store *store, int64_t *at_out, struct pt_err *err);

/* The last walk of housekeeping (core/service/sweep.h). */
struct pt_swept {
	int64_t at;         /* 0: there was none yet */
	int64_t doubted_at; /* the clock, the last time; 0: never */
};

int
pt_store_get_swept(
    struct pt_store *store, struct pt_swept *out, struct pt_err *err);

int
pt_store_put_swept(
    struct pt_store *store, const struct pt_swept *swept, struct pt_err *err);

/* Counters of a program ("policyd"); all zero if never written. */
int
pt_store_get_counters(struct pt_store *store, const char *program,
    struct pt_counters *out, struct pt_err *err);

/* What they grew by since they were last written goes into the hour of "now",
 * in the same transaction. */
int
pt_store_put_counters(struct pt_store *store, const char *program,
    const struct pt_counters *counters, int64_t now, struct pt_err *err);

/* Carries activity/ to the disk.  May run in another thread, as the next. */
int
pt_store_sync(struct pt_store *store, struct pt_err *err);

/*
 * Carries one of so many parts to the disk.  All of them after the last
 * commit are as good as pt_store_sync(), in stalls that are shorter.
 */
int
pt_store_sync_part(
    struct pt_store *store, unsigned part, unsigned parts, struct pt_err *err);

/* Frees the slots of dead readers; each minute. */
int
pt_store_maintain(struct pt_store *store, struct pt_err *err);

/* A consistent copy of each environment into an empty or new directory. */
int
pt_store_backup(struct pt_store *store, const char *dir, struct pt_err *err);

/* For stats: sizes as LMDB knows them. */
struct pt_store_usage {
	uint64_t accounts, activities, usages, evidences, signals, history;
	uint64_t outbox; /* notices, the given-up ones included */
	uint64_t accounts_bytes, activity_bytes; /* pages in use */
	uint64_t accounts_map, activity_map;     /* room before growing */
	unsigned readers;
};

int
pt_store_usage(
    struct pt_store *store, struct pt_store_usage *out, struct pt_err *err);

#endif
