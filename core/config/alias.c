/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/config/alias.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/login.h"

/* A-labels and a NUL. */
#define DOMAIN_MAX 254
#define BLANKS     " "

void
pt_alias_clear(struct pt_alias_domain *alias)
{
	for (size_t i = 0; i < alias->aliases.count; i++)
		free(alias->aliases.at[i]);
	free(alias->aliases.at);
	free(alias->domain);
	memset(alias, 0, sizeof(*alias));
}

/* NULL with *err filled. */
static char *
domain_copy(const char *at, size_t len, struct pt_err *err)
{
	char domain[DOMAIN_MAX];
	char *copy;

	if (pt_login_domain(at, len, domain, sizeof(domain), err) != 0)
		return NULL;
	copy = strdup(domain);
	if (copy == NULL)
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the domain: out of memory");
	return copy;
}

static int
add(struct pt_strings *list, const char *at, size_t len, struct pt_err *err)
{
	char **grown = realloc(list->at, (list->count + 1) * sizeof(*grown));

	if (grown == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot keep the domain: out of memory");
	list->at = grown;
	list->at[list->count] = domain_copy(at, len, err);
	if (list->at[list->count] == NULL)
		return -1;
	list->count++;
	return 0;
}

static int
parse(const char *s, struct pt_alias_domain *alias, struct pt_err *err)
{
	const char *at = s + strspn(s, BLANKS);
	size_t len = strcspn(at, BLANKS "=");

	alias->domain = domain_copy(at, len, err);
	if (alias->domain == NULL)
		return -1;
	at += len;
	at += strspn(at, BLANKS);
	if (*at != '=')
		return pt_err_set(
		    err, PT_ERR_INPUT, "there is no \"=\" after the domain");
	at++;
	for (at += strspn(at, BLANKS); *at != '\0'; at += strspn(at, BLANKS)) {
		len = strcspn(at, BLANKS);
		if (add(&alias->aliases, at, len, err) != 0)
			return -1;
		at += len;
	}
	if (alias->aliases.count == 0)
		return pt_err_set(
		    err, PT_ERR_INPUT, "there is no domain after \"=\"");
	return 0;
}

int
pt_alias_parse(const char *s, struct pt_alias_domain *out, struct pt_err *err)
{
	struct pt_alias_domain alias = {0};

	if (parse(s, &alias, err) == 0) {
		*out = alias;
		return 0;
	}
	pt_alias_clear(&alias);
	if (err->kind != PT_ERR_UNAVAILABLE)
		return pt_err_prefix(err, "write \"DOMAIN = ALIAS ...\"; here");
	return -1;
}
