/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Postfix's lists of restrictions, such as smtpd_recipient_restrictions, as
 * far as one must understand them to see who is asked, and after what.  Pure
 * functions over text.
 *
 * A list is words separated by blanks and commas; braces make one word of
 * what is between them.  check_policy_service is followed by "unix:PATH",
 * "inet:HOST:PORT", or "{ ENDPOINT, NAME=VALUE, { NAME = VALUE } ... }".
 */
#ifndef PC_RESTRICT_H
#define PC_RESTRICT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/text.h"
#include "ctl/settings.h"

#define PC_RESTRICT_WORD_MAX 1024
#define PC_RESTRICT_LIST_MAX 8192

/* How check_policy_service was written. */
struct pc_policy {
	char text[PC_RESTRICT_WORD_MAX]; /* all of its argument */
	char endpoint[256];
	char timeout[32];         /* "": not given */
	char default_action[256]; /* "": not given */
};

/* What stands before a policy service in its list. */
struct pc_before {
	bool sasl;       /* permit_sasl_authenticated */
	bool mynetworks; /* permit_mynetworks */
	bool everybody;  /* permit, reject, defer: nobody comes further */
};

/* The next word into buf; false at the end.  A long word is cut. */
bool
pc_restrict_next(const char **list, char *buf, size_t cap);

/*
 * Of "ENDPOINT" or "{ ENDPOINT, NAME=VALUE ... }", as check_policy_service and
 * the lists of milters have them: the endpoint, or the value of a name; ""
 * where there is none.
 */
void
pc_restrict_endpoint(const char *word, char *buf, size_t cap);

void
pc_restrict_attribute(
    const char *word, const char *name, char *buf, size_t cap);

void
pc_restrict_parse_policy(const char *word, struct pc_policy *out);

/* Called for each policy service of a list; false stops. */
typedef bool
pc_restrict_fn(
    const struct pc_policy *policy, const struct pc_before *before, void *arg);

void
pc_restrict_each_policy(const char *list, pc_restrict_fn *fn, void *arg);

/* Is this word (with an argument or without) in the list? */
bool
pc_restrict_has(const char *list, const char *word);

/*
 * The list with the names of restriction classes replaced by what they stand
 * for, classes within classes up to three deep.
 */
void
pc_restrict_expand(
    const char *list, const struct pc_settings *main, struct pt_text *out);

/*
 * The list with "check_policy_service POLICY" in front, and without the same
 * policy service elsewhere.  Without the one of endpoint "gone", too, which
 * may be NULL.
 */
void
pc_restrict_put_first(const char *list, const char *policy, const char *gone,
    struct pt_text *out);

#endif
