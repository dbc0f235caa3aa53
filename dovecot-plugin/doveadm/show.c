/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a web front end shows to an owner. */

#include "dovecot-plugin/doveadm/request.h"

#include <doveadm-print.h>

#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "core/state/usage.h"
#include "dovecot-plugin/doveadm/commands.h"

#define NETWORK_TEXT_MAX 52

struct records {
	struct pt_account account;
	struct pt_activity activity;
	struct pt_usage usage;
};

static bool
read_records(struct dp_request *request, struct records *out)
{
	struct pt_err err;

	if (pt_store_read(request->store, &request->login, &out->account,
		&out->activity, &out->usage, &err) == 0)
		return true;
	dp_request_fail(request->cctx, &err);
	return false;
}

static const char *
access_word(enum pt_access access)
{
	switch (access) {
	case PT_ACCESS_NEVER:
		return "never";
	case PT_ACCESS_ON:
		return "on";
	case PT_ACCESS_OFF:
		break;
	}
	return "off";
}

static void
print_protocols(unsigned protocols)
{
	char text[64] = "";

	if (protocols != 0)
		pt_external_protocols_format(protocols, text, sizeof(text));
	dp_request_print(text);
}

/* One that policyd has not carried over yet holds all the same. */
static void
print_block(const struct records *records)
{
	const struct pt_account *account = &records->account;
	const struct pt_pending_block *pending = &records->activity.block;

	if (account->block_reason == PT_BLOCK_NONE && pending->reason != 0) {
		dp_request_print(pt_block_reason_name(
		    (enum pt_block_reason)pending->reason));
		dp_request_print_time(pending->at);
		dp_request_print("");
		return;
	}
	if (account->block_reason == PT_BLOCK_NONE) {
		dp_request_print("");
		dp_request_print("");
		dp_request_print("");
		return;
	}
	dp_request_print(pt_block_reason_name(account->block_reason));
	dp_request_print_time(account->block.at);
	dp_request_print(account->block.note);
}

static void
print_status(const struct dp_request *request, const struct records *records)
{
	static const char *const columns[] = {"user", "status", "plan",
	    "plan_protocols", "access", "access_at", "protocols", "passwords",
	    "last_login_at", "block", "block_at", "block_note",
	    "main_password_at", "sending_locked_at"};
	const struct pt_account *account = &records->account;
	struct pt_plan room;
	const struct pt_plan *plan =
	    pt_account_plan(request->config, account, &room);

	dp_request_columns(columns, PT_ARRAY_LEN(columns));
	dp_request_print(request->login.text);
	dp_request_print(
	    account->status == PT_STATUS_ACTIVE ? "active" : "inactive");
	dp_request_print(plan == NULL ? account->plan : plan->name);
	print_protocols(plan == NULL ? 0 : plan->protocols);
	dp_request_print(access_word(account->access));
	dp_request_print_time(account->access_at);
	print_protocols(
	    account->access == PT_ACCESS_ON ? account->protocols : 0);
	doveadm_print_num(pt_password_count_living(account));
	dp_request_print_time(records->usage.last_login_at);
	print_block(records);
	dp_request_print_time(account->main_password_at);
	dp_request_print_time(account->lock.at);
}

void
dp_command_status(struct doveadm_cmd_context *cctx)
{
	struct dp_request request;
	struct records records;

	if (!dp_request_open(&request, cctx, PT_STORE_READ))
		return;
	if (read_records(&request, &records))
		print_status(&request, &records);
	dp_request_close(&request);
}

static const char *
state_word(const struct pt_password *password, int64_t now)
{
	if (password->ended_at != 0)
		return pt_ending_name(password->ending);
	if (password->expires_at != 0 && password->expires_at <= now)
		return "expired";
	return "active";
}

static void
print_networks(const struct pt_password *password)
{
	char text[PT_PASSWORD_NETWORKS_MAX * NETWORK_TEXT_MAX];
	char one[NETWORK_TEXT_MAX];
	struct pt_text list;
	unsigned i;

	pt_text_init(&list, text, sizeof(text));
	for (i = 0; i < password->network_count; i++) {
		pt_network_format(&password->networks[i], one, sizeof(one));
		pt_text_addf(&list, "%s%s", i > 0 ? "," : "", one);
	}
	dp_request_print(text);
}

static void
print_last_use(const struct pt_last_use *use)
{
	static const unsigned char unknown[16] = {0};
	struct pt_network address = {.bits = 128};
	char text[NETWORK_TEXT_MAX] = "";

	if (use == NULL) {
		dp_request_print("");
		dp_request_print("");
		dp_request_print("");
		return;
	}
	memcpy(address.bytes, use->address, sizeof(address.bytes));
	if (memcmp(use->address, unknown, sizeof(unknown)) != 0)
		pt_network_format(&address, text, sizeof(text));
	dp_request_print_time(use->at);
	print_protocols(use->protocol);
	dp_request_print(text);
}

static void
print_password(const struct pt_password *password, const struct pt_usage *usage,
    int64_t now)
{
	doveadm_print_num(password->id);
	dp_request_print(password->label);
	dp_request_print(state_word(password, now));
	print_protocols(password->protocols);
	print_networks(password);
	dp_request_print_time(password->created_at);
	dp_request_print_time(password->expires_at);
	dp_request_print_time(password->ended_at);
	print_last_use(pt_usage_last(usage, password->id));
}

void
dp_command_list(struct doveadm_cmd_context *cctx)
{
	static const char *const columns[] = {"id", "label", "state",
	    "protocols", "networks", "created_at", "expires_at", "ended_at",
	    "last_used_at", "last_protocol", "last_address"};
	struct dp_request request;
	struct records records;
	unsigned i;

	if (!dp_request_open(&request, cctx, PT_STORE_READ))
		return;
	if (read_records(&request, &records)) {
		dp_request_columns(columns, PT_ARRAY_LEN(columns));
		for (i = 0; i < records.account.password_count; i++)
			print_password(&records.account.passwords[i],
			    &records.usage, request.now);
	}
	dp_request_close(&request);
}
