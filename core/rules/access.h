/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * May this login send at all now?  Sending lock, status, block, plan and
 * encryption.  A trusted network is exempt from all but the sending lock and
 * the status of the mailbox.
 */
#ifndef PT_RULES_ACCESS_H
#define PT_RULES_ACCESS_H

#include <stdbool.h>

#include "core/config/config.h"
#include "core/rules/verdict.h"
#include "core/state/account.h"

struct pt_access_facts {
	bool encrypted;
	bool trusted; /* the client is in a trusted network */
};

struct pt_verdict
pt_access_send(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_account *account, const struct pt_access_facts *facts);

#endif
