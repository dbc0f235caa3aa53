/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A state in a directory of its own, open for writing, for each test of the
 * store.
 */
#ifndef PT_TESTS_STORE_FIXTURE_H
#define PT_TESTS_STORE_FIXTURE_H

#include "core/state/store.h"
#include "tests/unit/support/testing.h"

struct store_fixture {
	char dir[256];
	char state[300];
	struct pt_store *store;
};

#define STORE_TEST(fn)                   \
	cmocka_unit_test_setup_teardown( \
	    fn, store_fixture_set_up, store_fixture_tear_down)

int
store_fixture_set_up(void **state);

int
store_fixture_tear_down(void **state);

/*
 * Opens the state once more; the test fails if that is not possible.  A process
 * must not have it open twice: LMDB would lose its locks.
 */
struct pt_store *
store_fixture_open(const struct store_fixture *f, enum pt_store_mode mode);

/* Closes what is open and opens it in that way; the same as f->store. */
struct pt_store *
store_fixture_reopen(struct store_fixture *f, enum pt_store_mode mode);

/* The state was made then, whatever day it is when the tests run. */
void
store_fixture_begin(const struct store_fixture *f, int64_t at);

/* A backup of it as it is now, open; the caller closes it. */
struct pt_store *
store_fixture_backup(const struct store_fixture *f);

uint64_t
store_fixture_version(struct pt_store *store);

/*
 * One update, of the login of that name.  Returns -1 if this update failed;
 * the test fails if none could be made.
 */
int
store_fixture_update(struct pt_store *store, enum pt_update_scope scope,
    const char *name, struct pt_update update);

/* An update function: deletes each record that the update has. */
void
store_fixture_delete(struct pt_records *records, void *arg);

/* Every record of that login, whether there are any or not. */
void
store_fixture_delete_for(struct pt_store *store, const char *name);

struct pt_store_usage
store_fixture_usage(struct pt_store *store);

/*
 * From now on every login hashes to 0.  The records of u0@example.com to
 * u9@example.com are counted up three times each, and each has its own count.
 */
void
store_fixture_collide(struct store_fixture *f,
    void (*count_for)(struct pt_store *store, const char *name),
    uint64_t (*counted)(struct pt_store *store, const char *name));

/* An update function: one more message; the total goes to *arg (uint64_t). */
void
store_fixture_count(struct pt_records *records, void *arg);

void
store_fixture_count_for(struct pt_store *store, const char *name);

/* The messages counted for a login. */
uint64_t
store_fixture_total(struct pt_store *store, const struct pt_login *login);

/* An update function: one more login; the total goes to *arg (uint64_t). */
void
store_fixture_use(struct pt_records *records, void *arg);

void
store_fixture_use_for(struct pt_store *store, const char *name);

/* The logins counted in the usage record. */
uint64_t
store_fixture_logins(struct pt_store *store, const char *name);

/* An update function: one more bounce; the total goes to *arg (uint64_t). */
void
store_fixture_bounce(struct pt_records *records, void *arg);

void
store_fixture_bounce_for(struct pt_store *store, const char *name);

/* The bounces counted in the evidence record. */
uint64_t
store_fixture_bounces(struct pt_store *store, const char *name);

#endif
