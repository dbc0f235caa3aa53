/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Listen addresses as they stand in postern.conf: "unix:/PATH",
 * "inet:HOST:PORT", "inet:[IPV6]:PORT".  HOST is a name or an IPv4 address;
 * nothing is looked up here.
 */
#ifndef PT_CONFIG_LISTEN_H
#define PT_CONFIG_LISTEN_H

#include <stdbool.h>

#include "core/base/err.h"

/* What sun_path holds without its NUL, on every system that we know. */
#define PT_LISTEN_PATH_MAX 107
#define PT_LISTEN_HOST_MAX 253

struct pt_listen {
	bool is_unix;
	char path[PT_LISTEN_PATH_MAX + 1]; /* if is_unix */
	char host[PT_LISTEN_HOST_MAX + 1]; /* without brackets */
	unsigned short port;               /* 1-65535 */
};

/* PT_ERR_INPUT: the address in quotation marks, and what is wrong. */
int
pt_listen_parse(const char *s, struct pt_listen *out, struct pt_err *err);

#endif
