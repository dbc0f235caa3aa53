/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Does anybody wait for the disk?  In a test program that includes this, the
 * functions that LMDB syncs with are replaced by ones that first see whether
 * another process can change activity/ meanwhile.  It defines _DEFAULT_SOURCE,
 * for syscall().
 */
#ifndef PT_TESTS_SYNC_WATCH_H
#define PT_TESTS_SYNC_WATCH_H

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/state/store.h"
#include "tests/unit/support/testing.h"

/* A process that changes activity/ whenever it is asked to. */
static struct {
	bool is_watched;
	pid_t child;
	int ask;
	int answer;
	unsigned syncs;
	unsigned answered; /* while a sync had not begun yet */
} other;

/* Far longer than one change takes; spent only where the property fails. */
#define SYNC_PATIENCE_MS 5000

static void
sync_watch_look(void)
{
	struct pollfd wait = {.fd = other.answer, .events = POLLIN};
	char byte = 'x';

	if (!other.is_watched)
		return;
	other.syncs++;
	if (write(other.ask, &byte, 1) == 1 &&
	    poll(&wait, 1, SYNC_PATIENCE_MS) == 1 &&
	    read(other.answer, &byte, 1) == 1)
		other.answered++;
}

/* The C library's names of parameters are reserved. */
int
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
fdatasync(int fd)
{
	sync_watch_look();
	return (int)syscall(SYS_fdatasync, fd);
}

int
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
fsync(int fd)
{
	sync_watch_look();
	return (int)syscall(SYS_fsync, fd);
}

static void
sync_watch_count(struct pt_records *records, void *arg)
{
	(void)arg;
	records->activity->total[PT_COUNT_MESSAGES]++;
	records->activity_changed = true;
}

static inline void
sync_watch_serve(const char *dir, int asked, int answer)
{
	struct pt_login bob = test_login("bob@example.com");
	struct pt_store *store;
	struct pt_err err;
	char byte;

	if (pt_store_open(dir, PT_STORE_ACTIVITY, &store, &err) != 0)
		_exit(1);
	while (read(asked, &byte, 1) == 1) {
		if (pt_store_update_one(store, PT_UPDATE_ACTIVITY, &bob,
			sync_watch_count, NULL, &err) != 0 ||
		    write(answer, &byte, 1) != 1)
			_exit(1);
	}
	pt_store_close(store);
	_exit(0);
}

/* From here on, for the state in that directory. */
static inline void
sync_watch_begin(const char *dir)
{
	int to_child[2];
	int to_parent[2];

	assert_int_equal(pipe(to_child), 0);
	assert_int_equal(pipe(to_parent), 0);
	other.child = fork();
	assert_true(other.child >= 0);
	if (other.child == 0) {
		(void)close(to_child[1]);
		sync_watch_serve(dir, to_child[0], to_parent[1]);
	}
	(void)close(to_child[0]);
	(void)close(to_parent[1]);
	other.ask = to_child[1];
	other.answer = to_parent[0];
	other.syncs = 0;
	other.answered = 0;
	other.is_watched = true;
}

/* Something was synced, and nobody had to wait for it. */
static inline void
sync_watch_end(void)
{
	int status;

	other.is_watched = false;
	(void)close(other.ask);
	assert_int_equal(waitpid(other.child, &status, 0), other.child);
	(void)close(other.answer);
	assert_int_equal(status, 0);
	assert_true(other.syncs > 0);
	assert_int_equal(other.answered, other.syncs);
}

#endif
