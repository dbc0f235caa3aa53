/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/openmetrics.h"

#include <inttypes.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/rules/reason.h"

static void
head(FILE *stream, const char *name, const char *type, const char *help)
{
	fprintf(stream, "# TYPE postern_%s %s\n# HELP postern_%s %s\n", name,
	    type, name, help);
}

static void
counter(FILE *stream, const char *name, const char *help, uint64_t value)
{
	head(stream, name, "counter", help);
	fprintf(stream, "postern_%s_total %" PRIu64 "\n", name, value);
}

static void
gauge(FILE *stream, const char *name, const char *help, uint64_t value)
{
	head(stream, name, "gauge", help);
	fprintf(stream, "postern_%s %" PRIu64 "\n", name, value);
}

/* Every reason, also those at 0, so that a graph has no gaps. */
static void
by_reason(
    FILE *stream, const char *name, const char *help, const uint64_t *counts)
{
	unsigned i;

	head(stream, name, "counter", help);
	for (i = 1; i < PT_REASONS; i++)
		fprintf(stream, "postern_%s_total{reason=\"%s\"} %" PRIu64 "\n",
		    name, pt_reason_get((enum pt_reason_id)i)->name, counts[i]);
}

/* The programs that judge messages; those without counters are left out. */
struct judges {
	size_t count;
	struct {
		const char *name;
		const struct pt_counters *counters;
	} at[2];
};

static const void *
counted_at(const struct judges *judges, size_t i, size_t offset)
{
	return (const char *)judges->at[i].counters + offset;
}

/* "offset" is that of a counter in struct pt_counters. */
static void
by_program(FILE *stream, const char *name, const char *help,
    const struct judges *judges, size_t offset)
{
	const uint64_t *value;
	size_t i;

	head(stream, name, "counter", help);
	for (i = 0; i < judges->count; i++) {
		value = counted_at(judges, i, offset);
		fprintf(stream,
		    "postern_%s_total{program=\"%s\"} %" PRIu64 "\n", name,
		    judges->at[i].name, *value);
	}
}

static void
by_program_and_reason(FILE *stream, const char *name, const char *help,
    const struct judges *judges, size_t offset)
{
	const uint64_t *counts;
	unsigned r;
	size_t i;

	head(stream, name, "counter", help);
	for (i = 0; i < judges->count; i++) {
		counts = counted_at(judges, i, offset);
		for (r = 1; r < PT_REASONS; r++)
			fprintf(stream,
			    "postern_%s_total{program=\"%s\",reason=\"%s\"} "
			    "%" PRIu64 "\n",
			    name, judges->at[i].name,
			    pt_reason_get((enum pt_reason_id)r)->name,
			    counts[r]);
	}
}

/* A gauge with one value for each environment. */
static void
by_environment(FILE *stream, const char *name, const char *help,
    uint64_t accounts, uint64_t activity)
{
	head(stream, name, "gauge", help);
	fprintf(stream,
	    "# UNIT postern_%s bytes\n"
	    "postern_%s{environment=\"accounts\"} %" PRIu64 "\n"
	    "postern_%s{environment=\"activity\"} %" PRIu64 "\n",
	    name, name, accounts, name, activity);
}

static void
write_messages(FILE *stream, const struct judges *judges)
{
	by_program(stream, "messages_permitted",
	    "Messages permitted and charged.", judges,
	    offsetof(struct pt_counters, permitted));
	by_program(stream, "messages_repeated",
	    "Requests for a message that was charged before.", judges,
	    offsetof(struct pt_counters, repeated));
	by_program_and_reason(stream, "messages_refused",
	    "Messages refused, by reason.", judges,
	    offsetof(struct pt_counters, refused));
	by_program_and_reason(stream, "messages_observed",
	    "Messages that enforce mode would have refused, by reason.", judges,
	    offsetof(struct pt_counters, observed));
}

static void
write_policyd(FILE *stream, const struct pt_counters *counters)
{
	counter(stream, "policy_requests", "Policy requests answered.",
	    counters->requests);
	counter(stream, "policy_unauthenticated", "Requests without a login.",
	    counters->unauthenticated);
	counter(stream, "policy_malformed",
	    "Connections closed for a malformed request.", counters->malformed);
	counter(stream, "policy_connections", "Connections accepted.",
	    counters->connections);
	counter(stream, "policy_batches", "Transactions of the state.",
	    counters->batches);
	counter(stream, "sessions_opened", "Mail sessions opened.",
	    counters->sessions_opened);
	counter(stream, "sessions_ended", "Mail sessions ended by policyd.",
	    counters->sessions_ended);
	by_reason(stream, "sessions_refused",
	    "Mail sessions not let in, by reason.", counters->sessions_refused);
	counter(stream, "mail_checks", "Mail checks of IMAP sessions.",
	    counters->mail_checks);
	counter(stream, "blocks", "Blocks completed that were pending.",
	    counters->blocks);
}

static void
write_milter(FILE *stream, const struct pt_counters *counters)
{
	counter(stream, "milter_requests", "Messages of a login judged.",
	    counters->requests);
	counter(stream, "milter_unauthenticated", "Messages without a login.",
	    counters->unauthenticated);
	counter(stream, "milter_connections", "Connections accepted.",
	    counters->connections);
	counter(stream, "milter_batches", "Transactions of the state.",
	    counters->batches);
	counter(stream, "milter_refunded",
	    "Charges taken back because the message was refused.",
	    counters->refunded);
	counter(stream, "milter_rewritten", "Messages with From rewritten.",
	    counters->rewritten);
	counter(stream, "milter_bounces_counted",
	    "Recipients that bounced mail which the account sent.",
	    counters->bounces_counted);
	counter(stream, "milter_bounces_ignored",
	    "Recipients in bounces that prove nothing.",
	    counters->bounces_ignored);
	counter(stream, "milter_blocks", "Accounts blocked for their bounces.",
	    counters->blocks);
}

static void
write_keeper(FILE *stream, const struct pt_counters *counters)
{
	counter(stream, "keeper_blocks",
	    "Blocks completed that were pending, and accounts not used.",
	    counters->blocks);
	counter(stream, "keeper_notices_sent", "Notices sent to owners.",
	    counters->notices_sent);
	counter(stream, "keeper_notices_failed",
	    "Tries to send a notice that failed.", counters->notices_failed);
	counter(stream, "keeper_notices_given_up",
	    "Notices that could not be sent.", counters->notices_given_up);
	counter(stream, "keeper_swept", "Accounts that housekeeping looked at.",
	    counters->swept);
}

static void
write_usage(FILE *stream, const struct pt_store_usage *usage)
{
	gauge(stream, "accounts", "Accounts with a record.", usage->accounts);
	gauge(stream, "activities", "Logins with an activity record.",
	    usage->activities);
	gauge(stream, "usages", "Logins whose mail programs read mail.",
	    usage->usages);
	gauge(stream, "evidences", "Logins whose mail bounces can be tied to.",
	    usage->evidences);
	gauge(stream, "signals",
	    "Logins whose client addresses or recipients are watched.",
	    usage->signals);
	gauge(stream, "history_entries", "Entries of the history.",
	    usage->history);
	gauge(stream, "outbox",
	    "Notices not sent yet, those given up included.", usage->outbox);
	by_environment(stream, "state_used_bytes", "Pages of the state in use.",
	    usage->accounts_bytes, usage->activity_bytes);
	by_environment(stream, "state_map_bytes",
	    "Room of the state before it grows.", usage->accounts_map,
	    usage->activity_map);
}

static void
write_up(FILE *stream, const struct pc_stats *stats)
{
	const struct {
		const char *name;
		const struct pc_stats_life *life;
	} daemons[] = {
	    {"policyd", &stats->policyd_life},
	    {"keeper", &stats->keeper_life},
	};
	size_t i;

	head(stream, "up", "gauge",
	    "Did the daemon give a sign of life in the last seconds?");
	for (i = 0; i < PT_ARRAY_LEN(daemons); i++) {
		if (daemons[i].life->is_known)
			fprintf(stream, "postern_up{program=\"%s\"} %d\n",
			    daemons[i].name, daemons[i].life->is_up ? 1 : 0);
	}
}

static void
write_state(FILE *stream, const struct pc_stats *stats)
{
	write_up(stream, stats);
	write_usage(stream, &stats->usage);
	gauge(stream, "outbox_given_up", "Notices that are tried no more.",
	    stats->outbox_given_up);
	head(stream, "outbox_age_seconds", "gauge",
	    "Since what the oldest notice that waits tells of; 0: none waits.");
	fprintf(stream,
	    "# UNIT postern_outbox_age_seconds seconds\n"
	    "postern_outbox_age_seconds %" PRIu64 "\n",
	    stats->outbox_age);
	gauge(stream, "clock_doubted",
	    "Does housekeeping wait because the clock may be wrong?",
	    stats->clock_doubted ? 1 : 0);
}

int
pc_openmetrics_write(
    FILE *stream, const struct pc_stats *stats, struct pt_err *err)
{
	struct judges judges = {
	    .count = 1,
	    .at = {{"policyd", &stats->policyd}, {"milter", &stats->milter}},
	};

	if (pt_counters_any(&stats->milter))
		judges.count = 2;
	write_messages(stream, &judges);
	write_policyd(stream, &stats->policyd);
	if (judges.count > 1)
		write_milter(stream, &stats->milter);
	if (pt_counters_any(&stats->keeper))
		write_keeper(stream, &stats->keeper);
	write_state(stream, stats);
	fputs("# EOF\n", stream);
	if (fflush(stream) != 0 || ferror(stream) != 0)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot write the result: output is closed or full");
	return 0;
}
