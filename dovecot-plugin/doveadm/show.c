/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What a web front end shows to an owner. */

#include "dovecot-plugin/doveadm/request.h"

#include <doveadm-print.h>

#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/external.h"
#include "core/rules/figures.h"
#include "core/rules/idle.h"
#include "core/state/usage.h"
#include "dovecot-plugin/doveadm/commands.h"

#define NETWORK_TEXT_MAX 52

struct records {
	struct pt_account account;
	struct pt_activity activity;
	struct pt_usage usage;
	int64_t begun; /* pt_store_begun() */
	uint32_t life; /* of policyd; 0: it is not up */
};

/* A block that has not been carried over yet holds all the same. */
static bool
read_records(struct dp_request *request, struct records *out)
{
	struct pt_trail unused = {.notice = {.kind = PT_NOTICE_NONE}};
	struct pt_life life;
	struct pt_err err;

	if (pt_store_read(request->store, &request->login, &out->account,
		&out->activity, &out->usage, &err) != 0 ||
	    pt_store_begun(request->store, &out->begun, &err) != 0 ||
	    pt_store_get_life(request->store, PT_LIFE_SESSIONS, &life, &err) !=
		0) {
		dp_request_fail(request->cctx, &err);
		return false;
	}
	out->life = pt_store_life_at(&life, request->now);
	(void)pt_usage_settle(&out->usage, request->now);
	(void)pt_external_carry_over(request->config, &out->account,
	    &out->activity, request->now, &unused);
	return true;
}

static void
print_protocols(unsigned protocols)
{
	char text[64] = "";

	if (protocols != 0)
		pt_external_protocols_format(protocols, text, sizeof(text));
	dp_request_print(text);
}

static void
print_block(const struct pt_account *account)
{
	char figures[PT_FIGURES_TEXT_MAX] = "";
	bool stands = account->block_reason != PT_BLOCK_NONE;

	if (stands)
		pt_figures_words(
		    &account->block_figures, figures, sizeof(figures));
	dp_request_print(
	    stands ? pt_block_reason_name(account->block_reason) : "");
	dp_request_print_time(stands ? account->block.at : 0);
	dp_request_print(stands ? account->block.note : "");
	dp_request_print(figures);
}

/* A plan that is on its way, and access that begins or ends later. */
static void
print_times(const struct dp_request *request, const struct records *records,
    const struct pt_plan *plan)
{
	const struct pt_account *account = &records->account;
	const struct pt_idle_facts facts = {
	    request->config, records->begun, request->now, records->life};
	bool is_next = account->next_plan[0] != '\0' &&
		       account->next_plan_at > request->now;

	dp_request_print(is_next ? account->next_plan : "");
	dp_request_print_time(is_next ? account->next_plan_at : 0);
	dp_request_print_time(
	    plan == NULL ? 0 : pt_access_begins(plan, account, request->now));
	dp_request_print_time(pt_idle_until(
	    &facts, account, &records->activity, &records->usage));
}

static void
print_status(const struct dp_request *request, const struct records *records)
{
	static const char *const columns[] = {"user", "status", "plan",
	    "plan_protocols", "access", "access_at", "protocols", "passwords",
	    "last_login_at", "block", "block_at", "block_note", "block_figures",
	    "main_password_at", "sending_locked_at", "next_plan",
	    "next_plan_at", "active_from", "unused_at"};
	const struct pt_account *account = &records->account;
	struct pt_plan room;
	const struct pt_plan *plan =
	    pt_account_plan(request->config, account, request->now, &room);

	dp_request_columns(columns, PT_ARRAY_LEN(columns));
	dp_request_print(request->login.text);
	dp_request_print(
	    account->status == PT_STATUS_ACTIVE ? "active" : "inactive");
	dp_request_print(plan == NULL
			     ? pt_account_plan_name(account, request->now)
			     : plan->name);
	print_protocols(plan == NULL ? 0 : plan->protocols);
	dp_request_print(pt_external_access_name(account->access));
	dp_request_print_time(account->access_at);
	print_protocols(
	    account->access == PT_ACCESS_ON ? account->protocols : 0);
	doveadm_print_num(pt_password_count_living(account));
	dp_request_print_time(records->usage.last_login_at);
	print_block(account);
	dp_request_print_time(account->main_password_at);
	dp_request_print_time(account->lock.at);
	print_times(request, records, plan);
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
