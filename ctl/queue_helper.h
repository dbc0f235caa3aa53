/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Only root may look into messages of Postfix's queue and hold them, and no
 * process of root's reads the state or what strangers wrote.  So there are
 * two: this helper, which stays root, runs three programs of Postfix with
 * arguments that it checks, and does nothing else; and its parent, which
 * becomes the owner of the state.
 */
#ifndef PC_QUEUE_HELPER_H
#define PC_QUEUE_HELPER_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "core/base/err.h"
#include "ctl/queue_entry.h"

/* So many messages at a time. */
#define PC_QUEUE_IDS_MAX 256

enum pc_queue_deed {
	PC_QUEUE_LIST,    /* postqueue -j */
	PC_QUEUE_SHOW,    /* postcat -e of these messages */
	PC_QUEUE_HOLD,    /* postsuper -h */
	PC_QUEUE_RELEASE, /* postsuper -H */
	PC_QUEUE_DEEDS,
};

struct pc_queue_helper {
	pid_t pid;
	int fd;       /* to ask it */
	FILE *answer; /* what the program wrote */
};

/*
 * To be called while the process is still root.  config_dir NULL: Postfix's
 * own, or what MAIL_CONFIG says.
 */
int
pc_queue_helper_start(
    struct pc_queue_helper *helper, const char *config_dir, struct pt_err *err);

/* Ends it; also one that was not started. */
void
pc_queue_helper_stop(struct pc_queue_helper *helper);

/* helper->answer is at its beginning then, and has nothing else in it. */
int
pc_queue_helper_ask(struct pc_queue_helper *helper, enum pc_queue_deed deed,
    const char *const *ids, size_t n, struct pt_err *err);

#endif
