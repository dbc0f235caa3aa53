/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/clients.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

_Static_assert(PT_CLIENTS_KEY_BYTES == crypto_shorthash_KEYBYTES,
    "the keyed hash is SipHash-2-4");

#define OF_CLIENT          'c' /* so that no other hash stands for it */
#define IPV6_NETWORK_BYTES 8

static bool
is_ipv4(const struct pt_address *address)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

uint32_t
pt_clients_hash(const unsigned char key[PT_CLIENTS_KEY_BYTES],
    const struct pt_address *address)
{
	static const struct pt_address unknown;
	unsigned char text[1 + sizeof(address->bytes)] = {OF_CLIENT};
	unsigned char sum[crypto_shorthash_BYTES];
	uint32_t value;

	if (memcmp(address, &unknown, sizeof(unknown)) == 0)
		return 0;
	memcpy(text + 1, address->bytes,
	    is_ipv4(address) ? sizeof(address->bytes) : IPV6_NETWORK_BYTES);
	(void)crypto_shorthash(sum, text, sizeof(text), key);
	value = (uint32_t)sum[0] | (uint32_t)sum[1] << 8 |
		(uint32_t)sum[2] << 16 | (uint32_t)sum[3] << 24;
	return value == 0 ? 1 : value;
}

/* The place of the first that counts in the window. */
static unsigned
first_within(const struct pt_signals *signals, int64_t seconds, int64_t now)
{
	unsigned i = 0;

	while (
	    i < signals->client_count && now - signals->clients[i].at > seconds)
		i++;
	return i;
}

unsigned
pt_clients_used(const struct pt_signals *signals, int64_t seconds, int64_t now)
{
	return signals->client_count - first_within(signals, seconds, now);
}

/* Counted from 1; 0 if it is not there. */
static unsigned
find(const struct pt_signals *signals, uint32_t client)
{
	unsigned i = signals->client_count;

	while (i > 0 && signals->clients[i - 1].hash != client)
		i--;
	return i;
}

int64_t
pt_clients_free_at(
    const struct pt_plan *plan, const struct pt_signals *signals, int64_t now)
{
	const struct pt_window *window = &plan->client_addresses.at[0];
	unsigned used = pt_clients_used(signals, window->seconds, now);

	if (window->limit == 0)
		return -1;
	if (used < window->limit)
		return now;
	/* So many must leave that there is room for one. */
	return signals->clients[signals->client_count - (size_t)window->limit]
		   .at +
	       window->seconds + 1;
}

struct pt_verdict
pt_clients_look(const struct pt_plan *plan, const struct pt_signals *signals,
    uint32_t client, int64_t now)
{
	const struct pt_window *window = &plan->client_addresses.at[0];
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};
	unsigned first = first_within(signals, window->seconds, now);
	unsigned used = signals->client_count - first;

	if (client == 0 || find(signals, client) > first ||
	    used < window->limit)
		return verdict;
	verdict.code = PT_VERDICT_DEFER;
	verdict.reason = PT_REASON_CLIENT_ADDRESSES;
	verdict.used = used;
	verdict.limit = window->limit;
	verdict.amount = 1;
	verdict.seconds = window->seconds;
	verdict.until = pt_clients_free_at(plan, signals, now);
	if (verdict.until < 0)
		verdict.until = 0;
	return verdict;
}

static void
drop(struct pt_signals *signals, unsigned i)
{
	signals->client_count--;
	memmove(signals->clients + i, signals->clients + i + 1,
	    (signals->client_count - i) * sizeof(signals->clients[0]));
}

void
pt_clients_note(const struct pt_plan *plan, struct pt_signals *signals,
    uint32_t client, int64_t now)
{
	const struct pt_window *window = &plan->client_addresses.at[0];
	unsigned place = find(signals, client);

	if (client == 0)
		return;
	if (place > 0)
		drop(signals, place - 1);
	while (signals->client_count > 0 &&
	       (signals->client_count == PT_CLIENTS_MAX ||
		   now - signals->clients[0].at > window->seconds))
		drop(signals, 0);
	signals->clients[signals->client_count++] =
	    (struct pt_client){.hash = client, .at = now};
}
