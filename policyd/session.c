/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/session.h"

#include <stdlib.h>

#include "core/base/hash.h"
#include "core/base/text.h"
#include "policyd/connection.h"

#define BUCKETS_FIRST 1024

int
pd_session_table_init(struct pd_session_table *table, struct pt_err *err)
{
	*table = (struct pd_session_table){.buckets = BUCKETS_FIRST};
	pd_list_init(&table->settled);
	pd_list_init(&table->to_judge);
	pd_list_init(&table->changed);
	pd_list_init(&table->asleep);
	table->bucket = calloc(BUCKETS_FIRST, sizeof(*table->bucket));
	if (table->bucket != NULL)
		return 0;
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot make room for sessions: out of memory");
}

void
pd_session_table_clear(struct pd_session_table *table)
{
	struct pd_session *session;
	struct pd_party *party;
	size_t i;

	for (i = 0; table->bucket != NULL && i < table->buckets; i++) {
		while ((session = table->bucket[i].sessions) != NULL) {
			table->bucket[i].sessions = session->next;
			free(session);
		}
		while ((party = table->bucket[i].parties) != NULL) {
			table->bucket[i].parties = party->next;
			free(party);
		}
	}
	free(table->bucket);
	table->bucket = NULL;
	table->count = 0;
	table->party_count = 0;
}

/* Nonces are random, and no stranger chooses one. */
static struct pd_bucket *
bucket_of_token(const struct pd_session_table *table, uint64_t nonce)
{
	return &table->bucket[(nonce ^ nonce >> 32) & (table->buckets - 1)];
}

/* Only logins with a token that we gave come here. */
static struct pd_bucket *
bucket_of_login(
    const struct pd_session_table *table, const struct pt_login *login)
{
	uint64_t hash = pt_hash(login->text, login->len);

	return &table->bucket[(hash ^ hash >> 32) & (table->buckets - 1)];
}

struct pd_session *
pd_session_find(const struct pd_session_table *table,
    const struct pt_login *login, const struct pt_token *token)
{
	struct pd_session *session;

	session = bucket_of_token(table, token->nonce)->sessions;
	while (session != NULL &&
	       (session->token.nonce != token->nonce ||
		   !pt_login_equal(&session->party->login, login)))
		session = session->next;
	return session;
}

struct pd_party *
pd_session_party(
    const struct pd_session_table *table, const struct pt_login *login)
{
	struct pd_party *party;

	party = bucket_of_login(table, login)->parties;
	while (party != NULL && !pt_login_equal(&party->login, login))
		party = party->next;
	return party;
}

static void
put_session(struct pd_session_table *table, struct pd_session *session)
{
	struct pd_bucket *bucket = bucket_of_token(table, session->token.nonce);

	session->next = bucket->sessions;
	bucket->sessions = session;
}

static void
put_party(struct pd_session_table *table, struct pd_party *party)
{
	struct pd_bucket *bucket = bucket_of_login(table, &party->login);

	party->next = bucket->parties;
	bucket->parties = party;
}

/* Without memory it stays as it is, which is only slower. */
static void
grow(struct pd_session_table *table)
{
	struct pd_bucket *old = table->bucket;
	size_t buckets = table->buckets;
	struct pd_session *session;
	struct pd_party *party;
	struct pd_bucket *fresh = calloc(buckets * 2, sizeof(*fresh));
	size_t i;

	if (fresh == NULL)
		return;
	table->bucket = fresh;
	table->buckets = buckets * 2;
	for (i = 0; i < buckets; i++) {
		while ((session = old[i].sessions) != NULL) {
			old[i].sessions = session->next;
			put_session(table, session);
		}
		while ((party = old[i].parties) != NULL) {
			old[i].parties = party->next;
			put_party(table, party);
		}
	}
	free(old);
}

static struct pd_party *
need_party(struct pd_session_table *table, const struct pt_login *login)
{
	struct pd_party *party = pd_session_party(table, login);

	if (party != NULL)
		return party;
	party = calloc(1, sizeof(*party));
	if (party == NULL)
		return NULL;
	party->login = *login;
	pd_list_init(&party->link);
	pd_list_init(&party->changed);
	pd_list_init(&party->sessions);
	pd_list_move(&party->link, &table->settled);
	put_party(table, party);
	table->party_count++;
	return party;
}

/* Its count must be stored. */
static void
change(struct pd_session_table *table, struct pd_party *party)
{
	pd_list_move(&party->changed, &table->changed);
}

struct pd_session *
pd_session_add(struct pd_session_table *table, const struct pt_login *login,
    const struct pt_token *token, const char *id)
{
	struct pd_session *session = calloc(1, sizeof(*session));
	struct pd_party *party;

	if (session == NULL)
		return NULL;
	party = need_party(table, login);
	if (party == NULL) {
		free(session);
		return NULL;
	}
	if (table->count >= table->buckets)
		grow(table);
	pd_list_init(&session->link);
	pd_list_init(&session->asleep);
	session->party = party;
	session->token = *token;
	if (pt_text_copy(session->id, sizeof(session->id), id) != 0)
		session->id[0] = '\0';
	pd_list_move(&session->link, &party->sessions);
	put_session(table, session);
	party->count++;
	table->count++;
	change(table, party);
	return session;
}

static void
detach(struct pd_session *session)
{
	if (session->connection != NULL)
		pd_connection_carry(session->connection, NULL);
	session->connection = NULL;
	pd_list_remove(&session->asleep);
}

void
pd_session_attach(struct pd_session *session, struct pd_connection *connection)
{
	detach(session);
	session->connection = connection;
	pd_connection_carry(connection, session);
}

void
pd_session_hibernate(
    struct pd_session_table *table, struct pd_session *session, int64_t now_ms)
{
	detach(session);
	session->asleep_since_ms = now_ms;
	pd_list_move(&session->asleep, &table->asleep);
}

void
pd_session_end(struct pd_session_table *table, struct pd_session *session)
{
	struct pd_session **at;

	at = &bucket_of_token(table, session->token.nonce)->sessions;
	while (*at != session)
		at = &(*at)->next;
	*at = session->next;
	detach(session);
	pd_list_remove(&session->link);
	session->party->count--;
	table->count--;
	change(table, session->party);
	free(session);
}

void
pd_session_party_stored(
    struct pd_session_table *table, struct pd_party *party, uint32_t stored)
{
	struct pd_party **at;

	party->stored = stored;
	if (party->count != stored)
		return;
	pd_list_remove(&party->changed);
	if (party->count > 0)
		return;
	at = &bucket_of_login(table, &party->login)->parties;
	while (*at != party)
		at = &(*at)->next;
	*at = party->next;
	pd_list_remove(&party->link);
	table->party_count--;
	free(party);
}
