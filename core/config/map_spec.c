/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/map_spec.h"

#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"

#define FILE_PREFIX   "file:"
#define LMDB_PREFIX   "lmdb:"
#define SOCKET_PREFIX "socketmap:"

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static int
path_parse(const char *s, const char *path, struct pt_map_spec *out,
    struct pt_err *err)
{
	size_t len = strlen(path);

	if (path[0] != '/' || path[len - 1] == '/')
		return pt_err_refuse(
		    err, s, "does not name a file by an absolute path");
	if (pt_text_copy(out->path, sizeof(out->path), path) != 0)
		return pt_err_refuse(
		    err, s, "is too long: a path may have 1023 bytes");
	return 0;
}

/* It is one word of the request. */
static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= PT_MAP_NAME_MAX &&
	       (pt_text_kinds(name, len) & (PT_TEXT_BLANK | PT_TEXT_CONTROL)) ==
		   0;
}

static int
socket_parse(const char *s, struct pt_map_spec *out, struct pt_err *err)
{
	const char *server = s + strlen(SOCKET_PREFIX);
	const char *colon = strrchr(server, ':');
	char address[PT_LISTEN_HOST_MAX + 32];
	struct pt_err why;
	size_t len;

	if (colon == NULL || !is_name(colon + 1))
		return pt_err_refuse(err, s,
		    "does not end in the name of a table, as in "
		    "socketmap:unix:/PATH:NAME");
	len = (size_t)(colon - server);
	if (len >= sizeof(address))
		return pt_err_refuse(err, s, "names no server: too long");
	memcpy(address, server, len);
	address[len] = '\0';
	if (pt_listen_parse(address, &out->server, &why) != 0)
		return pt_err_refuse(err, s,
		    "names no server: write socketmap:unix:/PATH:NAME or "
		    "socketmap:inet:HOST:PORT:NAME");
	return pt_text_copy(out->name, sizeof(out->name), colon + 1);
}

/* What Postfix makes of a text file; that text file can be read. */
static bool
is_made_of_text(const char *s)
{
	static const char *const types[] = {
	    "hash:", "texthash:", "btree:", "cdb:", "dbm:", "sdbm:"};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(types); i++) {
		if (has_prefix(s, types[i]))
			return true;
	}
	return false;
}

static int
refuse_type(const char *s, struct pt_err *err)
{
	if (is_made_of_text(s))
		return pt_err_refuse(err, s,
		    "is of a type that Postern does not read: name the text "
		    "file that it is made of as file:/PATH, or make an lmdb "
		    "table of it");
	return pt_err_refuse(err, s,
	    "is no map that Postern can read: write file:/PATH, lmdb:/PATH, "
	    "socketmap:unix:/PATH:NAME or socketmap:inet:HOST:PORT:NAME");
}

int
pt_map_spec_parse(const char *s, struct pt_map_spec *out, struct pt_err *err)
{
	struct pt_map_spec spec = {.type = PT_MAP_FILE};
	int result;

	if (has_prefix(s, FILE_PREFIX)) {
		result = path_parse(s, s + strlen(FILE_PREFIX), &spec, err);
	} else if (has_prefix(s, LMDB_PREFIX)) {
		spec.type = PT_MAP_LMDB;
		result = path_parse(s, s + strlen(LMDB_PREFIX), &spec, err);
	} else if (has_prefix(s, SOCKET_PREFIX)) {
		spec.type = PT_MAP_SOCKET;
		result = socket_parse(s, &spec, err);
	} else {
		return refuse_type(s, err);
	}
	if (result == 0)
		*out = spec;
	return result;
}
