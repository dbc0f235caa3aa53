/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One entry of sender { maps }: which kind of table, and where it is.
 *
 *	file:/PATH
 *	lmdb:/PATH
 *	socketmap:unix:/PATH:NAME
 *	socketmap:inet:HOST:PORT:NAME    (an IPv6 address in brackets)
 *
 * Only the text is looked at here; core/maps opens what it names.
 */
#ifndef PT_CONFIG_MAP_SPEC_H
#define PT_CONFIG_MAP_SPEC_H

#include "core/base/err.h"
#include "core/config/listen.h"

#define PT_MAP_PATH_MAX 1023
#define PT_MAP_NAME_MAX 63

enum pt_map_type {
	PT_MAP_FILE,
	PT_MAP_LMDB,
	PT_MAP_SOCKET,
};

struct pt_map_spec {
	enum pt_map_type type;
	char path[PT_MAP_PATH_MAX + 1]; /* of a file or LMDB table */
	struct pt_listen server;        /* of a socketmap */
	char name[PT_MAP_NAME_MAX + 1]; /* of the table at that server */
};

/* PT_ERR_INPUT: the entry in quotation marks, and what is possible. */
int
pt_map_spec_parse(const char *s, struct pt_map_spec *out, struct pt_err *err);

#endif
