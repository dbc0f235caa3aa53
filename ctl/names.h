/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The words for what stands in the records of an account. */
#ifndef PC_NAMES_H
#define PC_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/config/config.h"
#include "core/state/account.h"

/* Room for "imap,pop3,smtp", and for an IPv6 address. */
#define PC_PROTOCOLS_TEXT_MAX 32
#define PC_ADDRESS_TEXT_MAX   64
/* Room for all networks of an app password. */
#define PC_NETWORKS_TEXT_MAX 256

/* The plan that holds: its own, or the default one. */
const char *
pc_name_plan(const struct pt_config *config, const struct pt_account *account,
    int64_t now);

/* Is another plan on its way? */
bool
pc_name_has_next_plan(const struct pt_account *account, int64_t now);

const char *
pc_name_status(enum pt_status status);

/* NULL if there is no block. */
const char *
pc_name_block(enum pt_block_reason reason);

/* The block of that name; false if there is none. */
bool
pc_name_block_parse(const char *name, enum pt_block_reason *out);

/* Why an app password ended; NULL if it lives. */
const char *
pc_name_ending(enum pt_ending ending);

/* An address as usage keeps it; NULL if it is unknown, else buf. */
const char *
pc_name_address(const unsigned char address[16], char *buf, size_t cap);

/* "192.0.2.0/24,::1"; NULL if the app password works from anywhere. */
const char *
pc_name_networks(const struct pt_password *password, char *buf, size_t cap);

#endif
