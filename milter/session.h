/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A connection of the MTA, which is one of a client to the MTA: who the client
 * is, what was negotiated, and the message on its way, if any.  One thread at
 * a time uses it (libmilter sees to that).
 */
#ifndef PM_SESSION_H
#define PM_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "milter/bounce_watch.h"
#include "milter/filter.h"
#include "milter/message.h"

#define PM_CLIENT_MAX 64

struct pm_session {
	struct pm_filter *filter;
	struct pm_snapshot *snapshot; /* held */
	/* What the MTA and we agreed on. */
	bool has_body;    /* it sends the body */
	bool leads_blank; /* values begin with the blank after the colon */
	bool may_add;     /* header fields */
	/* The client. */
	bool is_trusted;
	/*
	 * The mail comes from the MTA itself or from a program on its host,
	 * not over the network (Postfix: non_smtpd_milters).
	 */
	bool is_local;
	char client[PM_CLIENT_MAX]; /* its address; "" if it has none */
	uint32_t client_hash;       /* pt_clients_hash(); 0: none */
	bool is_late;               /* a message that began while we stop */
	struct pm_message message;
	struct pm_bounce_watch *bounce; /* while message.kind is a bounce */
};

/* NULL: out of memory, or no configuration is in force. */
struct pm_session *
pm_session_new(struct pm_filter *filter);

/* NULL is allowed. */
void
pm_session_free(struct pm_session *session);

/* The client's name as the MTA knows it, and its address or NULL. */
void
pm_session_connect(struct pm_session *session, const char *name,
    const struct sockaddr *address);

/* The message is over, or was never one of ours. */
void
pm_session_end_message(struct pm_session *session);

#endif
