/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Notices: what an owner is told by mail.  A notice is put into the outbox in
 * the transaction of the change that it tells of, and leaves it when the
 * configured command has taken the mail, or when it is given up.
 *
 * It holds figures, no words: language, time zone and text are those at the
 * time when it is sent.
 */
#ifndef PT_STATE_NOTICE_H
#define PT_STATE_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/state/account.h"
#include "core/state/figures.h"

/* Stable numbers: they are stored. */
enum pt_notice_kind {
	PT_NOTICE_NONE = 0,
	PT_NOTICE_BLOCKED = 1,          /* block says why */
	PT_NOTICE_PASSWORDS_ENDED = 2,  /* the main password was changed */
	PT_NOTICE_ENABLED = 3,          /* external access was switched on */
	PT_NOTICE_PASSWORD_CREATED = 4, /* a further app password */
	PT_NOTICE_UNUSED_SOON = 5,      /* access ends at "until" */
	PT_NOTICE_LIMIT_SOON = 6,       /* most of a long window is used up */
	PT_NOTICE_PENALTY = 7,          /* a tighter limit until "until" */
	PT_NOTICE_KINDS,
};

struct pt_notice {
	enum pt_notice_kind kind;
	int64_t at;                 /* when it happened */
	int64_t until;              /* 0: none; active from, ends at */
	enum pt_block_reason block; /* for PT_NOTICE_BLOCKED */
	struct pt_figures figures;
	unsigned protocols;   /* enum pt_protocol, or-ed; 0: none */
	uint32_t password_id; /* 0: none */
	char label[PT_PASSWORD_LABEL_MAX + 1];
};

/* "blocked", "enabled" ...; NULL for a number that has no name. */
const char *
pt_notice_kind_name(enum pt_notice_kind kind);

/* A notice in the outbox. */
struct pt_outbox_entry {
	uint64_t id; /* from 1 on; never given twice in a state */
	struct pt_login login;
	struct pt_notice notice;
	int64_t next_at; /* to be tried then; it is due at once when new */
	uint32_t tries;  /* that failed */
	bool gave_up;    /* is tried no more, and stays to be seen */
	char error[128]; /* of the last try; "" */
};

/*
 * The lower ones stand in front: that access has ended is told before all
 * else, however much waits.  Stable numbers: they are stored.
 */
enum pt_outbox_rank {
	PT_OUTBOX_ENDED = 0, /* a block, or all app passwords */
	PT_OUTBOX_OTHER = 1,
	PT_OUTBOX_GIVEN_UP = 2,
};

enum pt_outbox_rank
pt_outbox_rank(enum pt_notice_kind kind, bool gave_up);

#define PT_OUTBOX_BYTES_MAX 1024

/* The number of bytes written; 0 if a text cannot be stored.  The id is not
 * part of them. */
size_t
pt_outbox_encode(
    const struct pt_outbox_entry *entry, unsigned char *out, size_t cap);

int
pt_outbox_decode(const void *at, size_t len, struct pt_outbox_entry *out,
    struct pt_err *err);

#endif
