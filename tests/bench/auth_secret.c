/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/auth_secret.h"

#include <inttypes.h>
#include <stdio.h>

size_t
auth_login(uint32_t account, char out[AUTH_LOGIN_MAX])
{
	return (size_t)snprintf(
	    out, AUTH_LOGIN_MAX, "user%07" PRIu32 "@example.com", account);
}

/* Steps of splitmix64, a letter each. */
void
auth_secret(uint32_t account, char out[PT_SECRET_TEXT_MAX])
{
	uint64_t state = account;

	for (int i = 0; i < PT_SECRET_LETTERS; i++) {
		uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		out[i] = (char)('a' + (z ^ z >> 31) % 26);
	}
	out[PT_SECRET_LETTERS] = '\0';
}
