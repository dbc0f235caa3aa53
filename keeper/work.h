/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the keeper does several times a second: it completes what is pending
 * (core/service/pending.h) and sends notices (core/service/outbox.h).  All of
 * it is counted and logged; what fails is tried again the next time.
 */
#ifndef PK_WORK_H
#define PK_WORK_H

#include <stdint.h>

#include "keeper/context.h"

void
pk_work_complete(struct pk_context *context, int64_t now);

void
pk_work_send(struct pk_context *context, int64_t now);

#endif
