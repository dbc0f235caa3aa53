/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * From how many client addresses a login sends (plan key client_addresses): a
 * cracked account is used from all over the world at once.  An address that
 * sent within the window goes on; a further one, beyond the limit, has to
 * wait.
 *
 * Addresses are known by keyed hashes of 32 bits, IPv6 addresses by their
 * first 64 bits, because a client changes the others at will.  Two of 32
 * addresses share a hash once in eight million times, and count as one then.
 * Clients in trusted networks do not count; the caller sees to it.
 *
 * All functions are pure and expect settled signals.
 */
#ifndef PT_RULES_CLIENTS_H
#define PT_RULES_CLIENTS_H

#include <stdint.h>

#include "core/base/network.h"
#include "core/config/plan.h"
#include "core/rules/verdict.h"
#include "core/state/signals.h"

#define PT_CLIENTS_KEY_BYTES 16 /* pt_store_token_key() */

/* 0: the address is not known. */
uint32_t
pt_clients_hash(const unsigned char key[PT_CLIENTS_KEY_BYTES],
    const struct pt_address *address);

/* How many sent within so many seconds. */
unsigned
pt_clients_used(const struct pt_signals *signals, int64_t seconds, int64_t now);

/*
 * The first time, not before now, at which a further one may send if nobody
 * else does meanwhile; -1: never.  The plan must have the window.
 */
int64_t
pt_clients_free_at(
    const struct pt_plan *plan, const struct pt_signals *signals, int64_t now);

/* May this one send?  client 0 may; the plan must have the window. */
struct pt_verdict
pt_clients_look(const struct pt_plan *plan, const struct pt_signals *signals,
    uint32_t client, int64_t now);

/* A message from there was charged.  client 0 changes nothing. */
void
pt_clients_note(const struct pt_plan *plan, struct pt_signals *signals,
    uint32_t client, int64_t now);

#endif
