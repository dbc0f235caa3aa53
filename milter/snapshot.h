/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The configuration with what is opened for it.  A connection holds the one
 * that was in force when it began, so that a reload never changes the rules
 * in the middle of a message; the last holder frees it.
 */
#ifndef PM_SNAPSHOT_H
#define PM_SNAPSHOT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/maps/maps.h"

struct pm_snapshot {
	atomic_uint holders;
	struct pt_config *config; /* owned, never changes */
	struct pt_maps *maps;     /* owned; NULL: none */
	bool wants_size; /* some plan limits bytes or the size of a message */
	bool wants_bounces; /* some plan has bounce_min */
};

/* Reads the file and opens the maps; the caller is the one holder. */
int
pm_snapshot_load(
    const char *file, struct pm_snapshot **out, struct pt_err *err);

/* Takes the configuration over, also if it fails. */
int
pm_snapshot_new(
    struct pt_config *config, struct pm_snapshot **out, struct pt_err *err);

/* NULL is allowed. */
void
pm_snapshot_release(struct pm_snapshot *snapshot);

/* Where the one that is in force is found.  Any thread. */
struct pm_snapshots {
	pthread_mutex_t mutex;
	struct pm_snapshot *current;
};

void
pm_snapshots_init(struct pm_snapshots *snapshots);

/* Takes the snapshot over from the caller; NULL: none is in force. */
void
pm_snapshots_set(struct pm_snapshots *snapshots, struct pm_snapshot *snapshot);

/* The caller releases it. */
struct pm_snapshot *
pm_snapshots_take(struct pm_snapshots *snapshots);

#endif
