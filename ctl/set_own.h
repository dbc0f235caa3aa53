/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What "set" sets of an account besides overrides of its plan. */
#ifndef PC_SET_OWN_H
#define PC_SET_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/state/account.h"

#define PC_SET_KEY_MAX   64
#define PC_SET_VALUE_MAX 1024

/* One KEY=VALUE at work on the account. */
struct pc_set_pair {
	int64_t now;
	const struct pt_config *config;
	struct pt_account *account;
	bool skips_delay; /* --now: a plan holds at once */
	char key[PC_SET_KEY_MAX];
	const char *value; /* "": take it back */
	/* As they are told; the same if nothing changed. */
	char old_value[PC_SET_VALUE_MAX];
	char new_value[PC_SET_VALUE_MAX];
};

/* plan, status, language, timezone? */
bool
pc_set_own_knows(const char *key);

/* Sets setting->key, which is one of them. */
int
pc_set_own(struct pc_set_pair *setting, struct pt_err *err);

/* The one that was meant, or NULL. */
const char *
pc_set_own_nearest(const char *word);

#endif
