/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/unit/support/random_outbox.h"

#include "tests/unit/support/random_figures.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/testing.h"

static void
random_notice(uint64_t *random, struct pt_notice *out)
{
	out->kind = (enum pt_notice_kind)(
	    1 + test_random_below(random, PT_NOTICE_KINDS - 1));
	out->at = (int64_t)random_number(random, 63);
	if (random_chance(random, 50))
		out->until = (int64_t)random_number(random, 63);
	if (out->kind == PT_NOTICE_BLOCKED)
		out->block = (enum pt_block_reason)(
		    1 + test_random_below(random, PT_BLOCK_ADMIN));
	random_figures(random, &out->figures);
	out->protocols = (unsigned)test_random_below(random, 8);
	out->password_id = (uint32_t)random_number(random, 32);
	if (random_chance(random, 50))
		random_text(random, out->label, sizeof(out->label));
}

void
random_outbox(uint64_t *random, struct pt_outbox_entry *out)
{
	*out = (struct pt_outbox_entry){.login = random_login(random)};
	random_notice(random, &out->notice);
	out->next_at = (int64_t)random_number(random, 63);
	out->tries = (uint32_t)random_number(random, 32);
	out->gave_up = random_chance(random, 20);
	if (random_chance(random, 50))
		random_text(random, out->error, sizeof(out->error));
}

static bool
is_same_notice(const struct pt_notice *a, const struct pt_notice *b)
{
	return a->kind == b->kind && a->at == b->at && a->until == b->until &&
	       a->block == b->block &&
	       is_same_figures(&a->figures, &b->figures) &&
	       a->protocols == b->protocols &&
	       a->password_id == b->password_id &&
	       strcmp(a->label, b->label) == 0;
}

bool
is_same_outbox(const struct pt_outbox_entry *a, const struct pt_outbox_entry *b)
{
	return pt_login_equal(&a->login, &b->login) &&
	       is_same_notice(&a->notice, &b->notice) &&
	       a->next_at == b->next_at && a->tries == b->tries &&
	       a->gave_up == b->gave_up && strcmp(a->error, b->error) == 0;
}

static void
make(uint64_t *random, void *out)
{
	random_outbox(random, out);
}

static bool
is_same(const void *in, const void *out)
{
	return is_same_outbox(in, out);
}

static size_t
encode(const void *entry, unsigned char *out, size_t cap)
{
	return pt_outbox_encode(entry, out, cap);
}

static int
decode(const void *at, size_t len, void *out, struct pt_err *err)
{
	return pt_outbox_decode(at, len, out, err);
}

const struct record_format outbox_format = {
    .size = sizeof(struct pt_outbox_entry),
    .random = make,
    .is_same = is_same,
    .encode = encode,
    .decode = decode,
};
