/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/hash.h"

#define ODD_CONSTANT 0x9e3779b97f4a7c15U /* 2^64 by the golden ratio */

/* Little-endian on every machine; compilers make one load of it. */
static uint64_t
load(const unsigned char *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
	       (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
	       (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
	       (uint64_t)at[7] << 56;
}

static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * ODD_CONSTANT;
	return hash ^ hash >> 29;
}

uint64_t
pt_hash(const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;
	uint64_t hash = mix(ODD_CONSTANT, len);
	uint64_t word = 0;

	for (; len >= 8; len -= 8, at += 8)
		hash = mix(hash, load(at));
	for (; len > 0; len--)
		word = word << 8 | *at++;
	hash = mix(hash, word);
	hash = mix(hash, hash >> 32);
	return hash ^ hash >> 32;
}
