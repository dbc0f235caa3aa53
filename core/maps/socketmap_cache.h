/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a socketmap has answered lately, found or not, so that a burst of mail
 * does not ask the same again.  A fixed number of places; a newer answer takes
 * the place of an older one.  Any thread may use it.
 */
#ifndef PT_MAPS_SOCKETMAP_CACHE_H
#define PT_MAPS_SOCKETMAP_CACHE_H

#include <stddef.h>
#include <stdint.h>

#define PT_SOCKETMAP_FOUND_MS     30000
#define PT_SOCKETMAP_NOT_FOUND_MS 10000
/* Longer values are not kept, so that the whole stays below 2.5 MiB. */
#define PT_SOCKETMAP_CACHED_MAX 1024

struct pt_socketmap_cache;

/* NULL if there is no memory. */
struct pt_socketmap_cache *
pt_socketmap_cache_new(void);

/* NULL is allowed. */
void
pt_socketmap_cache_free(struct pt_socketmap_cache *cache);

/*
 * 1 and the value (copied, terminated; room for PT_SOCKETMAP_CACHED_MAX + 1
 * bytes), 0 it is known that there is none, -1 not known.  now_ms is monotonic.
 */
int
pt_socketmap_cache_get(struct pt_socketmap_cache *cache, const char *key,
    size_t key_len, int64_t now_ms, char *value, size_t *len_out);

/* value NULL: there is none.  Without memory, nothing is remembered. */
void
pt_socketmap_cache_put(struct pt_socketmap_cache *cache, const char *key,
    size_t key_len, const char *value, size_t value_len, int64_t now_ms);

#endif
