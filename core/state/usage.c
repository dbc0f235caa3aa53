/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/state/usage.h"

#include <string.h>

#include "core/state/settle.h"

void
pt_usage_init(struct pt_usage *usage, const struct pt_login *login)
{
	usage->login = *login;
	usage->exists = false;
	usage->logins.count = 0;
	usage->refused_logins.count = 0;
	usage->logins_total = 0;
	for (int i = 0; i < PT_TRAFFICS; i++) {
		usage->traffic[i].count = 0;
		usage->traffic_total[i] = 0;
	}
	usage->last_login_at = 0;
	usage->pop3_checked_at = 0;
	usage->view = (struct pt_view){0};
	usage->sessions = (struct pt_open_sessions){0};
	usage->guesses.count = 0;
	usage->guess_count = 0;
	usage->last_use_count = 0;
}

bool
pt_usage_settle(struct pt_usage *usage, int64_t now)
{
	bool changed = pt_settle_log(&usage->logins, now);

	changed |= pt_settle_log(&usage->refused_logins, now);
	for (int i = 0; i < PT_TRAFFICS; i++)
		changed |= pt_settle_log(&usage->traffic[i], now);
	changed |= pt_settle_log(&usage->guesses, now);
	changed |= pt_settle_stamp(&usage->last_login_at, now);
	changed |= pt_settle_stamp(&usage->pop3_checked_at, now);
	changed |= pt_settle_stamp(&usage->view.checked_at, now);
	for (unsigned i = 0; i < usage->last_use_count; i++)
		changed |= pt_settle_stamp(&usage->last_uses[i].at, now);
	return changed;
}

/* Where that app password stands or would stand. */
static unsigned
find(const struct pt_usage *usage, uint32_t password)
{
	unsigned i = 0;

	while (i < usage->last_use_count &&
	       usage->last_uses[i].password < password)
		i++;
	return i;
}

static bool
is_there(const struct pt_usage *usage, unsigned i, uint32_t password)
{
	return i < usage->last_use_count &&
	       usage->last_uses[i].password == password;
}

const struct pt_last_use *
pt_usage_last(const struct pt_usage *usage, uint32_t password)
{
	unsigned i = find(usage, password);

	return is_there(usage, i, password) ? &usage->last_uses[i] : NULL;
}

static void
drop_oldest(struct pt_usage *usage)
{
	struct pt_last_use *oldest = &usage->last_uses[0];
	struct pt_last_use *end = &usage->last_uses[usage->last_use_count];

	for (struct pt_last_use *use = oldest + 1; use < end; use++) {
		if (use->at < oldest->at)
			oldest = use;
	}
	memmove(
	    oldest, oldest + 1, (size_t)(end - oldest - 1) * sizeof(*oldest));
	usage->last_use_count--;
}

void
pt_usage_note(struct pt_usage *usage, const struct pt_last_use *use)
{
	unsigned i = find(usage, use->password);

	if (!is_there(usage, i, use->password)) {
		if (usage->last_use_count == PT_PASSWORDS_MAX)
			drop_oldest(usage);
		i = find(usage, use->password);
		memmove(&usage->last_uses[i + 1], &usage->last_uses[i],
		    (usage->last_use_count - i) * sizeof(*use));
		usage->last_use_count++;
	}
	usage->last_uses[i] = *use;
}
