/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/plan.h"

#include <string.h>

#include "core/base/text.h"
#include "core/config/check.h"
#include "core/config/keys.h"
#include "core/config/value.h"

void
pt_plan_defaults(struct pt_plan *plan, const char *name)
{
	struct pt_err err;

	memset(plan, 0, sizeof(*plan));
	(void)pt_text_copy(plan->name, sizeof(plan->name), name);
	for (size_t i = 0; i < pt_key_count(); i++) {
		const struct pt_key *key = pt_key_at(i);

		/* Cannot fail: a unit test reads every default of the table. */
		if (key->section == PT_SECTION_PLAN)
			(void)pt_value_read_text(key,
			    (char *)plan + key->offset, key->initial, &err);
	}
}

static int
refuse_unknown(const char *name, struct pt_err *err)
{
	const char *nearest = pt_key_nearest(PT_SECTION_PLAN, name);
	struct pt_text text;
	char shown[64];

	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, name, strlen(name));
	if (nearest == NULL)
		return pt_err_set(err, PT_ERR_INPUT,
		    "\"%s\" is not a key of a plan; see postern.conf(5)",
		    shown);
	return pt_err_set(err, PT_ERR_INPUT,
	    "\"%s\" is not a key of a plan; did you mean \"%s\"?", shown,
	    nearest);
}

int
pt_plan_override(struct pt_plan *plan, const char *key, const char *value,
    struct pt_err *err)
{
	const struct pt_key *known = pt_key_find(PT_SECTION_PLAN, key);

	if (known == NULL)
		return refuse_unknown(key, err);
	if (pt_check_item(known, value, err) != 0 ||
	    pt_value_read_text(
		known, (char *)plan + known->offset, value, err) != 0) {
		/* Contradictory windows come as PT_ERR_CONFIG. */
		err->kind = PT_ERR_INPUT;
		return pt_err_prefix(err, "%s", key);
	}
	return 0;
}

int
pt_plan_format(
    const struct pt_plan *plan, const char *key, char *buf, size_t cap)
{
	const struct pt_key *known = pt_key_find(PT_SECTION_PLAN, key);
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	if (known == NULL)
		return -1;
	pt_value_format(known, (const char *)plan + known->offset, &text);
	return text.cut ? -1 : 0;
}

/*
 * A window of the plan that is as long or longer, and lets no more pass, holds
 * at all times what the penalty would only hold for a while.
 */
static int
check_penalty_window(const struct pt_plan *plan, struct pt_err *err)
{
	const struct pt_window *window = &plan->penalty.window;
	char tight[64];
	char other[64];
	size_t i;

	for (i = 0; i < plan->messages.count; i++) {
		if (plan->messages.at[i].seconds < window->seconds ||
		    plan->messages.at[i].limit > window->limit)
			continue;
		pt_window_format(window, false, tight, sizeof(tight));
		pt_window_format(
		    &plan->messages.at[i], false, other, sizeof(other));
		return pt_err_set(err, PT_ERR_CONFIG,
		    "penalty: %s is no tighter than messages, which permit %s "
		    "at any time: lower the limit of the penalty",
		    tight, other);
	}
	return 0;
}

/* It would never begin. */
static int
check_penalty_after(const struct pt_plan *plan, struct pt_err *err)
{
	const struct pt_window *after = &plan->penalty.after;
	char wanted[64];
	char other[64];
	size_t i;

	for (i = 0; i < plan->messages.count; i++) {
		if (plan->messages.at[i].seconds < after->seconds ||
		    plan->messages.at[i].limit >= after->limit)
			continue;
		pt_window_format(after, false, wanted, sizeof(wanted));
		pt_window_format(
		    &plan->messages.at[i], false, other, sizeof(other));
		return pt_err_set(err, PT_ERR_CONFIG,
		    "penalty: nobody can send %s, because messages permit %s: "
		    "lower what it begins after",
		    wanted, other);
	}
	return 0;
}

int
pt_plan_check(const struct pt_plan *plan, struct pt_err *err)
{
	if (!plan->penalty.on)
		return 0;
	if (check_penalty_window(plan, err) != 0)
		return -1;
	return check_penalty_after(plan, err);
}
