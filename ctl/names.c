/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/names.h"

#include <stddef.h>

const char *
pc_name_plan(const struct pt_config *config, const struct pt_account *account)
{
	return account->plan[0] != '\0' ? account->plan : config->default_plan;
}

const char *
pc_name_status(enum pt_status status)
{
	switch (status) {
	case PT_STATUS_ACTIVE:
		return "active";
	case PT_STATUS_INACTIVE:
		return "inactive";
	}
	return "unknown";
}

const char *
pc_name_block(enum pt_block_reason reason)
{
	if (reason == PT_BLOCK_NONE)
		return NULL;
	return pt_block_reason_name(reason);
}
