/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A table that a server knows, asked by Sendmail's socketmap protocol as
 * Postfix speaks it: for whole addresses only.
 *
 * Connections are kept and used again; one that turns out to be closed is
 * replaced once.  After a failure nobody waits for the server for
 * PT_SOCKETMAP_DOWN_MS, and then one lookup tries it, so that mail does not
 * pile up before a server that is down.  Answers are cached, see
 * socketmap_cache.h.  Any number of threads may ask at the same time.
 */
#ifndef PT_MAPS_SOCKETMAP_H
#define PT_MAPS_SOCKETMAP_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/config/map_spec.h"

#define PT_SOCKETMAP_DOWN_MS 1000

struct pt_socketmap;

/* Connects to nobody yet; looks up the server's name. */
int
pt_socketmap_open(const struct pt_map_spec *spec, struct pt_socketmap **out,
    struct pt_err *err);

/* NULL is allowed. */
void
pt_socketmap_close(struct pt_socketmap *map);

/*
 * 1 and the value, copied and terminated (room for PT_MAP_VALUE_MAX + 1
 * bytes), 0 not found, -1 PT_ERR_UNAVAILABLE after wait_ms at most.
 */
int
pt_socketmap_find(struct pt_socketmap *map, const char *key, size_t len,
    int wait_ms, char *value, size_t *len_out, struct pt_err *err);

#endif
