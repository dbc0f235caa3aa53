/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/origin.h"

#include <string.h>

void
pd_origin_init(struct pd_origin *origin)
{
	origin->generation = 0;
}

bool
pd_origin_is_trusted(struct pd_origin *origin, const struct pd_text *address,
    const struct pt_config *config, unsigned generation)
{
	if (origin->generation == generation && generation != 0 &&
	    origin->len == address->len &&
	    memcmp(origin->address, address->at, address->len) == 0)
		return origin->is_trusted;
	origin->generation = 0;
	origin->is_trusted = pt_network_has(
	    config->networks, config->network_count, address->at);
	/* No address is longer; what is, is none. */
	if (address->len > sizeof(origin->address))
		return origin->is_trusted;
	origin->generation = generation;
	origin->len = (unsigned char)address->len;
	memcpy(origin->address, address->at, address->len);
	return origin->is_trusted;
}
