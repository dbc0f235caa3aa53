/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/auth/state.h"

#include <auth-common.h>

#include "core/base/clock.h"

#define REMEDY "; when that is mended, run: doveadm reload"

#define COMPLAIN_SECONDS 10

static struct {
	unsigned users;
	char *file;
	struct pt_config *config;
	struct pt_store *store;
	int64_t life_at; /* when "life" was read */
	uint32_t life;
	int64_t complained_at[PT_ERR_INTERNAL + 1];
} state;

static void
open_state(const char *file)
{
	struct pt_err err;

	state.file = i_strdup(file);
	if (pt_config_load(file, &state.config, &err) != 0) {
		e_error(auth_event,
		    "postern: every login is refused as unavailable: %s" REMEDY,
		    err.text);
		state.config = NULL;
		return;
	}
	if (dp_lift_map_limit() != 0)
		e_warning(auth_event,
		    "postern: cannot lift the limit of address space, which a "
		    "large state needs: %s; set vsz_limit = 64G for \"service "
		    "auth\" and \"service auth-worker\"",
		    strerror(errno));
	if (pt_store_open(state.config->state_dir, PT_STORE_ACTIVITY,
		&state.store, &err) != 0) {
		e_error(auth_event,
		    "postern: mail programs are refused as unavailable: "
		    "%s" REMEDY,
		    err.text);
		state.store = NULL;
	}
}

void
dp_state_open(const char *file)
{
	if (file[0] == '\0')
		file = PT_CONFIG_FILE;
	if (state.users++ == 0)
		open_state(file);
	else if (strcmp(file, state.file) != 0)
		e_warning(auth_event,
		    "postern: %s is ignored, because another passdb has "
		    "loaded %s; let them name the same file",
		    file, state.file);
}

void
dp_state_close(void)
{
	if (state.users == 0 || --state.users > 0)
		return;
	pt_store_close(state.store);
	pt_config_free(state.config);
	i_free(state.file);
	i_zero(&state);
}

const struct pt_config *
dp_state_config(void)
{
	return state.config;
}

struct pt_store *
dp_state_store(void)
{
	return state.store;
}

uint32_t
dp_state_life(int64_t now)
{
	struct pt_life life;
	struct pt_err err;

	if (now == state.life_at)
		return state.life;
	state.life_at = now;
	state.life = 0;
	/* What keeps it from being read keeps logins too, who complain. */
	if (pt_store_get_life(state.store, PT_LIFE_SESSIONS, &life, &err) == 0)
		state.life = pt_store_life_at(&life, now);
	return state.life;
}

void
dp_state_complain(const char *what, const struct pt_err *err)
{
	int64_t now = pt_clock_ticks_ms() / 1000;
	int64_t *at = &state.complained_at[err->kind];

	if (*at != 0 && now - *at < COMPLAIN_SECONDS)
		return;
	*at = now;
	/* After an upgrade this process is the last to hold the old plugin. */
	e_error(auth_event, "postern: %s: %s%s", what, err->text,
	    err->kind == PT_ERR_NEWER ? "; run: doveadm reload" : "");
}
