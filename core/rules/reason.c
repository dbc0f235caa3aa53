/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/reason.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/span.h"
#include "core/base/text.h"
#include "core/rules/verdict.h"

/*
 * Figures that a text may name:
 *	{limit}   the limit with its unit: "5 messages", "2500M", "30"
 *	{amount}  what this message is or would add
 *	{window}  "1 minute"
 *	{until}   "14:05:10 UTC"
 *	{block}   "quota"
 *	{sender}  the envelope sender
 *	{url}     "; see URL", or nothing without a help_url
 */
static const struct pt_reason reasons[PT_REASONS] = {
    [PT_REASON_NONE] =
	{
	    .name = "none",
	    .smtp = 250,
	    .status = "2.0.0",
	    .text = "Ok",
	    .meaning = "Nothing stands against it.",
	},
    [PT_REASON_UNAVAILABLE] =
	{
	    .name = "unavailable",
	    .smtp = 451,
	    .status = "4.3.0",
	    .imap = "UNAVAILABLE",
	    .pop3 = "SYS/TEMP",
	    .text = "Temporary problem at the server; try again later",
	    .meaning = "The state cannot be read or written (disk full, "
		       "damaged record).  The log line names the cause; "
		       "nothing was charged and nothing is lost.",
	},
    [PT_REASON_QUOTA] =
	{
	    .name = "quota",
	    .smtp = 450,
	    .status = "4.7.28",
	    .text = "Sending limit reached: {limit} in {window}; try again "
		    "after {until}",
	    .meaning = "A window of the plan is full.  The message costs "
		       "nothing and is accepted from the time given on.",
	},
    [PT_REASON_QUOTA_NEVER] =
	{
	    .name = "quota-never",
	    .smtp = 550,
	    .status = "5.7.28",
	    .text = "Message exceeds the sending limit by itself: "
		    "{amount}, limit {limit} in {window}{url}",
	    .meaning = "The message alone is larger than a whole window, "
		       "so waiting does not help: it must be split.",
	},
    [PT_REASON_SENDING_LOCKED] =
	{
	    .name = "sending-locked",
	    .smtp = 550,
	    .status = "5.7.13",
	    .text = "Sending is locked for this account; contact your "
		    "mail provider{url}",
	    .meaning = "The postmaster locked sending, webmail included "
		       "(posternctl lock); posternctl unlock ends it.",
	},
    [PT_REASON_BLOCKED] =
	{
	    .name = "blocked",
	    .smtp = 550,
	    .status = "5.7.13",
	    .imap = "AUTHORIZATIONFAILED",
	    .pop3 = "SYS/PERM",
	    .text = "External access is blocked ({block}){url}",
	    .meaning = "External access was taken away, for the reason in "
		       "brackets.  Webmail goes on.",
	},
    [PT_REASON_INACTIVE] =
	{
	    .name = "inactive",
	    .smtp = 550,
	    .status = "5.2.1",
	    .imap = "CONTACTADMIN",
	    .pop3 = "SYS/PERM",
	    .text = "This account is not active; contact your mail "
		    "provider{url}",
	    .meaning = "The provider set the status of the account to "
		       "inactive (posternctl set LOGIN status=active "
		       "opens it).",
	},
    [PT_REASON_SENDER_NOT_OWNED] =
	{
	    .name = "sender-not-owned",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "You may not send as <{sender}>: it does not belong to "
		    "your login{url}",
	    .meaning = "The envelope sender is neither the login, nor the "
		       "login with a tag or at an alias domain, nor on the "
		       "account's list (posternctl sender add).",
	},
    [PT_REASON_RECIPIENTS_PER_MESSAGE] =
	{
	    .name = "recipients-per-message",
	    .smtp = 452,
	    .status = "4.5.3",
	    .text = "Too many recipients in one message: at most {limit}; "
		    "send to the others in another message",
	    .meaning = "More recipients than recipients_per_message.",
	},
    [PT_REASON_MESSAGE_SIZE] =
	{
	    .name = "message-size",
	    .smtp = 552,
	    .status = "5.3.4",
	    .text = "Message is too big: at most {limit}",
	    .meaning = "Larger than message_size.",
	},
    [PT_REASON_TLS_REQUIRED] =
	{
	    .name = "tls-required",
	    .smtp = 530,
	    .status = "5.7.0",
	    .imap = "PRIVACYREQUIRED",
	    .pop3 = "SYS/PERM",
	    .text = "Encryption is required: switch on STARTTLS or TLS in "
		    "your mail program",
	    .meaning = "The connection is not encrypted, require_tls is "
		       "yes, and the client is not in a trusted network.",
	},
    [PT_REASON_LOGIN_INVALID] =
	{
	    .name = "login-invalid",
	    .smtp = 451,
	    .status = "4.3.0",
	    .imap = "UNAVAILABLE",
	    .pop3 = "SYS/TEMP",
	    .text = "This login cannot be used for sending; contact your "
		    "mail provider{url}",
	    .meaning = "The login that the mail server reports is no "
		       "address that Postern could count under: too long, "
		       "control characters, no domain and no "
		       "default_domain.  The log line says which.",
	},
    [PT_REASON_PLAN_UNKNOWN] =
	{
	    .name = "plan-unknown",
	    .smtp = 451,
	    .status = "4.3.0",
	    .imap = "UNAVAILABLE",
	    .pop3 = "SYS/TEMP",
	    .text = "Temporary problem at the server; try again later",
	    .meaning = "The account's plan, or an override of it, is not "
		       "known to the configuration: write the plan, or "
		       "posternctl set LOGIN plan=...",
	},
    [PT_REASON_SMTP_OFF] =
	{
	    .name = "smtp-off",
	    .smtp = 550,
	    .status = "5.7.1",
	    .text = "Sending from a mail program is not part of this "
		    "account's plan{url}",
	    .meaning = "The plan's protocols do not name smtp and the "
		       "client is not in a trusted network.",
	},
};

const struct pt_reason *
pt_reason_get(enum pt_reason_id id)
{
	if ((unsigned)id >= PT_REASONS)
		id = PT_REASON_UNAVAILABLE;
	return &reasons[id];
}

const char *
pt_counted_name(unsigned counted)
{
	static const char *const names[PT_COUNTED] = {
	    [PT_COUNT_MESSAGES] = "messages",
	    [PT_COUNT_RECIPIENTS] = "recipients",
	    [PT_COUNT_BYTES] = "bytes",
	};

	return counted < PT_COUNTED ? names[counted] : "units";
}

static bool
is_in_bytes(const struct pt_verdict *verdict)
{
	return verdict->reason == PT_REASON_MESSAGE_SIZE ||
	       (verdict->seconds > 0 && verdict->counted == PT_COUNT_BYTES);
}

/* "5 messages", "1 message", "2500M", "30" */
static void
add_amount(
    struct pt_text *text, const struct pt_verdict *verdict, uint64_t amount)
{
	char size[PT_SPAN_TEXT_MAX];
	const char *name;

	if (is_in_bytes(verdict)) {
		pt_size_format(amount, size, sizeof(size));
		pt_text_addf(text, "%s%s", size,
		    size[strlen(size) - 1] <= '9' ? " bytes" : "");
		return;
	}
	pt_text_addf(text, "%llu", (unsigned long long)amount);
	if (verdict->seconds == 0)
		return;
	name = pt_counted_name(verdict->counted);
	pt_text_addf(
	    text, " %.*s", (int)(strlen(name) - (amount == 1 ? 1 : 0)), name);
}

static void
add_figure(struct pt_text *text, const char *name, size_t len,
    const struct pt_verdict *verdict, const struct pt_reply_facts *facts)
{
	char buf[PT_CLOCK_TEXT_MAX];
	const char *block;

	if (len == 5 && memcmp(name, "limit", len) == 0) {
		add_amount(text, verdict, verdict->limit);
	} else if (len == 6 && memcmp(name, "amount", len) == 0) {
		add_amount(text, verdict, verdict->amount);
	} else if (len == 6 && memcmp(name, "window", len) == 0) {
		pt_span_words(verdict->seconds, buf, sizeof(buf));
		pt_text_add(text, buf);
	} else if (len == 5 && memcmp(name, "until", len) == 0) {
		pt_clock_format(verdict->until, facts->now, buf, sizeof(buf));
		pt_text_add(text, buf);
	} else if (len == 5 && memcmp(name, "block", len) == 0) {
		block = pt_block_reason_name(verdict->block);
		pt_text_add(text, block == NULL ? "unknown" : block);
	} else if (len == 6 && memcmp(name, "sender", len) == 0) {
		/* What is longer than an address may be is cut. */
		pt_text_add_escaped(
		    text, facts->sender, strnlen(facts->sender, PT_LOGIN_MAX));
	} else if (facts->help_url != NULL && facts->help_url[0] != '\0') {
		pt_text_add(text, "; see ");
		pt_text_add(text, facts->help_url);
	}
}

static void
fill_text(struct pt_text *text, const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts)
{
	const char *at = pt_reason_get(verdict->reason)->text;
	const char *open;
	const char *close;

	while ((open = strchr(at, '{')) != NULL) {
		close = strchr(open, '}');
		if (close == NULL)
			break;
		pt_text_add_bytes(text, at, (size_t)(open - at));
		add_figure(
		    text, open + 1, (size_t)(close - open - 1), verdict, facts);
		at = close + 1;
	}
	pt_text_add(text, at);
}

void
pt_reason_text(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, char *buf, size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	fill_text(&text, verdict, facts);
}

void
pt_reason_smtp_reply(const struct pt_verdict *verdict,
    const struct pt_reply_facts *facts, char *buf, size_t cap)
{
	const struct pt_reason *reason = pt_reason_get(verdict->reason);
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_text_addf(&text, "%d %s ", reason->smtp, reason->status);
	fill_text(&text, verdict, facts);
}
