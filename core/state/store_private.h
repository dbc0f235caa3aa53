/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the files of the store share: store_env.c knows one LMDB environment
 * (opening, errors), store_map.c how its map grows, store_lock.c the locks
 * that keep processes apart meanwhile; store.c makes a state of two of them,
 * store_meta.c knows what it says of itself, store_upgrade.c what an older
 * Postern did not put there.
 *
 * store_update.c is the one way to change records, with store_batch.c (the
 * transaction), store_write.c (what goes into it) and store_trail.c (history
 * and outbox).  store_txn.c is for what lies beside the records:
 * store_other.c (counters, lives), store_hours.c, store_outbox.c,
 * store_history.c (store_follow.c reads what is new there).
 *
 * store_read.c reads, store_walk.c walks, store_keys.c finds, store_kind.c
 * knows what kinds of record activity/ holds, store_pending.c lists the logins
 * with a pending block or notice, store_size.c measures; store_sync.c carries
 * to the disk, store_check.c looks for damage, store_copy.c makes backups.
 */
#ifndef PT_STATE_STORE_PRIVATE_H
#define PT_STATE_STORE_PRIVATE_H

#include <lmdb.h>
#include <pthread.h>
#include <sys/types.h>

#include "core/state/activity_codec.h"
#include "core/state/evidence_codec.h"
#include "core/state/signals_codec.h"
#include "core/state/store.h"
#include "core/state/usage_codec.h"

/*
 * The form of the whole state.  Raised with each release that adds a field, a
 * section, a number with a meaning or a database: whoever opens the state for
 * writing raises it there, so that an older Postern refuses all of it at its
 * start, instead of working on those records that it happens to know.  One
 * that runs at that time goes on, and refuses each record in which there is
 * something new.
 *
 * 1	all up to the life of an account, with what store_upgrade.c adds
 * 2	what was observed
 */
#define STORE_SCHEMA 2

#define STORE_PATH_MAX 1024
#define STORE_KEY_LEN  8

/* Databases by environment; the names are those in the file. */
enum store_db {
	STORE_RECORDS, /* "accounts" or "activity" */
	STORE_OTHER,   /* "history" or "counters" */
	STORE_META,    /* "meta" */
	/* In activity/ only: */
	STORE_USAGE,    /* "usage" */
	STORE_PENDING,  /* "pending" */
	STORE_EVIDENCE, /* "evidence" */
	STORE_SIGNALS,  /* "signals" */
	STORE_HOURS,    /* "hours" */
	/* In accounts/ only: */
	STORE_OUTBOX, /* "outbox" */
	STORE_DBS,
};

/* From this one on they came after the first Postern. */
#define STORE_FIRST_LATER STORE_USAGE

struct store_env {
	MDB_env *env;
	MDB_txn *reader; /* reset between uses; or NULL */
	MDB_dbi db[STORE_DBS];
	const char *name;             /* of the folder */
	const char *names[STORE_DBS]; /* NULL: there is none */
	/* A state that an older Postern made, and that is only read, may lack
	 * what stands last. */
	bool has[STORE_DBS];
	unsigned flags;        /* of mdb_env_open() */
	unsigned record_flags; /* of the databases with hashed keys */
	size_t initial_map;    /* bytes */
	int lock_fd;           /* of the store: see pt_store_lock() */
	bool is_final;         /* cannot be opened a second time */
	char path[STORE_PATH_MAX];
	/* Held while the map moves, and while another thread syncs it; taken
	 * before the lock. */
	pthread_mutex_t map_mutex;
	pthread_mutex_t writer_mutex; /* of the threads of this process */
};

struct pt_store {
	char dir[STORE_PATH_MAX / 2];
	enum pt_store_mode mode;
	struct store_env accounts;
	struct store_env activity;
	unsigned char hash_key[16];
	unsigned char token_key[PT_STORE_TOKEN_KEY_BYTES];
	uint64_t key_mask; /* all ones; tests make keys collide with less */
	int lock_fd;       /* open.lock */
	int users_fd;      /* shared flock while the state is open */
	pid_t pid;
	char set_aside[STORE_PATH_MAX + 64];
	/* Room for the records at hand: too big for the stack of a batch. */
	struct pt_account account;
	struct pt_activity record;
	struct pt_usage usage;
	struct pt_evidence evidence;
	struct pt_signals signals;
};

/* store_lock.c */

/* Opens a file in state_dir that is only locked; -1 with err. */
int
pt_store_lock_file(const char *dir, const char *name, struct pt_err *err);

/*
 * An exclusive flock on open.lock, by its descriptor: a process that has given
 * up the right to open files in state_dir still needs it, to grow or adopt a
 * map.
 */
int
pt_store_lock(int fd, struct pt_err *err);

void
pt_store_unlock(int fd);

/* store_env.c */

/* Opens or (create) makes one environment; call under pt_store_lock(). */
int
pt_store_env_open(struct store_env *env, bool create, struct pt_err *err);

void
pt_store_env_close(struct store_env *env);

/* Fills err from an LMDB or errno code.  Returns -1. */
int
pt_store_error(
    const struct store_env *env, int rc, const char *verb, struct pt_err *err);

/* Not there, in a state that an older Postern made? */
bool
pt_store_env_lacks(const struct store_env *env, enum store_db db);

/* Makes one, or opens what another process has just made: an LMDB code. */
int
pt_store_env_make_db(struct store_env *env, MDB_txn *txn, enum store_db db);

/* store_begin.c */

/*
 * Begins a transaction (flags: 0 or MDB_RDONLY); adopts a map that another
 * process has grown, and frees the slots of dead readers.  Returns an LMDB
 * code.
 */
int
pt_store_begin(struct store_env *env, unsigned flags, MDB_txn **txn_out);

/*
 * The end of what pt_store_begin() began with these flags, in the same thread;
 * a writer never ends otherwise.  Returns an LMDB code.
 */
int
pt_store_commit(struct store_env *env, unsigned flags, MDB_txn *txn);

void
pt_store_abort(struct store_env *env, unsigned flags, MDB_txn *txn);

/*
 * Begins env->reader, which keeps its slot from then on: reset it after use
 * (mdb_txn_reset()).  Returns an LMDB code.
 */
int
pt_store_begin_reader(struct store_env *env);

/* store_upgrade.c */

/*
 * Makes what an older Postern did not, in an environment that may be written.
 * Not under pt_store_lock(): a writer, whose end this waits for, may wait for
 * that.
 */
int
pt_store_upgrade(
    struct pt_store *store, struct store_env *env, struct pt_err *err);

/* store_txn.c */

/* Work in a write transaction; returns an LMDB code.  It may be called again,
 * when the map has grown. */
typedef int
store_write_fn(struct store_env *env, MDB_txn *txn, void *arg);

/*
 * A transaction beside the updates; in accounts/ its commit is synced.  One
 * that changed nothing writes nothing.
 */
int
pt_store_write(struct pt_store *store, struct store_env *env,
    store_write_fn *fn, void *arg, struct pt_err *err);

/*
 * After a failure: is another try worth it (the map was grown or adopted, the
 * environment opened again)?  If not, *rc is what to report.
 */
bool
pt_store_mend(
    struct pt_store *store, struct store_env *env, int *rc, struct pt_err *err);

/* store_map.c: no transaction may be open; all return an LMDB code */

/* Makes room in a full map, and in a preallocated file. */
int
pt_store_map_grow(struct store_env *env);

/* Follows another process that has grown it. */
int
pt_store_map_adopt(struct store_env *env);

/* At opening, under pt_store_lock(): the size to begin with. */
int
pt_store_map_prepare(struct store_env *env, size_t *size_out);

/* After the first opening of a new environment: its real size. */
int
pt_store_map_reserve(struct store_env *env);

/* store.c */

/* A panicked environment is closed and opened again. */
int
pt_store_reopen(
    struct pt_store *store, struct store_env *env, struct pt_err *err);

/* Is this the process that opened the store? */
int
pt_store_is_ours(const struct pt_store *store, struct pt_err *err);

/* store_meta.c */

/* Writes what a new environment must have; leaves what is there, and refuses
 * what is a later Postern's. */
int
pt_store_meta_make(struct store_env *env, struct pt_err *err);

/* Checks the schema and fetches the secret (16 bytes). */
int
pt_store_meta_read(
    struct store_env *env, unsigned char *secret_out, struct pt_err *err);

/* May this version work on it?  -1 with the reason. */
int
pt_store_meta_check_schema(
    const struct store_env *env, uint32_t schema, struct pt_err *err);

/* LMDB codes, as all that follow. */
int
pt_store_meta_get_schema(
    MDB_txn *txn, const struct store_env *env, uint32_t *out);

/* That of this version. */
int
pt_store_meta_put_schema(MDB_txn *txn, const struct store_env *env);

/* When the environment was made: MDB_NOTFOUND in an old one. */
int
pt_store_meta_get_begun(
    MDB_txn *txn, const struct store_env *env, int64_t *at_out);

int
pt_store_meta_put_begun(MDB_txn *txn, const struct store_env *env, int64_t at);

/* store_check.c */

/*
 * Walks an environment in a process of its own, because damage may kill who
 * looks at it.  1 sound (or not there yet), 0 damaged, -1 error.
 */
int
pt_store_check_env(const struct store_env *env, struct pt_err *err);

/* store_kind.c: the kinds of record with hashed keys */

enum store_kind_id {
	STORE_KIND_ACTIVITY,
	STORE_KIND_USAGE,
	STORE_KIND_EVIDENCE,
	STORE_KIND_SIGNALS,
	STORE_KINDS,
};

/* A record is a struct that begins with its login. */
struct store_kind {
	const char *name; /* in messages */
	enum store_db db;
	enum pt_update_replace replace;
	size_t room;    /* for one: its offset in struct pt_store */
	size_t changed; /* offsets in struct pt_records */
	size_t deleted;
	void (*init)(void *record, const struct pt_login *login);
	int (*decode)(
	    const void *at, size_t len, void *record, struct pt_err *err);
	size_t (*encode)(const void *record, unsigned char *out, size_t cap);
};

/* The largest of them; store_kind.c checks that. */
#define STORE_KIND_BYTES_MAX PT_ACTIVITY_BYTES_MAX

extern const struct store_kind pt_store_kinds[STORE_KINDS];

/* store_hours.c */

/* Adds what a program's counters grew by to the hour of "now"; an LMDB code. */
int
pt_store_add_hour(struct store_env *env, MDB_txn *txn, int64_t now,
    const struct pt_counters *before, const struct pt_counters *after);

/* store_walk.c */

/* false stops. */
typedef bool
store_item_fn(const MDB_val *key, const MDB_val *data, void *walk);

/* Every item of a database to a function, from that key on (NULL: all).  One
 * that the state lacks is empty. */
int
pt_store_each_item(struct pt_store *store, struct store_env *env,
    enum store_db db, MDB_val *from, store_item_fn *fn, void *walk,
    struct pt_err *err);

/* store_pending.c */

/* For a database that was just made beside records: lists theirs.  Returns an
 * LMDB code. */
int
pt_store_fill_pending(const struct store_env *env, MDB_txn *txn);

/* store_keys.c */

/* The key of a login's records in activity/, before collisions. */
uint64_t
pt_store_key(const struct pt_store *store, const struct pt_login *login);

/* Big-endian, so that it sorts as bytes. */
void
pt_store_key_bytes(uint64_t key, unsigned char *out);

/*
 * The same for keys in activity/: a native integer where LMDB can compare it
 * as one (MDB_INTEGERKEY needs the size of a size_t), which is quicker; else
 * as above.  Both give the same order.
 */
void
pt_store_activity_key(uint64_t key, unsigned char *out);

/* The flags of those databases. */
unsigned
pt_store_activity_flags(void);

/*
 * Puts the cursor on the login's record and decodes it.  1 found, 0 none, -1
 * unusable; *key is where it is or would be.  *rc is the LMDB code if that is
 * what failed, else 0 with err set.
 */
int
pt_store_find(MDB_cursor *cursor, const struct store_kind *kind,
    const struct pt_login *login, uint64_t *key, void *out, int *rc,
    struct pt_err *err);

/* What pt_store_key_bytes() made. */
uint64_t
pt_store_key_number(const unsigned char *bytes);

/* The key of a history entry: login, NUL, big-endian sequence number. */
#define STORE_HISTORY_KEY_MAX (PT_LOGIN_MAX + 1 + 8)

size_t
pt_store_history_key(
    const struct pt_login *login, uint64_t sequence, unsigned char *out);

/*
 * The key of an entry of the outbox: rank (1 byte), next_at and id
 * (big-endian), so that of each rank what is due first stands first.
 */
#define STORE_OUTBOX_KEY_LEN (1 + 2 * STORE_KEY_LEN)

void
pt_store_outbox_key(
    enum pt_outbox_rank rank, int64_t next_at, uint64_t id, unsigned char *out);

#endif
