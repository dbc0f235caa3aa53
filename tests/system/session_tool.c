/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What Dovecot's auth process does and a test cannot do from outside:
 *
 *	session_tool STATE token LOGIN PROTOCOL PASSWORD [COUNT]
 *		COUNT tokens for sessions of that login, a line each
 *	session_tool STATE pending LOGIN REASON
 *		marks a block as pending, REASON a number
 *	session_tool STATE admit LOGIN PROTOCOL CONFIG
 *		why a login with the app password in the first line of standard
 *		input would be refused, or "none"; nothing is recorded
 *	session_tool STATE usage LOGIN
 *		"life count checked_at uidvalidity uidnext down up"
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/rules/authenticate.h"
#include "core/rules/reason.h"
#include "core/rules/token.h"
#include "core/state/store.h"

static int
give_up(const char *text)
{
	(void)fprintf(stderr, "session_tool: %s\n", text);
	return EXIT_FAILURE;
}

static uint64_t
number(const char *text)
{
	uint64_t value;

	return text != NULL && pt_text_to_u64(text, UINT32_MAX, &value) ? value
									: 0;
}

static enum pt_protocol
protocol_of(const char *name)
{
	if (strcmp(name, "pop3") == 0)
		return PT_PROTOCOL_POP3;
	return strcmp(name, "smtp") == 0 ? PT_PROTOCOL_SMTP : PT_PROTOCOL_IMAP;
}

static int
print_tokens(struct pt_store *store, const struct pt_login *login, char **words)
{
	struct pt_token token = {
	    .protocol = protocol_of(words[0]),
	    .password = (uint32_t)number(words[1]),
	};
	uint64_t count = words[2] == NULL ? 1 : number(words[2]);
	char text[PT_TOKEN_TEXT_MAX];

	for (; count > 0; count--) {
		token.issued_at = pt_clock_now();
		pt_token_make(pt_store_token_key(store), login, &token, text);
		(void)puts(text);
	}
	return EXIT_SUCCESS;
}

static void
mark(struct pt_records *records, void *arg)
{
	records->activity->block = (struct pt_pending_block){
	    .reason = *(const unsigned char *)arg,
	    .at = pt_clock_now(),
	};
	records->activity_changed = true;
}

static int
mark_pending(struct pt_store *store, const struct pt_login *login, char **words)
{
	unsigned char reason = (unsigned char)number(words[0]);
	struct pt_err err;

	if (pt_store_update_one(
		store, PT_UPDATE_ACTIVITY, login, mark, &reason, &err) != 0)
		return give_up(err.text);
	return EXIT_SUCCESS;
}

static int
print_admission(
    struct pt_store *store, const struct pt_login *login, char **words)
{
	static struct pt_account account;
	static struct pt_activity activity;
	static struct pt_usage usage;
	static struct pt_admission admission;
	struct pt_attempt attempt = {.protocol = protocol_of(words[0])};
	struct pt_config *config;
	struct pt_err err;
	char secret[128];

	if (fgets(secret, sizeof(secret), stdin) == NULL)
		return give_up("no app password on standard input");
	attempt.secret = secret;
	attempt.secret_len = strcspn(secret, "\n");
	attempt.encrypted = true;
	if (pt_config_load(words[1], &config, &err) != 0)
		return give_up(err.text);
	if (pt_store_read(store, login, &account, &activity, &usage, &err) !=
	    0) {
		pt_config_free(config);
		return give_up(err.text);
	}
	pt_authenticate_judge(config, &account, &activity, &usage, &attempt,
	    pt_clock_now(), &admission);
	(void)puts(pt_reason_get(admission.verdict.reason)->name);
	pt_config_free(config);
	return EXIT_SUCCESS;
}

static int
print_usage(struct pt_store *store, const struct pt_login *login)
{
	static struct pt_account account;
	static struct pt_activity activity;
	static struct pt_usage usage;
	struct pt_err err;

	if (pt_store_read(store, login, &account, &activity, &usage, &err) != 0)
		return give_up(err.text);
	(void)printf("%" PRIu32 " %" PRIu32 " %" PRId64 " %" PRIu32 " %" PRIu32
		     " %" PRIu64 " %" PRIu64 "\n",
	    usage.sessions.life, usage.sessions.count, usage.view.checked_at,
	    usage.view.uidvalidity, usage.view.uidnext,
	    usage.traffic_total[PT_TRAFFIC_DOWN],
	    usage.traffic_total[PT_TRAFFIC_UP]);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct pt_store *store;
	struct pt_login login;
	struct pt_err err;
	int rc = EXIT_FAILURE;

	if (argc < 4)
		return give_up("usage: session_tool STATE COMMAND LOGIN ...");
	if (pt_login_parse(argv[3], strlen(argv[3]), NULL, &login, &err) != 0 ||
	    pt_store_open(argv[1], PT_STORE_WRITE, &store, &err) != 0)
		return give_up(err.text);
	if (strcmp(argv[2], "token") == 0 && argc >= 6)
		rc = print_tokens(store, &login, argv + 4);
	else if (strcmp(argv[2], "pending") == 0 && argc == 5)
		rc = mark_pending(store, &login, argv + 4);
	else if (strcmp(argv[2], "admit") == 0 && argc == 6)
		rc = print_admission(store, &login, argv + 4);
	else if (strcmp(argv[2], "usage") == 0)
		rc = print_usage(store, &login);
	pt_store_close(store);
	return rc;
}
