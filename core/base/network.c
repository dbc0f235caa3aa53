/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/text.h"

/* Where an IPv4 address begins in the 16-byte form. */
#define MAPPED_BYTES 12
#define MAPPED_BITS  96
#define TEXT_MAX     52

static const unsigned char mapped_prefix[MAPPED_BYTES] = {
    [10] = 0xff, [11] = 0xff};

static bool
is_mapped(const unsigned char *bytes)
{
	return memcmp(bytes, mapped_prefix, MAPPED_BYTES) == 0;
}

/*
 * The 16-byte form of an address.  first_out is the bit at which a prefix
 * length written beside this address begins to count: 96 for IPv4.
 */
static bool
address_parse(const char *s, unsigned char *bytes, unsigned *first_out)
{
	*first_out = 0;
	if (inet_pton(AF_INET6, s, bytes) == 1)
		return true;
	*first_out = MAPPED_BITS;
	memcpy(bytes, mapped_prefix, MAPPED_BYTES);
	return inet_pton(AF_INET, s, bytes + MAPPED_BYTES) == 1;
}

/* Clears all bits from "bits" on; true if one of them was set. */
static bool
clear_host_bits(unsigned char *bytes, unsigned bits)
{
	bool was_set = false;

	for (unsigned i = bits; i < 128; i++) {
		unsigned char mask = (unsigned char)(0x80U >> (i % 8));

		if ((bytes[i / 8] & mask) != 0)
			was_set = true;
		bytes[i / 8] = (unsigned char)(bytes[i / 8] & ~mask);
	}
	return was_set;
}

int
pt_network_parse(const char *s, struct pt_network *out, struct pt_err *err)
{
	struct pt_network network = {0};
	char address[INET6_ADDRSTRLEN];
	char meant[TEXT_MAX];
	const char *slash = strchr(s, '/');
	size_t len = slash == NULL ? strlen(s) : (size_t)(slash - s);
	unsigned first = 0;
	uint64_t bits;

	if (len >= sizeof(address))
		return pt_err_refuse(err, s, "is not a network");
	memcpy(address, s, len);
	address[len] = '\0';
	if (!address_parse(address, network.bytes, &first))
		return pt_err_refuse(err, s,
		    "is not a network: write an IPv4 or IPv6 address with a "
		    "prefix length, such as \"192.0.2.0/24\"");
	bits = 128 - first;
	if (slash != NULL && !pt_text_to_u64(slash + 1, 128 - first, &bits))
		return pt_err_refuse(err, s,
		    first == 0 ? "has no prefix length from 0 to 128"
			       : "has no prefix length from 0 to 32");
	network.bits = (unsigned char)(first + bits);
	if (clear_host_bits(network.bytes, network.bits)) {
		pt_network_format(&network, meant, sizeof(meant));
		return pt_err_set(err, PT_ERR_INPUT,
		    "\"%s/%u\" has bits set beyond its prefix length: did you "
		    "mean \"%s\"?",
		    address, (unsigned)bits, meant);
	}
	*out = network;
	return 0;
}

static bool
has_one(const struct pt_network *network, const unsigned char *bytes)
{
	unsigned whole = network->bits / 8U;
	unsigned rest = network->bits % 8U;

	/* "::/0" means every IPv6 address, and no IPv4 one. */
	if (network->bits < MAPPED_BITS && is_mapped(bytes))
		return false;
	if (memcmp(network->bytes, bytes, whole) != 0)
		return false;
	if (rest == 0)
		return true;
	return ((network->bytes[whole] ^ bytes[whole]) >> (8 - rest)) == 0;
}

struct pt_address
pt_address_parse(const char *s)
{
	struct pt_address address;
	unsigned first;

	if (!address_parse(s, address.bytes, &first))
		memset(&address, 0, sizeof(address));
	return address;
}

struct pt_address
pt_address_of_ipv4(const void *bytes)
{
	struct pt_address address;

	memcpy(address.bytes, mapped_prefix, MAPPED_BYTES);
	memcpy(address.bytes + MAPPED_BYTES, bytes, 4);
	return address;
}

bool
pt_network_holds(const struct pt_network *networks, size_t n,
    const struct pt_address *address)
{
	static const struct pt_address unknown;

	if (memcmp(address, &unknown, sizeof(unknown)) == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (has_one(&networks[i], address->bytes))
			return true;
	}
	return false;
}

bool
pt_network_has(const struct pt_network *networks, size_t n, const char *address)
{
	struct pt_address parsed = pt_address_parse(address);

	return pt_network_holds(networks, n, &parsed);
}

void
pt_network_format(const struct pt_network *network, char *buf, size_t cap)
{
	bool is_v4 = network->bits >= MAPPED_BITS && is_mapped(network->bytes);
	char address[INET6_ADDRSTRLEN];
	const char *shown;

	if (is_v4)
		shown = inet_ntop(AF_INET, network->bytes + MAPPED_BYTES,
		    address, sizeof(address));
	else
		shown = inet_ntop(
		    AF_INET6, network->bytes, address, sizeof(address));
	if (shown == NULL)
		shown = "?";
	if (network->bits == 128)
		(void)snprintf(buf, cap, "%s", shown);
	else
		(void)snprintf(buf, cap, "%s/%u", shown,
		    is_v4 ? network->bits - (unsigned)MAPPED_BITS
			  : network->bits);
}
