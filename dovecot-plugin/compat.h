/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What differs between Dovecot 2.3 and 2.4, in one place.  Include it first:
 * Dovecot's lib.h decides which parts of the system headers are visible.
 *
 * Macros about a struct of Dovecot need no header of it here; who uses one
 * has included that header anyway.
 */
#ifndef DP_COMPAT_H
#define DP_COMPAT_H

#include <lib.h>
#include <stdbool.h>
#include <sys/resource.h>

/* Dovecot's macros are GNU C; clang complains where they are used. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wlanguage-extension-token"
#endif

#define DP_DOVECOT_24 DOVECOT_PREREQ(2, 4, 0)

/* Modules are built with hidden symbols; Dovecot looks for these. */
#define DP_EXPORT __attribute__((visibility("default")))

#define DP_SESSION_SOCKET "/run/postern/session.sock"

/* ---- Settings: 2.4 has typed ones, 2.3 takes args= and plugin {} ---- */

#if DP_DOVECOT_24

#include <settings-parser.h>
#include <settings.h>

/*
 *	const struct dp_settings *set;
 *	if (settings_get(event, &dp_settings_info, 0, &set, &error) < 0)
 *	...
 *	settings_free(set);
 */
struct dp_settings {
	pool_t pool;
	const char *postern_config;         /* postern.conf; for the passdb */
	const char *postern_session_socket; /* of policyd; for mail plugins */
};

static const struct setting_define dp_settings_defines[] = {
    {
	.type = SET_STR_NOVARS,
	.key = "postern_config",
	.offset = offsetof(struct dp_settings, postern_config),
    },
    {
	.type = SET_STR_NOVARS,
	.key = "postern_session_socket",
	.offset = offsetof(struct dp_settings, postern_session_socket),
    },
    SETTING_DEFINE_LIST_END,
};

static const struct dp_settings dp_settings_defaults = {
    .postern_config = "",
    .postern_session_socket = DP_SESSION_SOCKET,
};

static const struct setting_parser_info dp_settings_info = {
    .name = "postern",
    .defines = dp_settings_defines,
    .defaults = &dp_settings_defaults,
    .struct_size = sizeof(struct dp_settings),
    .pool_offset1 = 1 + offsetof(struct dp_settings, pool),
};

#endif

/* ---- Processes that open the state ---- */

/*
 * Dovecot's vsz_limit (256 MB by default) bounds the address space, too, into
 * which the whole state is mapped.  Lifts that bound if there is not plenty;
 * the one for memory of the process's own (RLIMIT_DATA) stays and guards
 * against leaks.  Works as root, unless a container has taken
 * CAP_SYS_RESOURCE away: then errno tells, and the site must set vsz_limit.
 */
#define DP_MAP_ROOM ((rlim_t)16 << 30)
static inline int
dp_lift_map_limit(void)
{
	const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur >= DP_MAP_ROOM)
		return 0;
	return setrlimit(RLIMIT_AS, &none);
}

/* ---- auth ---- */

#if DP_DOVECOT_24
#define dp_request_service(request) ((request)->fields.protocol)
#define dp_request_is_secured(request) \
	((request)->fields.conn_secured != AUTH_REQUEST_CONN_SECURED_NONE)
/* What the site put into "fields" of the passdb. */
#define dp_request_add_site_fields(request) \
	(auth_request_set_passdb_fields((request), NULL) == 0)
#else
#define dp_request_service(request) ((request)->fields.service)
#define dp_request_is_secured(request) \
	((request)->fields.secured != AUTH_REQUEST_SECURED_NONE)
/* Dovecot 2.3 adds them itself. */
#define dp_request_add_site_fields(request) ((void)(request), true)
#endif

#endif
