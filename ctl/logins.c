/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/logins.h"

#include <stdlib.h>
#include <string.h>

bool
pc_logins_add(struct pc_logins *logins, const struct pt_login *login)
{
	size_t room = logins->room == 0 ? 64 : logins->room * 2;
	char **at;

	if (logins->count == logins->room) {
		at = realloc(logins->at, room * sizeof(*at));
		if (at == NULL)
			return false;
		logins->at = at;
		logins->room = room;
	}
	logins->at[logins->count] = strdup(login->text);
	if (logins->at[logins->count] == NULL)
		return false;
	logins->count++;
	return true;
}

static int
compare(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

void
pc_logins_sort(struct pc_logins *logins)
{
	if (logins->count > 1)
		qsort(
		    logins->at, logins->count, sizeof(logins->at[0]), compare);
}

void
pc_logins_clear(struct pc_logins *logins)
{
	size_t i;

	for (i = 0; i < logins->count; i++)
		free(logins->at[i]);
	free(logins->at);
	*logins = (struct pc_logins){0};
}
