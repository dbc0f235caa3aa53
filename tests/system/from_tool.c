/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The From gate as a filter, so that its readings can be compared with those
 * of other programs:
 *
 *	from_tool CONF LOGIN [ENTRY...]
 *
 * ENTRY is what "posternctl sender add" would take.  On standard input come
 * headers: a line with the number of fields, then for each a line "NAMELEN
 * VALUELEN", the name and the value.  Each is answered by a line: "permit" and
 * the addresses of From, or the reason and in words what is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/config.h"
#include "core/rules/from.h"
#include "core/rules/reason.h"
#include "core/state/words.h"

#define FIELD_MAX ((size_t)1024 * 1024)

static int
give_up(const char *text)
{
	(void)fprintf(stderr, "from_tool: %s\n", text);
	return EXIT_FAILURE;
}

/* true, or false if no more came or it cannot be understood */
static bool
read_field(struct pt_from *from, char *buf)
{
	char line[64];
	char *end;
	size_t name_len;
	size_t value_len;

	if (fgets(line, sizeof(line), stdin) == NULL)
		return false;
	name_len = strtoul(line, &end, 10);
	value_len = strtoul(end, NULL, 10);
	if (name_len > FIELD_MAX || value_len > FIELD_MAX)
		return false;
	if (fread(buf, 1, name_len, stdin) != name_len ||
	    fread(buf + name_len, 1, value_len, stdin) != value_len)
		return false;
	pt_from_add(from, buf, name_len, buf + name_len, value_len);
	return true;
}

static void
print_verdict(const struct pt_from *from, const struct pt_from_verdict *verdict)
{
	unsigned i;

	if (verdict->verdict.code != PT_VERDICT_PERMIT) {
		(void)printf("%s %s\n",
		    pt_reason_get(verdict->verdict.reason)->name,
		    verdict->detail == NULL ? "" : verdict->detail);
		return;
	}
	(void)fputs("permit", stdout);
	for (i = 0; i < from->count; i++) {
		if (from->addresses[i].field == PT_FROM_FIELD_FROM &&
		    !from->addresses[i].in_name)
			(void)printf(" %s", from->addresses[i].login.text);
	}
	(void)putchar('\n');
}

static int
filter(const struct pt_config *config, const struct pt_account *account)
{
	char *buf = malloc(2 * FIELD_MAX);
	char line[64];
	bool ok = buf != NULL;

	while (ok && fgets(line, sizeof(line), stdin) != NULL) {
		unsigned long fields = strtoul(line, NULL, 10);
		struct pt_from from;
		struct pt_from_verdict verdict;

		pt_from_init(&from);
		for (; ok && fields > 0; fields--)
			ok = read_field(&from, buf);
		if (!ok)
			break;
		verdict = pt_from_judge(&from, config, account, NULL);
		print_verdict(&from, &verdict);
		(void)fflush(stdout);
	}
	free(buf);
	return ok ? EXIT_SUCCESS : give_up("cannot read the header");
}

int
main(int argc, char **argv)
{
	static struct pt_account account;
	struct pt_config *config;
	struct pt_login login;
	struct pt_err err;
	int status;
	int i;

	if (argc < 3)
		return give_up("usage: from_tool CONF LOGIN [ENTRY...]");
	if (pt_config_load(argv[1], &config, &err) != 0 ||
	    pt_login_parse(argv[2], strlen(argv[2]), NULL, &login, &err) != 0)
		return give_up(err.text);
	pt_account_init(&account, &login);
	for (i = 3; i < argc; i++) {
		if (!pt_words_add(&account.senders, argv[i])) {
			pt_config_free(config);
			return give_up("too many entries");
		}
	}
	status = filter(config, &account);
	pt_config_free(config);
	return status;
}
