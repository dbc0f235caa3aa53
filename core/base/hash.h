/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A fast hash of a few bytes, to know a message or a recipient again within
 * one program's memory or one record.  It is not keyed: use it only for what
 * a stranger gains nothing by making collide.  It is stored (short hashes of
 * queue ids), so it must not change without a new record version; it is the
 * same on every machine.
 */
#ifndef PT_BASE_HASH_H
#define PT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t
pt_hash(const char *text, size_t len);

#endif
