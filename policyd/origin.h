/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Is a client in a trusted network?  A connection remembers it for the
 * address that was asked last, because the requests of an SMTP session come
 * one after the other, and reading an address costs more than comparing it.
 */
#ifndef PD_ORIGIN_H
#define PD_ORIGIN_H

#include <stdbool.h>

#include "core/config/config.h"
#include "policyd/request.h"

#define PD_ORIGIN_ADDRESS 48

struct pd_origin {
	unsigned generation; /* of the configuration; 0: nothing is known */
	bool is_trusted;
	unsigned char len;
	char address[PD_ORIGIN_ADDRESS];
};

void
pd_origin_init(struct pd_origin *origin);

/* Another generation than last time means another configuration. */
bool
pd_origin_is_trusted(struct pd_origin *origin, const struct pd_text *address,
    const struct pt_config *config, unsigned generation);

#endif
