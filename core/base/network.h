/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Networks: an IPv4 or IPv6 prefix ("192.0.2.0/24", "::1"), and whether an
 * address lies in it.  IPv4-mapped IPv6 addresses are their IPv4 address.
 * Bits below the prefix length must be zero in what is configured, so that
 * a slip of the pen is noticed.
 */
#ifndef PT_BASE_NETWORK_H
#define PT_BASE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

struct pt_network {
	unsigned char bytes[16]; /* IPv4 stands as ::ffff:a.b.c.d */
	unsigned char bits;      /* 0-128, in the 16-byte form */
};

/* One address, in the same form; all zero, which is no client's: unknown. */
struct pt_address {
	unsigned char bytes[16];
};

/* Unknown if it is no address ("unknown", empty). */
struct pt_address
pt_address_parse(const char *s);

/* From the four bytes of an IPv4 address, in network order. */
struct pt_address
pt_address_of_ipv4(const void *bytes);

int
pt_network_parse(const char *s, struct pt_network *out, struct pt_err *err);

/* false also if the address is unknown */
bool
pt_network_holds(const struct pt_network *networks, size_t n,
    const struct pt_address *address);

/* The same for an address as text. */
bool
pt_network_has(
    const struct pt_network *networks, size_t n, const char *address);

/* Canonical text; cap >= 52. */
void
pt_network_format(const struct pt_network *network, char *buf, size_t cap);

#endif
