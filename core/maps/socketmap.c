/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/socketmap.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/maps/entry.h"
#include "core/maps/socketmap_cache.h"
#include "core/maps/socketmap_wire.h"

#define IDLE_MAX    8     /* connections that are kept */
#define IDLE_MS     10000 /* as long as Postfix keeps its own */
#define REQUEST_MAX (PT_MAP_NAME_MAX + PT_MAP_KEY_MAX + 32)

struct idle {
	int fd;
	int64_t since_ms;
};

struct pt_socketmap {
	char name[PT_MAP_NAME_MAX + 1];
	struct pt_socketmap_address addresses[PT_SOCKETMAP_ADDRESSES];
	unsigned address_count;
	struct pt_socketmap_cache *cache;
	pthread_mutex_t lock; /* of all below */
	struct idle idle[IDLE_MAX];
	unsigned idle_count;
	int64_t down_until_ms; /* 0: it answers */
	bool is_tried;         /* somebody tries whether it answers again */
	struct pt_err why;     /* it is down */
};

int
pt_socketmap_open(const struct pt_map_spec *spec, struct pt_socketmap **out,
    struct pt_err *err)
{
	struct pt_socketmap *map = calloc(1, sizeof(*map));

	if (map == NULL)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "out of memory for a map");
	memcpy(map->name, spec->name, sizeof(map->name));
	map->cache = pt_socketmap_cache_new();
	if (map->cache == NULL || pthread_mutex_init(&map->lock, NULL) != 0) {
		pt_socketmap_cache_free(map->cache);
		free(map);
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "out of memory for a map");
	}
	if (pt_wire_resolve(
		&spec->server, map->addresses, &map->address_count, err) != 0) {
		pt_socketmap_close(map);
		return -1;
	}
	*out = map;
	return 0;
}

void
pt_socketmap_close(struct pt_socketmap *map)
{
	if (map == NULL)
		return;
	while (map->idle_count > 0)
		(void)close(map->idle[--map->idle_count].fd);
	pt_socketmap_cache_free(map->cache);
	(void)pthread_mutex_destroy(&map->lock);
	free(map);
}

/* A kept connection that is still good, or -1. */
static int
take_idle(struct pt_socketmap *map, int64_t now_ms)
{
	struct idle idle;

	while (map->idle_count > 0) {
		idle = map->idle[--map->idle_count];
		if (now_ms - idle.since_ms < IDLE_MS &&
		    pt_wire_is_idle(idle.fd))
			return idle.fd;
		(void)close(idle.fd);
	}
	return -1;
}

static void
keep(struct pt_socketmap *map, int fd)
{
	(void)pthread_mutex_lock(&map->lock);
	if (map->idle_count < IDLE_MAX) {
		map->idle[map->idle_count].fd = fd;
		map->idle[map->idle_count].since_ms = pt_clock_ticks_ms();
		map->idle_count++;
		fd = -1;
	}
	(void)pthread_mutex_unlock(&map->lock);
	if (fd >= 0)
		(void)close(fd);
}

/*
 * May it be asked now?  Fills the connection to use (-1: a fresh one), or the
 * reason why not.
 */
static bool
admit(struct pt_socketmap *map, int *fd_out, struct pt_err *err)
{
	int64_t now_ms = pt_clock_ticks_ms();
	bool may = true;

	(void)pthread_mutex_lock(&map->lock);
	if (map->down_until_ms != 0 &&
	    (map->is_tried || now_ms < map->down_until_ms)) {
		*err = map->why;
		may = false;
	} else {
		map->is_tried = map->down_until_ms != 0;
		*fd_out = take_idle(map, now_ms);
	}
	(void)pthread_mutex_unlock(&map->lock);
	return may;
}

/* why NULL: it has answered. */
static void
note_outcome(struct pt_socketmap *map, const struct pt_err *why)
{
	(void)pthread_mutex_lock(&map->lock);
	map->is_tried = false;
	map->down_until_ms = 0;
	if (why != NULL) {
		map->why = *why;
		map->down_until_ms = pt_clock_ticks_ms() + PT_SOCKETMAP_DOWN_MS;
	}
	(void)pthread_mutex_unlock(&map->lock);
}

/* On the connection fd, or on a fresh one if that is -1 or broken. */
static int
ask(struct pt_socketmap *map, int fd, const char *request, size_t len,
    int64_t until_ms, struct pt_socketmap_reply *reply, struct pt_err *err)
{
	enum pt_wire_result result = PT_WIRE_BROKEN;
	int tries;

	for (tries = 0; tries < 2 && result == PT_WIRE_BROKEN; tries++) {
		if (fd < 0)
			fd = pt_wire_connect(
			    map->addresses, map->address_count, until_ms, err);
		if (fd < 0)
			return -1;
		result = pt_wire_ask(fd, request, len, until_ms, reply, err);
		if (result == PT_WIRE_DONE) {
			keep(map, fd);
			return 0;
		}
		(void)close(fd);
		fd = -1;
	}
	return -1;
}

static int
ask_server(struct pt_socketmap *map, const char *key, size_t len, int wait_ms,
    struct pt_socketmap_reply *reply, struct pt_err *err)
{
	int64_t until_ms = pt_clock_ticks_ms() + wait_ms;
	char request[REQUEST_MAX];
	int n;
	int fd;

	if (len > PT_MAP_KEY_MAX)
		return pt_err_set(err, PT_ERR_INTERNAL, "a key is too long");
	if (!admit(map, &fd, err))
		return -1;
	n = snprintf(request, sizeof(request), "%zu:%s %.*s,",
	    strlen(map->name) + 1 + len, map->name, (int)len, key);
	if (ask(map, fd, request, (size_t)n, until_ms, reply, err) != 0) {
		note_outcome(map, err);
		return -1;
	}
	note_outcome(map, NULL);
	return 0;
}

int
pt_socketmap_find(struct pt_socketmap *map, const char *key, size_t len,
    int wait_ms, char *value, size_t *len_out, struct pt_err *err)
{
	struct pt_socketmap_reply reply;
	const char *found = NULL;
	size_t found_len = 0;
	int rc;

	rc = pt_socketmap_cache_get(
	    map->cache, key, len, pt_clock_ticks_ms(), value, len_out);
	if (rc >= 0)
		return rc;
	if (ask_server(map, key, len, wait_ms, &reply, err) != 0)
		return -1;
	rc = pt_socketmap_reply_read(&reply, &found, &found_len, err);
	if (rc < 0)
		return -1;
	pt_socketmap_cache_put(
	    map->cache, key, len, found, found_len, pt_clock_ticks_ms());
	if (rc > 0) {
		memcpy(value, found, found_len);
		value[found_len] = '\0';
		*len_out = found_len;
	}
	return rc;
}
