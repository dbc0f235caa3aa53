/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The app passwords of an account record as bytes; password_codec.c
 * describes the format.
 */
#ifndef PT_STATE_PASSWORD_CODEC_H
#define PT_STATE_PASSWORD_CODEC_H

#include <stdbool.h>

#include "core/state/account.h"
#include "core/state/bytes.h"

#define PT_PROTOCOLS_KNOWN \
	((unsigned)(PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP))

#define PT_PASSWORD_BYTES_MAX                                                  \
	(4 + 1 + 8 + 8 + 1 + 8 + 1 + 1 + PT_PASSWORD_NETWORKS_MAX * (16 + 1) + \
	    PT_PASSWORD_HASH_BYTES + 1 + PT_PASSWORD_LABEL_MAX)
#define PT_PASSWORDS_BYTES_MAX \
	((PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX) * PT_PASSWORD_BYTES_MAX)

/*
 * Can they be stored?  Numbers ascend and were given, the counts are within
 * their limits, and each has protocols, networks without host bits, and either
 * lives or ended with a reason.  Labels are judged when they are put.
 */
bool
pt_password_codec_is_sound(const struct pt_account *account);

/* The writer is bad afterwards if they are not sound. */
void
pt_password_codec_put(
    struct pt_bytes_writer *out, const struct pt_account *account);

/*
 * Takes all that is left of the reader, which is bad if that is not sound.
 * out->last_password_id must be known.  newer_out becomes true for what a
 * later Postern wrote.
 */
void
pt_password_codec_take(
    struct pt_bytes_reader *in, struct pt_account *out, bool *newer_out);

#endif
