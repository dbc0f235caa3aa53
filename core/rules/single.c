/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/single.h"

#include <string.h>

#include "core/base/attr.h"

static uint64_t
recipients_of(const struct pt_charge *charge)
{
	return charge->amount[PT_COUNT_RECIPIENTS];
}

static uint64_t
size_of(const struct pt_charge *charge)
{
	return charge->amount[PT_COUNT_BYTES];
}

/* The key of the limit, which the plan has under the same name. */
#define KEY(field) .offset = offsetof(struct pt_plan, field)

static const struct {
	size_t offset;
	enum pt_reason_id reason;
	uint64_t (*amount)(const struct pt_charge *charge);
	bool needs_size;
} rows[] = {
    {
	KEY(recipients_per_message),
	.reason = PT_REASON_RECIPIENTS_PER_MESSAGE,
	.amount = recipients_of,
    },
    {
	KEY(message_size),
	.reason = PT_REASON_MESSAGE_SIZE,
	.amount = size_of,
	.needs_size = true,
    },
};

static struct pt_limit
limit_of(const struct pt_plan *plan, size_t i)
{
	struct pt_limit limit;

	memcpy(&limit, (const char *)plan + rows[i].offset, sizeof(limit));
	return limit;
}

bool
pt_single_judge(const struct pt_plan *plan, size_t i,
    const struct pt_charge *charge, struct pt_verdict *verdict_out)
{
	struct pt_limit limit;
	uint64_t amount;

	if (i >= PT_ARRAY_LEN(rows))
		return false;
	*verdict_out = (struct pt_verdict){.code = PT_VERDICT_PERMIT};
	limit = limit_of(plan, i);
	amount = rows[i].amount(charge);
	if (!limit.on || amount <= limit.value)
		return true;
	verdict_out->code = pt_reason_get(rows[i].reason)->smtp < 500
				? PT_VERDICT_DEFER
				: PT_VERDICT_REFUSE;
	verdict_out->reason = rows[i].reason;
	verdict_out->used = amount;
	verdict_out->amount = amount;
	verdict_out->limit = limit.value;
	return true;
}

bool
pt_single_needs_size(const struct pt_plan *plan)
{
	for (size_t i = 0; i < PT_ARRAY_LEN(rows); i++) {
		if (rows[i].needs_size && limit_of(plan, i).on)
			return true;
	}
	return false;
}
