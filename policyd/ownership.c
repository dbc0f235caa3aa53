/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/ownership.h"

#include <stdlib.h>

#include "policyd/connection.h"
#include "policyd/request.h"

void
pd_ownership_init(struct pd_ownership *ownership, struct pd_context *context,
    uv_loop_t *loop, struct pd_link *answered)
{
	size_t i;

	ownership->context = context;
	ownership->loop = loop;
	ownership->answered = answered;
	ownership->shared = NULL;
	pd_list_init(&ownership->waiting);
	for (i = 0; i < PD_OWNERSHIP_LOOKUPS; i++) {
		ownership->lookups[i].ownership = ownership;
		ownership->lookups[i].shared = NULL;
		pd_list_init(&ownership->lookups[i].asker);
	}
}

int
pd_ownership_prepare(const struct pt_config *config,
    struct pd_shared_maps **shared_out, struct pt_err *err)
{
	struct pd_shared_maps *shared;
	struct pt_maps *maps;

	if (pt_maps_open(config, &maps, err) != 0)
		return -1;
	if (maps == NULL) {
		*shared_out = NULL;
		return 0;
	}
	shared = malloc(sizeof(*shared));
	if (shared == NULL) {
		pt_maps_close(maps);
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "out of memory for the maps");
	}
	shared->maps = maps;
	shared->uses = 1;
	*shared_out = shared;
	return 0;
}

void
pd_ownership_drop(struct pd_shared_maps *shared)
{
	if (shared == NULL || --shared->uses > 0)
		return;
	pt_maps_close(shared->maps);
	free(shared);
}

void
pd_ownership_adopt(
    struct pd_ownership *ownership, struct pd_shared_maps *shared)
{
	pd_ownership_drop(ownership->shared);
	ownership->shared = shared;
}

void
pd_ownership_clear(struct pd_ownership *ownership)
{
	pd_ownership_adopt(ownership, NULL);
}

/* false if the answer is clear without the maps. */
static bool
needs_maps(const struct pd_ownership *ownership,
    const struct pd_connection *connection, struct pt_login *login,
    struct pt_login *address)
{
	const struct pt_config *config = ownership->context->config;
	struct pd_request request;
	struct pt_err err;

	if (ownership->shared == NULL)
		return false;
	pd_request_read(&connection->intake->record, &request);
	if (request.sender.len == 0 || request.sender.cut ||
	    request.login.cut ||
	    pt_login_parse(request.login.at, request.login.len,
		config->default_domain, login, &err) != 0 ||
	    pt_login_parse(request.sender.at, request.sender.len, NULL, address,
		&err) != 0)
		return false;
	return !pt_sender_owns_plainly(&config->sender, login, address);
}

static void
look_up_in_thread(uv_work_t *work)
{
	struct pd_lookup *lookup = work->data;

	lookup->answer = pt_maps_owns(lookup->shared->maps, &lookup->login,
	    &lookup->address, &lookup->err);
}

static void
start_lookups(struct pd_ownership *ownership);

static void
give_answer(struct pd_connection *connection, enum pt_owned answer,
    struct pd_link *answered)
{
	connection->sender_by_maps = answer;
	pd_list_move(&connection->link, answered);
}

static void
on_looked_up(uv_work_t *work, int status)
{
	struct pd_lookup *lookup = work->data;
	struct pd_ownership *ownership = lookup->ownership;
	struct pd_report *report = &ownership->context->report;
	struct pd_link *asker = pd_list_first(&lookup->asker);
	int64_t now_ms = (int64_t)uv_now(ownership->loop);
	struct pt_err err;

	if (status != 0)
		lookup->answer = PT_OWNED_UNKNOWN;
	else if (lookup->answer == PT_OWNED_UNKNOWN)
		pd_report_error(
		    report, "map-unavailable", &lookup->err, now_ms);
	while (pt_maps_complaint(lookup->shared->maps, &err))
		pd_report_error(report, "map-failed", &err, now_ms);
	if (asker != NULL)
		give_answer((struct pd_connection *)asker, lookup->answer,
		    ownership->answered);
	pd_ownership_drop(lookup->shared);
	lookup->shared = NULL;
	start_lookups(ownership);
}

/* false if it could not be started. */
static bool
start_lookup(struct pd_lookup *lookup, struct pd_connection *connection)
{
	struct pd_ownership *ownership = lookup->ownership;

	lookup->work.data = lookup;
	lookup->answer = PT_OWNED_UNKNOWN;
	lookup->err.kind = PT_ERR_NONE;
	lookup->err.text[0] = '\0';
	lookup->shared = ownership->shared;
	if (uv_queue_work(ownership->loop, &lookup->work, look_up_in_thread,
		on_looked_up) != 0) {
		lookup->shared = NULL;
		return false;
	}
	lookup->shared->uses++;
	pd_list_move(&connection->link, &lookup->asker);
	return true;
}

static struct pd_lookup *
free_lookup(struct pd_ownership *ownership)
{
	size_t i;

	for (i = 0; i < PD_OWNERSHIP_LOOKUPS; i++) {
		if (ownership->lookups[i].shared == NULL)
			return &ownership->lookups[i];
	}
	return NULL;
}

static void
start_lookups(struct pd_ownership *ownership)
{
	struct pd_connection *connection;
	struct pd_lookup *lookup;

	while ((lookup = free_lookup(ownership)) != NULL) {
		connection =
		    (struct pd_connection *)pd_list_first(&ownership->waiting);
		if (connection == NULL)
			return;
		/* A reload may have made the question void. */
		if (!needs_maps(ownership, connection, &lookup->login,
			&lookup->address))
			give_answer(
			    connection, PT_OWNED_NO, ownership->answered);
		else if (!start_lookup(lookup, connection))
			give_answer(
			    connection, PT_OWNED_UNKNOWN, ownership->answered);
	}
}

bool
pd_ownership_take(
    struct pd_ownership *ownership, struct pd_connection *connection)
{
	struct pt_login login;
	struct pt_login address;

	if (!needs_maps(ownership, connection, &login, &address))
		return false;
	pd_list_move(&connection->link, &ownership->waiting);
	start_lookups(ownership);
	return true;
}
