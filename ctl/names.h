/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The words for what stands in an account. */
#ifndef PC_NAMES_H
#define PC_NAMES_H

#include "core/config/config.h"
#include "core/state/account.h"

/* Its own plan, or the default one. */
const char *
pc_name_plan(const struct pt_config *config, const struct pt_account *account);

const char *
pc_name_status(enum pt_status status);

/* NULL if there is no block. */
const char *
pc_name_block(enum pt_block_reason reason);

#endif
