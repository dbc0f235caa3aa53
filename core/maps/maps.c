/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/maps.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/config/map_spec.h"
#include "core/maps/entry.h"
#include "core/maps/lmdb_table.h"
#include "core/maps/socketmap.h"
#include "core/maps/table.h"
#include "core/maps/text_table.h"

#define LMDB_SUFFIX ".lmdb"
#define KEYS_MAX    3

/* One of the two is set. */
struct map {
	char *text; /* as configured */
	struct pt_table *table;
	struct pt_socketmap *socket;
};

struct pt_maps {
	char default_domain[PT_LOGIN_MAX + 1];
	char subaddress[8];
	size_t count;
	struct map maps[];
};

struct key {
	size_t len;
	char text[PT_LOGIN_MAX + 1];
};

struct found {
	const struct map *map;
	const struct key *key;
	size_t len;
	char value[PT_MAP_VALUE_MAX + 1];
};

static int
open_table(struct pt_maps *maps, const struct pt_map_spec *spec,
    struct map *map, struct pt_err *err)
{
	char path[PT_MAP_PATH_MAX + sizeof(LMDB_SUFFIX)];
	size_t len = strlen(spec->path);
	struct pt_text text;

	pt_text_init(&text, path, sizeof(path));
	pt_text_add(&text, spec->path);
	if (spec->type == PT_MAP_FILE)
		return pt_table_open(path, pt_text_table_read,
		    maps->default_domain, PT_MAPS_WAIT_MS, &map->table, err);
	if (len < strlen(LMDB_SUFFIX) ||
	    strcmp(spec->path + len - strlen(LMDB_SUFFIX), LMDB_SUFFIX) != 0)
		pt_text_add(&text, LMDB_SUFFIX);
	return pt_table_open(path, pt_lmdb_table_read, maps->default_domain,
	    PT_MAPS_WAIT_MS, &map->table, err);
}

static int
open_map(
    struct pt_maps *maps, const char *text, struct map *map, struct pt_err *err)
{
	struct pt_map_spec spec;

	map->text = strdup(text);
	if (map->text == NULL)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "out of memory for a map");
	if (pt_map_spec_parse(text, &spec, err) != 0)
		return -1;
	if (spec.type != PT_MAP_SOCKET)
		return open_table(maps, &spec, map, err);
	if (pt_socketmap_open(&spec, &map->socket, err) == 0)
		return 0;
	return pt_err_prefix(err, "cannot open the map %s", text);
}

int
pt_maps_open(
    const struct pt_config *config, struct pt_maps **out, struct pt_err *err)
{
	const struct pt_strings *texts = &config->sender.maps;
	struct pt_maps *maps;
	size_t i;

	if (texts->count == 0) {
		*out = NULL;
		return 0;
	}
	maps = calloc(1, sizeof(*maps) + texts->count * sizeof(maps->maps[0]));
	if (maps == NULL)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "out of memory for the maps");
	/* Both are shorter than that, as the configuration was checked. */
	(void)pt_text_copy(maps->default_domain, sizeof(maps->default_domain),
	    config->default_domain);
	(void)pt_text_copy(maps->subaddress, sizeof(maps->subaddress),
	    config->sender.subaddress);
	for (i = 0; i < texts->count; i++) {
		maps->count++;
		if (open_map(maps, texts->at[i], &maps->maps[i], err) != 0) {
			pt_maps_close(maps);
			return -1;
		}
	}
	*out = maps;
	return 0;
}

void
pt_maps_close(struct pt_maps *maps)
{
	size_t i;

	if (maps == NULL)
		return;
	for (i = 0; i < maps->count; i++) {
		pt_table_close(maps->maps[i].table);
		pt_socketmap_close(maps->maps[i].socket);
		free(maps->maps[i].text);
	}
	free(maps);
}

bool
pt_maps_complaint(struct pt_maps *maps, struct pt_err *err)
{
	size_t i;

	if (maps == NULL)
		return false;
	for (i = 0; i < maps->count; i++) {
		if (maps->maps[i].table != NULL &&
		    pt_table_complaint(maps->maps[i].table, err))
			return true;
	}
	return false;
}

/* As Postfix does, for the sake of names that only look like tagged ones. */
static bool
is_never_tagged(const struct pt_login *address, const char *subaddress)
{
	static const char owner[] = "owner-";
	static const char request[] = "-request@";
	const char *text = address->text;

	if (strncmp(text, "mailer-daemon@", 14) == 0 ||
	    strncmp(text, "double-bounce@", 14) == 0)
		return true;
	if (strchr(subaddress, '-') == NULL)
		return false;
	if (strncmp(text, owner, strlen(owner)) == 0)
		return true;
	return address->at >= strlen(request) &&
	       strncmp(text + address->at - strlen(request) + 1, request,
		   strlen(request)) == 0;
}

static void
make_key(struct key *key, const char *local, size_t len, const char *rest)
{
	struct pt_text text;

	pt_text_init(&text, key->text, sizeof(key->text));
	pt_text_add_bytes(&text, local, len);
	pt_text_add(&text, rest);
	key->len = text.len;
}

static size_t
make_keys(const struct pt_maps *maps, const struct pt_login *address,
    struct key keys[KEYS_MAX])
{
	const char *domain = address->text + address->at;
	size_t tag = strcspn(address->text, maps->subaddress);
	size_t n = 0;

	make_key(&keys[n++], address->text, address->at, domain);
	if (tag > 0 && tag < address->at &&
	    !is_never_tagged(address, maps->subaddress))
		make_key(&keys[n++], address->text, tag, domain);
	make_key(&keys[n++], "", 0, domain);
	return n;
}

/* 1, 0 or -1; out->value if 1. */
static int
find_in(const struct map *map, const struct key *key, bool is_whole,
    int64_t now_ms, int64_t until_ms, struct found *out, struct pt_err *err)
{
	int rc;

	if (map->table != NULL)
		return pt_table_find(map->table, key->text, key->len, now_ms,
		    out->value, &out->len);
	/* Servers are asked for nothing else; Postfix does not either. */
	if (!is_whole)
		return 0;
	rc = pt_socketmap_find(map->socket, key->text, key->len,
	    until_ms > now_ms ? (int)(until_ms - now_ms) : 0, out->value,
	    &out->len, err);
	if (rc < 0)
		(void)pt_err_prefix(
		    err, "cannot look up an address in %s", map->text);
	return rc;
}

static enum pt_owned
find(struct pt_maps *maps, const struct pt_login *address,
    struct key keys[KEYS_MAX], struct found *out, struct pt_err *err)
{
	int64_t now_ms = pt_clock_ticks_ms();
	int64_t until_ms = now_ms + PT_MAPS_WAIT_MS;
	size_t count = make_keys(maps, address, keys);
	size_t i;
	size_t j;
	int rc;

	for (i = 0; i < count; i++) {
		for (j = 0; j < maps->count; j++) {
			rc = find_in(&maps->maps[j], &keys[i], i == 0, now_ms,
			    until_ms, out, err);
			if (rc < 0)
				return PT_OWNED_UNKNOWN;
			if (rc > 0) {
				out->map = &maps->maps[j];
				out->key = &keys[i];
				return PT_OWNED_YES;
			}
			if (maps->maps[j].socket != NULL)
				now_ms = pt_clock_ticks_ms();
		}
	}
	return PT_OWNED_NO;
}

/* The next of a value's owners that is a login; the others are none. */
static bool
next_owner(const struct pt_maps *maps, const char **at, size_t *left,
    struct pt_login *out)
{
	struct pt_err why;
	const char *word;
	size_t len;

	while (pt_map_owner_next(at, left, &word, &len)) {
		if (pt_login_parse(
			word, len, maps->default_domain, out, &why) == 0)
			return true;
	}
	return false;
}

enum pt_owned
pt_maps_owns(struct pt_maps *maps, const struct pt_login *login,
    const struct pt_login *address, struct pt_err *err)
{
	struct key keys[KEYS_MAX];
	struct pt_login owner;
	struct found found;
	const char *at = found.value;
	enum pt_owned owned;

	if (maps == NULL)
		return PT_OWNED_NO;
	owned = find(maps, address, keys, &found, err);
	if (owned != PT_OWNED_YES)
		return owned;
	while (next_owner(maps, &at, &found.len, &owner)) {
		if (pt_login_equal(&owner, login))
			return PT_OWNED_YES;
	}
	return PT_OWNED_NO;
}

enum pt_owned
pt_maps_owners(struct pt_maps *maps, const struct pt_login *address,
    struct pt_maps_answer *out, struct pt_err *err)
{
	struct key keys[KEYS_MAX];
	struct found found;
	const char *at = found.value;
	enum pt_owned owned;

	if (maps == NULL)
		return PT_OWNED_NO;
	owned = find(maps, address, keys, &found, err);
	if (owned != PT_OWNED_YES)
		return owned;
	out->map = found.map->text;
	memcpy(out->key, found.key->text, sizeof(out->key));
	out->count = 0;
	while (out->count < PT_MAPS_LOGIN_MAX &&
	       next_owner(maps, &at, &found.len, &out->owners[out->count]))
		out->count++;
	return PT_OWNED_YES;
}
