/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/openmetrics.h"

#include <inttypes.h>

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
write_sessions(FILE *stream, const struct pt_counters *counters)
{
	counter(stream, "sessions_opened", "Mail sessions opened.",
	    counters->sessions_opened);
	counter(stream, "sessions_ended", "Mail sessions ended by policyd.",
	    counters->sessions_ended);
	by_reason(stream, "sessions_refused",
	    "Mail sessions not let in, by reason.", counters->sessions_refused);
	counter(stream, "mail_checks", "Mail checks of IMAP sessions.",
	    counters->mail_checks);
	counter(stream, "blocks", "Blocks completed that a login caused.",
	    counters->blocks);
}

int
pc_openmetrics_write(FILE *stream, const struct pt_counters *counters,
    const struct pt_store_usage *usage, struct pt_err *err)
{
	counter(stream, "policy_requests", "Policy requests answered.",
	    counters->requests);
	counter(stream, "messages_permitted", "Messages permitted and charged.",
	    counters->permitted);
	counter(stream, "messages_repeated",
	    "Requests for a message that was charged before.",
	    counters->repeated);
	by_reason(stream, "messages_refused", "Messages refused, by reason.",
	    counters->refused);
	by_reason(stream, "messages_observed",
	    "Messages that enforce mode would have refused, by reason.",
	    counters->observed);
	counter(stream, "policy_unauthenticated", "Requests without a login.",
	    counters->unauthenticated);
	counter(stream, "policy_malformed",
	    "Connections closed for a malformed request.", counters->malformed);
	counter(stream, "policy_connections", "Connections accepted.",
	    counters->connections);
	counter(stream, "policy_batches", "Transactions of the state.",
	    counters->batches);
	write_sessions(stream, counters);
	gauge(stream, "accounts", "Accounts with a record.", usage->accounts);
	gauge(stream, "activities", "Logins with an activity record.",
	    usage->activities);
	gauge(stream, "usages", "Logins whose mail programs read mail.",
	    usage->usages);
	gauge(stream, "history_entries", "Entries of the history.",
	    usage->history);
	by_environment(stream, "state_used_bytes", "Pages of the state in use.",
	    usage->accounts_bytes, usage->activity_bytes);
	by_environment(stream, "state_map_bytes",
	    "Room of the state before it grows.", usage->accounts_map,
	    usage->activity_map);
	fputs("# EOF\n", stream);
	if (fflush(stream) != 0 || ferror(stream) != 0)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot write the result: output is closed or full");
	return 0;
}
