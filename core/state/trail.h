/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a change of an account leaves behind, written by the store in the
 * transaction of the change itself: an entry in the history, and a notice for
 * the owner in the outbox.  So neither is ever without the other, nor without
 * the change.
 */
#ifndef PT_STATE_TRAIL_H
#define PT_STATE_TRAIL_H

#include "core/state/history.h"
#include "core/state/notice.h"

struct pt_trail {
	struct pt_history_note note; /* what "": no entry */
	struct pt_notice notice;     /* kind PT_NOTICE_NONE: none */
};

#endif
