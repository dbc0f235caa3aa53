/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/access.h"

static struct pt_verdict
refuse(enum pt_reason_id reason)
{
	struct pt_verdict verdict = {
	    .code = PT_VERDICT_REFUSE,
	    .reason = reason,
	};

	return verdict;
}

struct pt_verdict
pt_access_send(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_access_facts *facts)
{
	struct pt_verdict verdict = {.code = PT_VERDICT_PERMIT};

	if (account->lock.at != 0)
		return refuse(PT_REASON_SENDING_LOCKED);
	if (account->status == PT_STATUS_INACTIVE)
		return refuse(PT_REASON_INACTIVE);
	if (facts->trusted)
		return verdict;
	if (account->block_reason != PT_BLOCK_NONE) {
		verdict = refuse(PT_REASON_BLOCKED);
		verdict.block = account->block_reason;
		return verdict;
	}
	if ((plan->protocols & PT_PROTOCOL_SMTP) == 0)
		return refuse(PT_REASON_SMTP_OFF);
	if (config->require_tls && !facts->encrypted)
		return refuse(PT_REASON_TLS_REQUIRED);
	return verdict;
}
