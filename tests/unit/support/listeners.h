/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Both halves of a change of listeners at once. */
#ifndef PT_TESTS_LISTENERS_H
#define PT_TESTS_LISTENERS_H

#include "policyd/listener.h"

/* Listens on exactly these addresses.  On error nothing is changed. */
static inline int
listeners_set(struct pd_listeners *set, const struct pt_strings *wanted,
    const struct pt_owner *owner, struct pt_err *err)
{
	struct pd_listeners fresh;

	if (pd_listeners_prepare(set, wanted, owner, &fresh, err) != 0)
		return -1;
	pd_listeners_adopt(set, wanted, &fresh);
	return 0;
}

#endif
