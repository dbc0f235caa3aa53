/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/names.h"

#include <string.h>

#include "core/base/network.h"
#include "core/base/text.h"
#include "core/rules/account_plan.h"

const char *
pc_name_plan(const struct pt_config *config, const struct pt_account *account,
    int64_t now)
{
	const char *name = pt_account_plan_name(account, now);

	return name[0] != '\0' ? name : config->default_plan;
}

bool
pc_name_has_next_plan(const struct pt_account *account, int64_t now)
{
	return account->next_plan[0] != '\0' && account->next_plan_at > now;
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

bool
pc_name_block_parse(const char *name, enum pt_block_reason *out)
{
	unsigned reason;

	for (reason = PT_BLOCK_QUOTA; reason <= PT_BLOCK_ADMIN; reason++) {
		if (strcmp(name, pt_block_reason_name(
				     (enum pt_block_reason)reason)) == 0) {
			*out = (enum pt_block_reason)reason;
			return true;
		}
	}
	return false;
}

const char *
pc_name_ending(enum pt_ending ending)
{
	if (ending == PT_ENDING_NONE)
		return NULL;
	return pt_ending_name(ending);
}

const char *
pc_name_address(const unsigned char address[16], char *buf, size_t cap)
{
	static const unsigned char unknown[16];
	struct pt_network network = {.bits = 128};

	if (memcmp(address, unknown, sizeof(unknown)) == 0)
		return NULL;
	memcpy(network.bytes, address, sizeof(network.bytes));
	pt_network_format(&network, buf, cap);
	return buf;
}

const char *
pc_name_networks(const struct pt_password *password, char *buf, size_t cap)
{
	struct pt_text text;
	char one[PC_ADDRESS_TEXT_MAX];
	unsigned i;

	if (password->network_count == 0)
		return NULL;
	pt_text_init(&text, buf, cap);
	for (i = 0; i < password->network_count; i++) {
		pt_network_format(&password->networks[i], one, sizeof(one));
		pt_text_addf(&text, "%s%s", i == 0 ? "" : ",", one);
	}
	return buf;
}
