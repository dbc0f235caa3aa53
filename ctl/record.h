/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Records as JSON objects, for dump and load.  Each object has a member
 * "postern" that tells its kind, all members that its kind has, and no other;
 * "external", "timezone", "life", "pending_block", "pending_notice", "limits",
 * "observed", "refused_logins", "sketch" and "sketch_before" stand only where
 * there is something to tell.  Times are seconds since 1970.  A dump is a
 * backup: it holds salt and hash of each app password (hexadecimal), though no
 * secret, so it is to be kept as the state itself.
 *
 *	{"postern": "dump", "version": 5, "at": ..., "by": "0.1.0"}
 *	{"postern": "account", "login": ..., "plan": ..., ...}
 *	{"postern": "activity", "login": ..., "messages": [...], ...}
 *	{"postern": "usage", "login": ..., "logins": {...}, ...}
 *	{"postern": "signals", "login": ..., "key": ..., "clients": [...], ...}
 *	{"postern": "history", "login": ..., "at": ..., "who": ..., ...}
 *
 * A window is a list of [at, since, amount], "charged" one of [at, hash,
 * recipients, bytes, granted], "clients" one of [at, hash].  The hashes of
 * signals, and the bits of their sketches (base64), are keyed with a secret of
 * the state: "key" tells of which one, and another state takes no notice of
 * them.  Neither evidence, which is keyed likewise, nor the outbox is dumped:
 * what an owner is to be told is told by the state that it happened in.
 *
 * What is read is accepted only if the state would store exactly that: the
 * record is encoded, decoded and compared.
 */
#ifndef PC_RECORD_H
#define PC_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/state/account.h"
#include "core/state/activity.h"
#include "core/state/figures.h"
#include "core/state/history.h"
#include "core/state/signals.h"
#include "core/state/usage.h"

/*
 * 2 added usage and external access, 3 what each recent charge added, 4 the
 * life of an account and signals, 5 what was observed; what older ones wrote
 * can be read.
 */
#define PC_RECORD_VERSION 5

enum pc_record_kind {
	PC_RECORD_DUMP,
	PC_RECORD_ACCOUNT,
	PC_RECORD_ACTIVITY,
	PC_RECORD_USAGE,
	PC_RECORD_SIGNALS,
	PC_RECORD_HISTORY,
};

/* New objects; NULL when memory is short. */
json_t *
pc_record_header(int64_t now);

json_t *
pc_record_from_account(const struct pt_account *account);

json_t *
pc_record_from_activity(const struct pt_activity *activity);

json_t *
pc_record_from_usage(const struct pt_usage *usage);

/* Tells keys apart, and nothing of the key. */
#define PC_RECORD_KEY_BYTES 16 /* pt_store_token_key() */

uint32_t
pc_record_key_name(const unsigned char key[PC_RECORD_KEY_BYTES]);

json_t *
pc_record_from_signals(const struct pt_signals *signals, uint32_t key_name);

json_t *
pc_record_from_history(const struct pt_history *entry);

/* PT_ERR_INPUT if it is none that this version knows. */
int
pc_record_kind(
    const json_t *object, enum pc_record_kind *out, struct pt_err *err);

/* PT_ERR_NEWER for a version of dump that this one cannot read. */
int
pc_record_check_header(const json_t *object, struct pt_err *err);

int
pc_record_to_account(
    const json_t *object, struct pt_account *out, struct pt_err *err);

int
pc_record_to_activity(
    const json_t *object, struct pt_activity *out, struct pt_err *err);

int
pc_record_to_usage(
    const json_t *object, struct pt_usage *out, struct pt_err *err);

int
pc_record_to_signals(const json_t *object, struct pt_signals *out,
    uint32_t *key_name_out, struct pt_err *err);

int
pc_record_to_history(
    const json_t *object, struct pt_history *out, struct pt_err *err);

/* JSON numbers end at 2^63 - 1; nothing that is counted comes near. */
json_int_t
pc_record_clamp(uint64_t number);

/*
 * For the above: unpacks members by a format of json_unpack(3), all of them,
 * and says which one is wrong.
 */
int
pc_record_unpack(
    const json_t *object, struct pt_err *err, const char *format, ...);

int
pc_record_login(const char *text, struct pt_login *out, struct pt_err *err);

/* Copies text that must fit. */
int
pc_record_text(char *dst, size_t cap, const char *text, const char *name,
    struct pt_err *err);

/* A number that must lie between 0 and max. */
int
pc_record_number(
    json_int_t number, json_int_t max, const char *name, struct pt_err *err);

/* The part of an account that tells of external access, if it tells. */
bool
pc_record_has_external(const struct pt_account *account);

json_t *
pc_record_from_external(const struct pt_account *account);

int
pc_record_to_external(
    const json_t *object, struct pt_account *out, struct pt_err *err);

/* What has come over an account, if anything has. */
bool
pc_record_has_life(const struct pt_account *account);

json_t *
pc_record_from_life(const struct pt_account *account);

int
pc_record_to_life(
    const json_t *object, struct pt_account *out, struct pt_err *err);

/* Members of activity that most do not have; NULL where there is none. */
struct pc_record_pending {
	json_t *block;
	json_t *notice;
	json_t *limits;
	json_t *observed;
};

/* false: memory is short. */
bool
pc_record_add_pending(json_t *object, const struct pt_activity *activity);

int
pc_record_to_pending(const struct pc_record_pending *members,
    struct pt_activity *out, struct pt_err *err);

/* What was only observed, the last of these members. */
json_t *
pc_record_from_observed(const struct pt_observed *observed);

int
pc_record_to_observed(
    const json_t *object, struct pt_observed *out, struct pt_err *err);

json_t *
pc_record_from_figures(const struct pt_figures *figures);

int
pc_record_to_figures(
    const json_t *object, struct pt_figures *out, struct pt_err *err);

/* The kind of a notice; "" is none. */
const char *
pc_record_from_kind(unsigned char kind);

int
pc_record_to_kind(const char *name, unsigned char *out, struct pt_err *err);

/* Logs and short hashes; "name" is the member's, for messages. */
json_t *
pc_record_from_log(const struct pt_window_log *log);

int
pc_record_to_log(const json_t *list, struct pt_window_log *out,
    const char *name, struct pt_err *err);

json_t *
pc_record_from_hashes(const uint32_t *hashes, unsigned count);

int
pc_record_to_hashes(const json_t *list, uint32_t *out, unsigned max,
    unsigned *count_out, const char *name, struct pt_err *err);

/* A list of at most so many. */
int
pc_record_check_list(
    const json_t *list, size_t max, const char *name, struct pt_err *err);

/* Compares with what the state would give back; takes "stored". */
int
pc_record_compare(const json_t *object, json_t *stored, struct pt_err *err);

#endif
