/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/auth/guesses.h"

#include <ioloop.h>

#include "core/base/clock.h"
#include "core/rules/guess.h"
#include "dovecot-plugin/auth/report.h"
#include "dovecot-plugin/auth/state.h"

#define WAIT_MSECS 1000

/* Between batches others get their turn at the state's writer lock. */
#define GAP_MSECS 20

/*
 * So many may wait.  Beyond that a flood is under way: it is counted as it
 * comes, so that nothing can be pushed out by it.
 */
#define GUESSES_MAX 1024

struct guess {
	struct pt_login login;
	uint32_t hash;
	struct pt_guess counted;
};

static struct guess guesses[GUESSES_MAX]; /* a ring */
static unsigned first;
static unsigned count;
static struct timeout *timeout;

static void
count_guess(struct pt_records *records, void *arg)
{
	struct guess *guess = arg;

	guess->counted = pt_guess_count(dp_state_config(), records->account,
	    records->activity, records->usage, guess->hash, pt_clock_now());
	records->usage_changed = guess->counted.counted;
	records->activity_changed = guess->counted.blocked;
}

static void
report(const struct guess *guess)
{
	const struct pt_guess *counted = &guess->counted;

	if (counted->blocked || counted->would)
		dp_report_block(&guess->login, PT_BLOCK_CRACKED,
		    &counted->figures, counted->would);
}

/* What cannot be counted is lost: the next one will tell that it is a guess. */
static void
count_batch(void)
{
	struct pt_update updates[PT_BATCH_MAX];
	struct pt_err err;
	unsigned n = I_MIN(count, PT_BATCH_MAX);
	unsigned i;

	memset(updates, 0, sizeof(updates));
	for (i = 0; i < n; i++) {
		struct guess *guess = &guesses[(first + i) % GUESSES_MAX];

		updates[i].login = &guess->login;
		updates[i].usage = true;
		updates[i].fn = count_guess;
		updates[i].arg = guess;
	}
	if (pt_store_update(
		dp_state_store(), PT_UPDATE_ACTIVITY, updates, n, &err) != 0)
		dp_state_complain("cannot count wrong passwords", &err);
	for (i = 0; i < n; i++) {
		if (updates[i].failed == PT_ERR_NONE)
			report(&guesses[(first + i) % GUESSES_MAX]);
	}
	first = (first + n) % GUESSES_MAX;
	count -= n;
}

static void
count_some(void *context ATTR_UNUSED)
{
	timeout_remove(&timeout);
	count_batch();
	if (count > 0)
		timeout = timeout_add_short(GAP_MSECS, count_some, NULL);
}

void
dp_guesses_add(const struct dp_login *login)
{
	struct guess *guess;

	/* The same work for a name that cannot be: the time must not tell. */
	if (count == GUESSES_MAX)
		count_batch();
	guess = &guesses[(first + count) % GUESSES_MAX];
	guess->login = login->login;
	guess->hash = pt_guess_hash(
	    &login->login, login->attempt.secret, login->attempt.secret_len);
	count++;
	if (timeout == NULL)
		timeout = timeout_add_short(WAIT_MSECS, count_some, NULL);
}

void
dp_guesses_flush(void)
{
	timeout_remove(&timeout);
	while (count > 0)
		count_batch();
}
