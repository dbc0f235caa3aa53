/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/socketmap_cache.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"

#define PLACES 2048 /* a power of 2 */

struct place {
	char *bytes; /* the key and then the value; NULL if it is free */
	int64_t until_ms;
	size_t key_len;
	size_t value_len;
	bool found;
};

struct pt_socketmap_cache {
	pthread_mutex_t lock;
	struct place places[PLACES];
};

struct pt_socketmap_cache *
pt_socketmap_cache_new(void)
{
	struct pt_socketmap_cache *cache = calloc(1, sizeof(*cache));

	if (cache != NULL && pthread_mutex_init(&cache->lock, NULL) != 0) {
		free(cache);
		cache = NULL;
	}
	return cache;
}

void
pt_socketmap_cache_free(struct pt_socketmap_cache *cache)
{
	size_t i;

	if (cache == NULL)
		return;
	for (i = 0; i < PLACES; i++)
		free(cache->places[i].bytes);
	(void)pthread_mutex_destroy(&cache->lock);
	free(cache);
}

static struct place *
place_of(struct pt_socketmap_cache *cache, const char *key, size_t len)
{
	return &cache->places[pt_hash(key, len) & (PLACES - 1)];
}

int
pt_socketmap_cache_get(struct pt_socketmap_cache *cache, const char *key,
    size_t key_len, int64_t now_ms, char *value, size_t *len_out)
{
	struct place *place = place_of(cache, key, key_len);
	int result = -1;

	(void)pthread_mutex_lock(&cache->lock);
	if (place->bytes != NULL && now_ms < place->until_ms &&
	    place->key_len == key_len &&
	    memcmp(place->bytes, key, key_len) == 0) {
		result = place->found;
		memcpy(value, place->bytes + key_len, place->value_len);
		value[place->value_len] = '\0';
		*len_out = place->value_len;
	}
	(void)pthread_mutex_unlock(&cache->lock);
	return result;
}

void
pt_socketmap_cache_put(struct pt_socketmap_cache *cache, const char *key,
    size_t key_len, const char *value, size_t value_len, int64_t now_ms)
{
	struct place *place = place_of(cache, key, key_len);
	char *bytes = NULL;

	if (value == NULL)
		value_len = 0;
	if (value_len <= PT_SOCKETMAP_CACHED_MAX)
		bytes = malloc(key_len + value_len + 1);
	if (bytes != NULL) {
		memcpy(bytes, key, key_len);
		if (value_len > 0)
			memcpy(bytes + key_len, value, value_len);
	}
	(void)pthread_mutex_lock(&cache->lock);
	/* An older answer to the same must not outlive this one. */
	free(place->bytes);
	place->bytes = bytes;
	place->key_len = key_len;
	place->value_len = value_len;
	place->found = value != NULL;
	place->until_ms = now_ms + (value != NULL ? PT_SOCKETMAP_FOUND_MS
						  : PT_SOCKETMAP_NOT_FOUND_MS);
	(void)pthread_mutex_unlock(&cache->lock);
}
