/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/rules/external.h"

#include <string.h>

#include "core/rules/access.h"
#include "core/rules/account_plan.h"
#include "core/rules/external_private.h"
#include "core/rules/notice.h"

static bool
is_on(const struct pt_account *account)
{
	return account->access == PT_ACCESS_ON &&
	       account->block_reason == PT_BLOCK_NONE;
}

static int
check_plan(const struct pt_config *config, const struct pt_account *account,
    int64_t now, unsigned protocols, unsigned *allowed_out, struct pt_err *err)
{
	const char *login = account->login.text;
	char wanted[PT_EXTERNAL_PROTOCOLS_MAX];
	char allowed[PT_EXTERNAL_PROTOCOLS_MAX];
	const struct pt_plan *plan;
	struct pt_plan room;

	plan = pt_account_plan(config, account, now, &room);
	if (plan == NULL)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot tell what the plan of %s allows: the configuration "
		    "does not know it or an override of it; posternctl explain "
		    "%s says more",
		    login, login);
	if (plan->protocols != 0 && (protocols & ~plan->protocols) == 0) {
		*allowed_out = plan->protocols;
		return 0;
	}
	pt_external_protocols_format(
	    protocols & ~plan->protocols, wanted, sizeof(wanted));
	pt_external_protocols_format(plan->protocols, allowed, sizeof(allowed));
	return pt_err_set(err, PT_ERR_INPUT,
	    "cannot switch on %s for %s: its plan \"%s\" allows %s; posternctl "
	    "set %s plan=... gives it another plan",
	    protocols == 0 ? "external access" : wanted, login, plan->name,
	    allowed, login);
}

/* May the owner come back? */
static int
check_block(const struct pt_account *account, struct pt_err *err)
{
	const char *login = account->login.text;

	switch (account->block_reason) {
	case PT_BLOCK_ABUSE:
	case PT_BLOCK_ADMIN:
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot enable external access of %s: the postmaster "
		    "blocked it (%s%s%s); posternctl unblock %s ends that",
		    login, pt_block_reason_name(account->block_reason),
		    account->block.note[0] == '\0' ? "" : ": ",
		    account->block.note, login);
	case PT_BLOCK_CRACKED:
		if (account->main_password_at >= account->block.at)
			return 0;
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot enable external access of %s: it was blocked as "
		    "cracked, and the main password is still the same; change "
		    "it, then run posternctl password-changed %s",
		    login, login);
	case PT_BLOCK_NONE:
	case PT_BLOCK_QUOTA:
	case PT_BLOCK_CONNECTIONS:
	case PT_BLOCK_INACTIVE:
	case PT_BLOCK_UNUSED:
		break;
	}
	return 0;
}

static int
check_enable(const struct pt_config *config, const struct pt_account *account,
    int64_t now, unsigned protocols, unsigned *allowed_out, struct pt_err *err)
{
	const char *login = account->login.text;

	if (is_on(account))
		return pt_err_set(err, PT_ERR_INPUT,
		    "external access of %s is on already; posternctl password "
		    "create %s adds an app password",
		    login, login);
	if (account->status == PT_STATUS_INACTIVE)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot enable external access of %s: the account is "
		    "inactive; posternctl set %s status=active opens it",
		    login, login);
	if (check_block(account, err) != 0)
		return -1;
	return check_plan(config, account, now, protocols, allowed_out, err);
}

/* Of the app password that was made, and from when on it can be used. */
static void
tell(const struct pt_config *config, struct pt_account *account,
    enum pt_notice_kind kind, uint32_t id, int64_t now, struct pt_trail *trail)
{
	const struct pt_password *password = pt_password_living(account, id);
	struct pt_notice notice = {
	    .kind = kind,
	    .at = now,
	    .protocols = password->protocols,
	    .password_id = id,
	};
	const struct pt_plan *plan;
	struct pt_plan room;

	(void)pt_text_copy(notice.label, sizeof(notice.label), password->label);
	plan = pt_account_plan(config, account, now, &room);
	if (plan != NULL)
		notice.until = pt_access_begins(plan, account, now);
	(void)pt_notice_put(config, account, &notice, trail);
}

static bool
has_salt(const struct pt_account *account)
{
	static const unsigned char none[PT_PASSWORD_SALT_BYTES];

	return memcmp(account->salt, none, sizeof(none)) != 0;
}

int
pt_external_enable(const struct pt_config *config, struct pt_account *account,
    unsigned protocols, const struct pt_password_wish *wish, const char *secret,
    const unsigned char salt_random[PT_PASSWORD_SALT_BYTES],
    const struct pt_external_actor *actor, uint32_t *id_out,
    struct pt_trail *trail_out, struct pt_err *err)
{
	enum pt_block_reason block = account->block_reason;
	unsigned before = account->protocols;
	bool salted = has_salt(account);
	struct pt_external_entry entry;
	unsigned allowed;

	if (check_enable(
		config, account, actor->now, protocols, &allowed, err) != 0)
		return -1;
	if (!salted)
		memcpy(account->salt, salt_random, sizeof(account->salt));
	account->protocols = protocols != 0 ? protocols : allowed;
	if (pt_password_add(account, wish, secret, actor->now, id_out, err) !=
	    0) {
		account->protocols = before;
		if (!salted)
			memset(account->salt, 0, sizeof(account->salt));
		return -1;
	}
	pt_external_end_block(account);
	account->access = PT_ACCESS_ON;
	account->access_at = actor->now;
	account->unused_told_at = 0;
	pt_external_entry_begin(&entry, account, trail_out, actor, "enable");
	pt_external_entry_add_protocols(&entry, account->protocols);
	pt_external_entry_add_id(&entry, pt_password_living(account, *id_out));
	if (block != PT_BLOCK_NONE)
		pt_external_entry_add(
		    &entry, "ended-block", pt_block_reason_name(block));
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	tell(
	    config, account, PT_NOTICE_ENABLED, *id_out, actor->now, trail_out);
	return 0;
}

static int
check_on(const struct pt_account *account, const char *what, struct pt_err *err)
{
	if (is_on(account))
		return 0;
	return pt_err_set(err, PT_ERR_INPUT,
	    "cannot %s %s: its external access is %s; posternctl enable %s "
	    "switches it on",
	    what, account->login.text,
	    account->block_reason == PT_BLOCK_NONE ? "off" : "blocked",
	    account->login.text);
}

int
pt_external_set_protocols(const struct pt_config *config,
    struct pt_account *account, unsigned protocols,
    const struct pt_external_actor *actor, struct pt_trail *trail_out,
    struct pt_err *err)
{
	struct pt_external_entry entry;
	unsigned allowed;

	if (check_on(account, "change the protocols of", err) != 0)
		return -1;
	if (protocols == 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot switch off every protocol of %s; posternctl "
		    "disable %s switches external access off",
		    account->login.text, account->login.text);
	if (check_plan(config, account, actor->now, protocols, &allowed, err) !=
	    0)
		return -1;
	account->protocols = protocols;
	pt_external_entry_begin(&entry, account, trail_out, actor, "protocols");
	pt_external_entry_add_protocols(&entry, protocols);
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	return 0;
}

int
pt_external_add_password(const struct pt_config *config,
    struct pt_account *account, const struct pt_password_wish *wish,
    const char *secret, const struct pt_external_actor *actor, uint32_t *id_out,
    struct pt_trail *trail_out, struct pt_err *err)
{
	struct pt_external_entry entry;
	unsigned allowed;

	if (check_on(account, "add an app password to", err) != 0 ||
	    check_plan(config, account, actor->now, wish->protocols, &allowed,
		err) != 0 ||
	    pt_password_add(account, wish, secret, actor->now, id_out, err) !=
		0)
		return -1;
	pt_external_entry_begin(
	    &entry, account, trail_out, actor, "password-create");
	pt_external_entry_add_password(
	    &entry, pt_password_living(account, *id_out));
	pt_external_entry_add_quoted(&entry, "note", actor->note);
	tell(config, account, PT_NOTICE_PASSWORD_CREATED, *id_out, actor->now,
	    trail_out);
	return 0;
}
