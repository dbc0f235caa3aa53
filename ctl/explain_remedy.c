/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/explain.h"

#include <stdio.h>

#include "core/rules/reason.h"

/* The command first, so that it stays in one piece on its line. */
static void
say_command(
    struct pc_explain *ex, const char *verb, const char *rest, const char *why)
{
	pt_text_addf(&ex->text, "posternctl %s %s%s%s (%s)", verb,
	    ex->account->login.text, rest[0] == '\0' ? "" : " ", rest, why);
	pc_explain_end(ex, "to do");
}

static void
say_set(struct pc_explain *ex, const char *key)
{
	char setting[64];

	(void)snprintf(setting, sizeof(setting), "%s=...", key);
	say_command(ex, "set", setting, "another limit for this account");
}

static void
say_quota(struct pc_explain *ex, const struct pt_verdict *verdict)
{
	pc_explain_say(ex, "to do",
	    "wait: mail programs and servers try again by themselves");
	say_command(ex, "grant", "+10", "let 10 more pass, once");
	say_set(ex, pt_counted_name(verdict->counted));
	say_command(ex, "lock", "", "if the owner does not know of this mail");
}

static void
say_block(struct pc_explain *ex, enum pt_block_reason block)
{
	say_command(ex, "history", "",
	    ex->account->lock.at != 0 ? "see why; webmail goes on, but sends "
					"nothing"
				      : "see why; webmail goes on");
	if (block == PT_BLOCK_ABUSE || block == PT_BLOCK_ADMIN)
		say_command(ex, "unblock", "", "once the cause is gone");
	else if (block == PT_BLOCK_CRACKED &&
		 ex->account->main_password_at < ex->account->block.at)
		say_command(ex, "password-changed", "",
		    "once the main password is another one");
	say_command(ex, "enable", "", "then, for a new app password");
}

static void
say_access(struct pc_explain *ex, const struct pt_verdict *verdict)
{
	switch (verdict->reason) {
	case PT_REASON_ACCESS_OFF:
		say_command(ex, "enable", "",
		    "if the owner wants to use a mail program");
		break;
	case PT_REASON_SMTP_OFF:
	case PT_REASON_PROTOCOL_PLAN:
		if (verdict->plan_from != 0)
			pc_explain_say(ex, "to do",
			    "wait: the next plan has it, see below");
		say_command(ex, "set", "protocols=...",
		    "or a plan that has it; webmail goes on");
		break;
	case PT_REASON_PROTOCOL_OFF:
		say_command(ex, "enable", "--protocols ...",
		    "with all that the owner wants");
		break;
	case PT_REASON_NOT_YET_ACTIVE:
		pc_explain_say(ex, "to do", "wait: it begins by itself");
		break;
	case PT_REASON_LOGINS:
		say_set(ex, "logins");
		break;
	case PT_REASON_SESSIONS:
		say_set(ex, "sessions");
		break;
	case PT_REASON_TRAFFIC:
		say_set(ex,
		    verdict->traffic == PT_TRAFFIC_UP ? "upload" : "download");
		break;
	case PT_REASON_MAIL_CHECK:
		say_set(ex, "mail_check");
		break;
	default:
		break;
	}
}

void
pc_explain_remedy(struct pc_explain *ex, const struct pt_verdict *verdict)
{
	uint64_t bit = (uint64_t)1 << verdict->reason;

	if ((ex->remedied & bit) != 0)
		return;
	ex->remedied |= bit;
	switch (verdict->reason) {
	case PT_REASON_QUOTA:
		say_quota(ex, verdict);
		break;
	case PT_REASON_QUOTA_NEVER:
		say_set(ex, pt_counted_name(verdict->counted));
		break;
	case PT_REASON_SENDING_LOCKED:
		say_command(ex, "unlock", "", "once the cause is gone");
		break;
	case PT_REASON_INACTIVE:
		say_command(
		    ex, "set", "status=active", "if the mailbox is open again");
		if (ex->account->block_reason != PT_BLOCK_NONE)
			say_command(
			    ex, "enable", "", "then, for a new app password");
		break;
	case PT_REASON_BLOCKED:
		say_block(ex, verdict->block);
		break;
	case PT_REASON_PLAN_UNKNOWN:
		say_command(
		    ex, "set", "plan=", "or write the plan into postern.conf");
		break;
	default:
		say_access(ex, verdict);
		break;
	}
}
