/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/bounce_watch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/text.h"
#include "core/rules/account_plan.h"
#include "core/rules/bounce.h"
#include "core/rules/external.h"
#include "core/rules/figures.h"
#include "core/rules/would.h"
#include "milter/message.h"

struct pm_bounce_watch *
pm_bounce_watch_new(const char *host, bool may_be_ours)
{
	struct pm_bounce_watch *watch = malloc(sizeof(*watch));

	if (watch == NULL)
		return NULL;
	watch->may_be_ours = may_be_ours && pt_text_copy(watch->host,
						sizeof(watch->host), host) == 0;
	watch->maps_failed = false;
	watch->count = 0;
	watch->body_is_over = false;
	pt_dsn_init(&watch->dsn);
	return watch;
}

void
pm_bounce_watch_free(struct pm_bounce_watch *watch)
{
	free(watch);
}

/* Keeps the login if it is that of an account that has sent. */
static void
consider(struct pm_bounce_watch *watch, struct pm_filter *filter,
    const struct pt_login *login)
{
	struct pt_evidence evidence;
	struct pt_err err;
	unsigned i;

	if (watch->count == PM_BOUNCE_ACCOUNTS)
		return;
	for (i = 0; i < watch->count; i++) {
		if (pt_login_equal(&watch->accounts[i], login))
			return;
	}
	if (pm_door_read_evidence(&filter->door, login, &evidence, &err) != 0) {
		pm_report_failed(&filter->report, login->text, &err);
		return;
	}
	if (evidence.exists)
		watch->accounts[watch->count++] = *login;
}

/* "LOCAL@DOMAIN" with the first so many bytes of the address as LOCAL. */
static void
consider_parts(struct pm_bounce_watch *watch, struct pm_filter *filter,
    const struct pt_login *address, size_t local_len, const char *domain)
{
	char joined[PT_LOGIN_MAX + 1];
	struct pt_login login;
	struct pt_text text;
	struct pt_err err;

	pt_text_init(&text, joined, sizeof(joined));
	pt_text_add_bytes(&text, address->text, local_len);
	pt_text_add(&text, "@");
	pt_text_add(&text, domain);
	if (!text.cut &&
	    pt_login_parse(joined, text.len, NULL, &login, &err) == 0)
		consider(watch, filter, &login);
}

static void
consider_domain(struct pm_bounce_watch *watch, struct pm_filter *filter,
    const struct pt_sender_config *config, const struct pt_login *address,
    const char *domain)
{
	size_t tag = strcspn(address->text, config->subaddress);

	consider_parts(watch, filter, address, address->at, domain);
	if (tag > 0 && tag < address->at)
		consider_parts(watch, filter, address, tag, domain);
}

static bool
has_alias(const struct pt_alias_domain *entry, const char *domain)
{
	size_t i;

	for (i = 0; i < entry->aliases.count; i++) {
		if (strcmp(entry->aliases.at[i], domain) == 0)
			return true;
	}
	return false;
}

static void
consider_owners(struct pm_bounce_watch *watch, struct pm_filter *filter,
    const struct pm_snapshot *snapshot, const struct pt_login *address)
{
	struct pt_maps_answer answer;
	struct pt_err err;
	unsigned i;

	answer.count = 0;
	if (pt_maps_owners(snapshot->maps, address, &answer, &err) ==
	    PT_OWNED_UNKNOWN) {
		watch->maps_failed = true;
		pm_report_error(&filter->report, "map-unavailable", &err);
	}
	for (i = 0; i < answer.count; i++)
		consider(watch, filter, &answer.owners[i]);
}

void
pm_bounce_watch_recipient(struct pm_bounce_watch *watch,
    struct pm_filter *filter, const struct pm_snapshot *snapshot,
    const char *recipient)
{
	const struct pt_sender_config *config = &snapshot->config->sender;
	struct pt_login address;
	struct pt_err err;
	const char *domain;
	const char *bare;
	size_t len;
	size_t i;

	bare = pm_message_bare(recipient, &len);
	if (pt_login_parse(bare, len, snapshot->config->default_domain,
		&address, &err) != 0)
		return;
	domain = pt_login_domain_of(&address);
	consider_domain(watch, filter, config, &address, domain);
	for (i = 0; i < config->alias_count; i++) {
		if (has_alias(&config->aliases[i], domain))
			consider_domain(watch, filter, config, &address,
			    config->aliases[i].domain);
	}
	if (snapshot->maps != NULL && !watch->maps_failed)
		consider_owners(watch, filter, snapshot, &address);
}

struct count {
	const struct pt_config *config;
	const unsigned char *key;
	const struct pt_dsn *dsn;
	bool ours;
	int64_t now;
	/* Results. */
	struct pt_bounce_finding finding;
	bool is_blocked;  /* by it */
	bool is_observed; /* it would be, were it not only observed */
};

static struct pt_figures
figures_of(const struct count *c, const struct pt_plan *plan)
{
	return pt_figures_of(
	    PT_FIGURES_BOUNCES, c->finding.bounced, &plan->bounce_min.at[0]);
}

static void
observe(const struct count *c, const struct pt_plan *plan,
    struct pt_records *records)
{
	const struct pt_figures figures = figures_of(c, plan);

	(void)pt_activity_settle(records->activity, c->now);
	pt_would_note_block(records->activity, &figures, c->now);
	records->activity_changed = true;
}

/* Who is cracked is blocked at once; the account follows by itself. */
static void
block(struct count *c, const struct pt_plan *plan, struct pt_records *records)
{
	const struct pt_figures figures = figures_of(c, plan);

	c->is_blocked = pt_external_mark_block(records->account,
	    records->activity, PT_BLOCK_CRACKED, &figures, c->now);
	if (!c->is_blocked)
		return;
	pt_bounce_start_anew(records->evidence);
	records->activity_changed = true;
}

static void
count_update(struct pt_records *records, void *arg)
{
	struct count *c = arg;
	const struct pt_plan *plan;
	struct pt_plan room;

	c->finding = (struct pt_bounce_finding){.counted = 0};
	c->is_blocked = false;
	c->is_observed = false;
	plan = pt_account_plan(c->config, records->account, c->now, &room);
	if (plan == NULL)
		return;
	c->finding = pt_bounce_count(
	    plan, records->evidence, c->key, c->dsn, c->ours, c->now);
	records->evidence_changed = c->finding.counted > 0;
	if (!c->finding.is_cracked)
		return;
	c->is_observed = c->config->mode == PT_MODE_OBSERVE ||
			 (plan->observe & PT_OBSERVE_BOUNCE_MIN) != 0;
	if (c->is_observed)
		observe(c, plan, records);
	else
		block(c, plan, records);
}

static void
count(struct pm_bounce_watch *watch, struct pm_filter *filter,
    const struct pm_snapshot *snapshot, const struct pt_login *login,
    int64_t now)
{
	struct count c = {
	    .config = snapshot->config,
	    .key = filter->door.key,
	    .dsn = &watch->dsn,
	    .ours = watch->may_be_ours &&
		    strcasecmp(watch->dsn.reporting_mta, watch->host) == 0,
	    .now = now,
	};
	struct pt_update update = {
	    .login = login,
	    .evidence = true,
	    .fn = count_update,
	    .arg = &c,
	};
	struct pt_err err;

	if (pm_door_update(&filter->door, &update, &err) != 0) {
		pm_report_failed(&filter->report, login->text, &err);
		return;
	}
	pm_report_bounce(&filter->report, login, &c.finding, c.ours);
	if (c.is_blocked)
		pm_report_cracked(&filter->report, login, &c.finding, false);
	else if (c.is_observed)
		pm_report_cracked(&filter->report, login, &c.finding, true);
}

void
pm_bounce_watch_end(struct pm_bounce_watch *watch, struct pm_filter *filter,
    const struct pm_snapshot *snapshot, int64_t now)
{
	unsigned i;

	if (watch->count == 0)
		return;
	pt_dsn_finish(&watch->dsn);
	if (!watch->dsn.is_report)
		return;
	for (i = 0; i < watch->count; i++)
		count(watch, filter, snapshot, &watch->accounts[i], now);
}
