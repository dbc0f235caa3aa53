/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/bounce.h"

#include <sodium.h>
#include <string.h>

#include "core/rules/field_text.h"
#include "core/rules/window.h"

_Static_assert(PT_BOUNCE_KEY_BYTES == crypto_shorthash_KEYBYTES &&
		   crypto_shorthash_BYTES == 8,
    "the keyed hash is SipHash-2-4");

#define LEFT_MAX 65535 /* what its record holds */

/* What a hash is of, so that one never stands for the other. */
enum {
	OF_MESSAGE = 'm',
	OF_RECIPIENT = 'r',
};

static uint64_t
hash(const unsigned char key[PT_BOUNCE_KEY_BYTES], const unsigned char *at,
    size_t len)
{
	unsigned char sum[crypto_shorthash_BYTES];
	uint64_t value = 0;
	size_t i;

	(void)crypto_shorthash(sum, at, len, key);
	for (i = sizeof(sum); i > 0; i--)
		value = value << 8 | sum[i - 1];
	return value;
}

/* Steps over a comment, which may hold comments; i stands at its "(". */
static size_t
after_comment(const char *at, size_t len, size_t i)
{
	size_t depth = 0;

	for (; i < len; i++) {
		if (at[i] == '\\')
			i++;
		else if (at[i] == '(')
			depth++;
		else if (at[i] == ')' && --depth == 0)
			return i + 1;
	}
	return len;
}

uint64_t
pt_bounce_message_hash(const unsigned char key[PT_BOUNCE_KEY_BYTES],
    const char *message_id, size_t len)
{
	unsigned char id[1 + PT_DSN_ID_MAX] = {OF_MESSAGE};
	bool is_inside = false;
	size_t n = 1;
	size_t i = 0;
	uint64_t value;

	while (i < len && !(is_inside && message_id[i] == '>')) {
		if (!is_inside && message_id[i] == '(') {
			i = after_comment(message_id, len, i);
			continue;
		}
		if (!is_inside && message_id[i] == '<') {
			is_inside = true;
			n = 1;
		} else if (!pt_field_text_is_blank(message_id[i])) {
			if (n == sizeof(id))
				return 0;
			id[n++] = (unsigned char)message_id[i];
		}
		i++;
	}
	if (n == 1)
		return 0;
	value = hash(key, id, n);
	return value == 0 ? 1 : value;
}

uint64_t
pt_bounce_recipient_bit(const unsigned char key[PT_BOUNCE_KEY_BYTES],
    const struct pt_login *recipient)
{
	unsigned char text[1 + PT_LOGIN_MAX] = {OF_RECIPIENT};

	memcpy(text + 1, recipient->text, recipient->len);
	return (uint64_t)1 << (hash(key, text, 1U + recipient->len) & 63);
}

static void
remove_sent(struct pt_evidence *evidence, unsigned i)
{
	evidence->sent_count--;
	memmove(evidence->sent + i, evidence->sent + i + 1,
	    (evidence->sent_count - i) * sizeof(evidence->sent[0]));
}

void
pt_bounce_start_anew(struct pt_evidence *evidence)
{
	evidence->sent_count = 0;
	evidence->sent_log.count = 0;
	evidence->bounce_log.count = 0;
}

void
pt_bounce_note_sent(const struct pt_plan *plan, struct pt_evidence *evidence,
    const struct pt_bounce_sent *sent, int64_t now)
{
	struct pt_sent *entry;

	if (plan->bounce_min.count == 0) {
		pt_bounce_start_anew(evidence);
		return;
	}
	pt_window_add(
	    &evidence->sent_log, &plan->bounce_min, sent->recipients, now);
	if (sent->message == 0 || sent->recipients == 0)
		return;
	if (evidence->sent_count == PT_SENT_MAX)
		remove_sent(evidence, 0);
	entry = &evidence->sent[evidence->sent_count++];
	entry->message = sent->message;
	entry->recipients = sent->recipient_bits;
	entry->left = sent->recipients < LEFT_MAX ? sent->recipients : LEFT_MAX;
}

/* What a report is judged by. */
struct judged {
	struct pt_evidence *evidence;
	const unsigned char *key;
	const struct pt_dsn *dsn;
	uint64_t message; /* of the returned mail; 0: not known */
	bool is_ours;
	uint64_t room; /* recipients sent to that have not bounced */
};

/*
 * What failed, not what it was called before an alias or a forward: the account
 * never wrote to where that leads.
 */
static uint64_t
bit_of(const struct judged *judged, const struct pt_dsn_recipient *recipient)
{
	const struct pt_login *failed =
	    recipient->final.len > 0 ? &recipient->final : &recipient->original;

	if (failed->len == 0)
		return 0;
	return pt_bounce_recipient_bit(judged->key, failed);
}

/* The message of the report that went to that recipient; NULL: none. */
static struct pt_sent *
find_sent(const struct judged *judged, uint64_t bit)
{
	struct pt_sent *entry;
	unsigned i;

	if (judged->message == 0)
		return NULL;
	for (i = judged->evidence->sent_count; i > 0; i--) {
		entry = &judged->evidence->sent[i - 1];
		if (entry->message == judged->message &&
		    (entry->recipients & bit) != 0)
			return entry;
	}
	return NULL;
}

/*
 * May mail that the account sent be unknown here?  Not without an id, because
 * all its mail has one; and not as long as nothing had to make room: then it
 * is mail of somebody else that passed through, such as a forward.
 */
static bool
may_be_forgotten(const struct judged *judged)
{
	unsigned i;

	if (judged->message == 0 || judged->evidence->sent_count < PT_SENT_MAX)
		return false;
	for (i = 0; i < PT_SENT_MAX; i++) {
		if (judged->evidence->sent[i].message == judged->message)
			return false;
	}
	return true;
}

static bool
proves(const struct judged *judged, const struct pt_dsn_recipient *recipient)
{
	const struct pt_login *login = &judged->evidence->login;
	struct pt_sent *sent;
	uint64_t bit;

	if (pt_login_equal(&recipient->final, login) ||
	    pt_login_equal(&recipient->original, login))
		return false;
	bit = bit_of(judged, recipient);
	sent = find_sent(judged, bit);
	if (judged->is_ours && !judged->dsn->from_a_list && sent == NULL)
		return judged->room > 0 && may_be_forgotten(judged);
	if (sent == NULL || sent->left == 0)
		return false;
	if (judged->is_ours && !judged->dsn->from_a_list) {
		sent->left--;
		return true;
	}
	/* Once each: who shares the bit stands back. */
	sent->recipients &= ~bit;
	sent->left /= 2;
	return true;
}

static bool
is_cracked(const struct pt_plan *plan, const struct pt_bounce_finding *finding)
{
	uint64_t share = plan->bounce_share.on ? plan->bounce_share.value : 100;

	if (finding->bounced < plan->bounce_min.at[0].limit ||
	    finding->sent == 0)
		return false;
	if (finding->bounced > UINT64_MAX / 100)
		return true;
	/* Not sent * share, which might be too large. */
	return share == 0 || finding->bounced * 100 / share >= finding->sent;
}

struct pt_bounce_finding
pt_bounce_count(const struct pt_plan *plan, struct pt_evidence *evidence,
    const unsigned char key[PT_BOUNCE_KEY_BYTES], const struct pt_dsn *dsn,
    bool ours, int64_t now)
{
	struct pt_bounce_finding finding = {0};
	struct judged judged = {evidence, key, dsn, 0, ours, 0};
	int64_t seconds;
	unsigned i;

	if (plan->bounce_min.count == 0 || !dsn->is_report) {
		finding.ignored = dsn->count;
		return finding;
	}
	seconds = plan->bounce_min.at[0].seconds;
	judged.message =
	    pt_bounce_message_hash(key, dsn->message_id, dsn->message_id_len);
	finding.sent = pt_window_used(&evidence->sent_log, seconds, now);
	finding.bounced = pt_window_used(&evidence->bounce_log, seconds, now);
	for (i = 0; i < dsn->count; i++) {
		judged.room = finding.sent > finding.bounced
				  ? finding.sent - finding.bounced
				  : 0;
		if (proves(&judged, &dsn->recipients[i])) {
			finding.counted++;
			finding.bounced++;
		} else {
			finding.ignored++;
		}
	}
	if (finding.counted == 0)
		return finding;
	pt_window_add(
	    &evidence->bounce_log, &plan->bounce_min, finding.counted, now);
	evidence->bounces_total += finding.counted;
	evidence->last_bounce_at = now;
	finding.is_cracked = is_cracked(plan, &finding);
	return finding;
}
