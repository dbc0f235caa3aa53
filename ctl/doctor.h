/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * posternctl doctor: what the doctor_*.c share.  Each check says what it
 * found, also when all is well, so that one sees what was looked at.
 */
#ifndef PC_DOCTOR_H
#define PC_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/config/listen.h"
#include "ctl/call.h"
#include "ctl/settings.h"

enum pc_level {
	PC_LEVEL_OK,
	PC_LEVEL_NOTE,    /* works, but know it */
	PC_LEVEL_PROBLEM, /* Postern cannot do its work so */
};

/* Postfix as postconf tells it. */
struct pc_postfix {
	struct pc_settings main;     /* postconf -x */
	struct pc_settings defaults; /* postconf -d */
	struct pc_settings services; /* postconf -F */
	struct pc_settings options;  /* postconf -Px */
	const char *queue_directory;
};

struct pc_doctor {
	struct pc_call *call;
	unsigned problems;
	bool cannot_tell; /* doctor_notice.c has said so to root */
	/* Addresses at which policyd listens; strings of the configuration. */
	const char *const *listen;
	size_t listen_count;
};

/* Starts the report on the call's output. */
void
pc_doctor_begin(struct pc_doctor *doctor);

/* What to do about it: the lines as they are written, and where. */
struct pc_fix {
	const char *place; /* "master.cf, under submission" */
	const char *line;  /* or several, with '\n' between them */
};

/* One finding.  "where" is a service, a socket, "state"; fix may be NULL. */
void
pc_doctor_say(struct pc_doctor *doctor, enum pc_level level, const char *where,
    const struct pc_fix *fix, const char *fmt, ...) PT_PRINTF(5, 6);

/* doctor_state.c: the configuration, then the directory of the state. */
void
pc_doctor_config(struct pc_doctor *doctor);

void
pc_doctor_state(struct pc_doctor *doctor);

/* doctor_notice.c: as whoever runs doctor. */
void
pc_doctor_notices(struct pc_doctor *doctor);

/* The same as the user that the daemons work as, if root was told nothing. */
void
pc_doctor_notices_of_keeper(struct pc_doctor *doctor);

/* The environments and the sender maps; gives up root. */
void
pc_doctor_environments(struct pc_doctor *doctor);

/* doctor_keeper.c: with the state open. */
void
pc_doctor_keeper(struct pc_doctor *doctor);

/* doctor_queue.c: held mail, as the user that the daemons work as. */
void
pc_doctor_queue(struct pc_doctor *doctor);

/* With the file of orders, and what is there only where systemd runs. */
void
pc_doctor_orders(
    struct pc_doctor *doctor, const char *orders, const char *systemd);

/* doctor_maps.c: as the user that the daemons work as. */
void
pc_doctor_maps(struct pc_doctor *doctor);

/* doctor_socket.c: is policyd there, and does it answer? */
void
pc_doctor_sockets(struct pc_doctor *doctor, const struct pc_postfix *postfix);

/* The same of the milter, at milter_listen, which is not empty. */
void
pc_doctor_milter_socket(
    struct pc_doctor *doctor, const struct pc_postfix *postfix);

/*
 * doctor_postfix.c: reads Postfix's settings.  False if there is no Postfix,
 * or if it cannot be read; that was said then.
 */
bool
pc_doctor_postfix_read(struct pc_doctor *doctor, struct pc_postfix *postfix);

void
pc_doctor_postfix_clear(struct pc_postfix *postfix);

/* doctor_services.c: every smtpd service with SASL. */
void
pc_doctor_services(struct pc_doctor *doctor, const struct pc_postfix *postfix);

/* doctor_milter.c: is the From header watched? */
void
pc_doctor_milter(struct pc_doctor *doctor, const struct pc_postfix *postfix);

/*
 * doctor_sendmail.c: the same where Sendmail is the MTA.  "file" is its
 * sendmail.cf; a file that is not there is a problem only if "named".  Does it
 * ask the milter?
 */
bool
pc_doctor_sendmail(struct pc_doctor *doctor, const char *file, bool named);

#endif
