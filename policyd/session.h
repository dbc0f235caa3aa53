/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The mail sessions that are open: found by their token, and by their login.
 * All sessions of a login are a party, which is what is judged and counted.
 *
 * The table owns sessions and parties.  A party that lost its last session
 * stays until its count has been stored (session_count.h); only then is it
 * freed, so a pointer to a party outlives whatever ends sessions.
 */
#ifndef PD_SESSION_H
#define PD_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/rules/token.h"
#include "policyd/event.h"
#include "policyd/list.h"

/* A session that hibernates counts for so long without a connection. */
#define PD_SESSION_HIBERNATE_MS ((int64_t)30 * 60 * 1000)

struct pd_connection;

struct pd_party {
	struct pd_link link; /* first; "settled" or "to_judge" of the table */
	struct pd_link changed; /* in "changed" while count is not stored */
	struct pd_link sessions;
	struct pd_party *next; /* in its bucket */
	uint32_t count;
	uint32_t stored; /* what the usage record has of this life */
	struct pt_login login;
};

struct pd_session {
	struct pd_link link;     /* first; in its party */
	struct pd_link asleep;   /* in "asleep" while it has no connection */
	struct pd_session *next; /* in its bucket */
	struct pd_party *party;
	struct pd_connection *connection; /* NULL: it hibernates */
	struct pt_token token;
	bool holds;              /* it was told to hold INBOX back */
	int64_t opened_at;       /* wall clock */
	int64_t until;           /* judge it again then; 0: never */
	int64_t asleep_since_ms; /* of a clock that does not jump */
	char id[PD_EVENT_ID_MAX];
};

/* Sessions by their nonces, parties by their logins. */
struct pd_bucket {
	struct pd_session *sessions;
	struct pd_party *parties;
};

struct pd_session_table {
	size_t count;
	size_t party_count;
	size_t buckets; /* a power of two */
	struct pd_bucket *bucket;
	struct pd_link settled;  /* parties that need not be judged */
	struct pd_link to_judge; /* parties that must be */
	struct pd_link changed;  /* parties; see PD_LIST_OWNER() */
	struct pd_link asleep;   /* sessions, the longest asleep first */
};

int
pd_session_table_init(struct pd_session_table *table, struct pt_err *err);

/* Frees all; no connection may carry a session any more. */
void
pd_session_table_clear(struct pd_session_table *table);

/* The session of that token, or NULL. */
struct pd_session *
pd_session_find(const struct pd_session_table *table,
    const struct pt_login *login, const struct pt_token *token);

/* The party of that login, or NULL. */
struct pd_party *
pd_session_party(
    const struct pd_session_table *table, const struct pt_login *login);

/* A new one, counted, without a connection; NULL if there is no memory. */
struct pd_session *
pd_session_add(struct pd_session_table *table, const struct pt_login *login,
    const struct pt_token *token, const char *id);

/* Ties it to a connection that carries none; its former one carries none. */
void
pd_session_attach(struct pd_session *session, struct pd_connection *connection);

/* It goes on without a connection. */
void
pd_session_hibernate(
    struct pd_session_table *table, struct pd_session *session, int64_t now_ms);

/* It is over, and freed; its connection carries nothing any more. */
void
pd_session_end(struct pd_session_table *table, struct pd_session *session);

/* Its count is stored; frees it if it is empty. */
void
pd_session_party_stored(
    struct pd_session_table *table, struct pd_party *party, uint32_t stored);

#endif
