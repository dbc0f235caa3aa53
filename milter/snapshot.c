/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/snapshot.h"

#include <stdlib.h>

#include "core/rules/single.h"

static void
look_at_plans(struct pm_snapshot *snapshot)
{
	const struct pt_config *config = snapshot->config;
	size_t i;

	for (i = 0; i < config->plan_count; i++) {
		if (config->plans[i].bytes.count > 0 ||
		    pt_single_needs_size(&config->plans[i]))
			snapshot->wants_size = true;
		if (config->plans[i].bounce_min.count > 0)
			snapshot->wants_bounces = true;
	}
}

int
pm_snapshot_new(
    struct pt_config *config, struct pm_snapshot **out, struct pt_err *err)
{
	struct pm_snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (snapshot == NULL) {
		pt_config_free(config);
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the configuration: out of memory");
	}
	atomic_init(&snapshot->holders, 1);
	snapshot->config = config;
	look_at_plans(snapshot);
	if (pt_maps_open(config, &snapshot->maps, err) == 0) {
		*out = snapshot;
		return 0;
	}
	snapshot->maps = NULL;
	pm_snapshot_release(snapshot);
	return -1;
}

int
pm_snapshot_load(const char *file, struct pm_snapshot **out, struct pt_err *err)
{
	struct pt_config *config;

	if (pt_config_load(file, &config, err) != 0)
		return -1;
	return pm_snapshot_new(config, out, err);
}

void
pm_snapshot_release(struct pm_snapshot *snapshot)
{
	if (snapshot == NULL || atomic_fetch_sub(&snapshot->holders, 1) != 1)
		return;
	/* The maps use the configuration. */
	pt_maps_close(snapshot->maps);
	pt_config_free(snapshot->config);
	free(snapshot);
}

void
pm_snapshots_init(struct pm_snapshots *snapshots)
{
	snapshots->current = NULL;
	/* With default attributes it cannot fail. */
	(void)pthread_mutex_init(&snapshots->mutex, NULL);
}

void
pm_snapshots_set(struct pm_snapshots *snapshots, struct pm_snapshot *snapshot)
{
	struct pm_snapshot *old;

	(void)pthread_mutex_lock(&snapshots->mutex);
	old = snapshots->current;
	snapshots->current = snapshot;
	(void)pthread_mutex_unlock(&snapshots->mutex);
	pm_snapshot_release(old);
}

struct pm_snapshot *
pm_snapshots_take(struct pm_snapshots *snapshots)
{
	struct pm_snapshot *snapshot;

	(void)pthread_mutex_lock(&snapshots->mutex);
	snapshot = snapshots->current;
	if (snapshot != NULL)
		(void)atomic_fetch_add(&snapshot->holders, 1);
	(void)pthread_mutex_unlock(&snapshots->mutex);
	return snapshot;
}
