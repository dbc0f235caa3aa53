/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/entry.h"

#include <string.h>

int
pt_map_key_fold(
    const char *key, size_t len, char *out, size_t *len_out, struct pt_err *err)
{
	struct pt_login address;

	if (len > 0 && key[0] == '@') {
		if (pt_login_domain(
			key + 1, len - 1, out + 1, PT_MAP_KEY_MAX, err) != 0)
			return -1;
		out[0] = '@';
		*len_out = strlen(out);
		return 1;
	}
	if (memchr(key, '@', len) == NULL)
		return 0;
	if (pt_login_parse(key, len, NULL, &address, err) != 0)
		return -1;
	memcpy(out, address.text, (size_t)address.len + 1);
	*len_out = address.len;
	return 1;
}

static bool
is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
pt_map_owner_next(
    const char **at, size_t *len, const char **owner_out, size_t *owner_len)
{
	size_t n = 0;

	while (*len > 0 && is_separator(**at)) {
		(*at)++;
		(*len)--;
	}
	while (n < *len && !is_separator((*at)[n]))
		n++;
	*owner_out = *at;
	*owner_len = n;
	*at += n;
	*len -= n;
	return n > 0;
}
