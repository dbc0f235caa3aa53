/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/stats.h"

#include "core/service/doubt.h"
#include "core/state/store_walk.h"

/* Programs, as they stand in the state. */
#define POLICYD "policyd"
#define MILTER  "milter"
#define KEEPER  "keeper"

static int
read_life(struct pt_store *store, enum pt_life_of whose, int64_t now,
    struct pc_stats_life *out, struct pt_err *err)
{
	struct pt_life life;

	if (pt_store_get_life(store, whose, &life, err) != 0)
		return -1;
	out->is_known = life.number != 0;
	out->is_up = pt_store_life_at(&life, now) != 0;
	return 0;
}

struct outbox {
	uint64_t given_up;
	int64_t oldest; /* that waits; 0: none */
};

static bool
look_at_entry(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	struct outbox *outbox = arg;

	(void)err;
	if (entry == NULL)
		return true;
	if (entry->gave_up)
		outbox->given_up++;
	else if (outbox->oldest == 0 || entry->notice.at < outbox->oldest)
		outbox->oldest = entry->notice.at;
	return true;
}

static int
read_outbox(struct pt_store *store, const struct pt_config *config, int64_t now,
    struct pc_stats *out, struct pt_err *err)
{
	bool sends = config->notice.from[0] != '\0';
	struct outbox outbox = {0};

	if (pt_store_each_outbox(store, look_at_entry, &outbox, err) != 0)
		return -1;
	out->outbox_given_up = outbox.given_up;
	if (sends && outbox.oldest != 0 && outbox.oldest < now)
		out->outbox_age = (uint64_t)(now - outbox.oldest);
	return 0;
}

int
pc_stats_read(struct pt_store *store, const struct pt_config *config,
    int64_t now, struct pc_stats *out, struct pt_err *err)
{
	int64_t since;
	int doubted = pt_doubt_look(store, now, &since, err);

	*out = (struct pc_stats){.clock_doubted = doubted == 1};
	if (doubted < 0 ||
	    pt_store_get_counters(store, POLICYD, &out->policyd, err) != 0 ||
	    pt_store_get_counters(store, MILTER, &out->milter, err) != 0 ||
	    pt_store_get_counters(store, KEEPER, &out->keeper, err) != 0 ||
	    pt_store_usage(store, &out->usage, err) != 0 ||
	    read_life(store, PT_LIFE_POLICYD, now, &out->policyd_life, err) !=
		0 ||
	    read_life(store, PT_LIFE_KEEPER, now, &out->keeper_life, err) != 0)
		return -1;
	/* Where it takes no sessions, it gives no sign. */
	if (config->session_listen.count == 0)
		out->policyd_life.is_known = false;
	return read_outbox(store, config, now, out, err);
}
