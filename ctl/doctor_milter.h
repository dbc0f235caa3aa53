/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A list of milters as the doctor sees it, such as smtpd_milters. */
#ifndef PC_DOCTOR_MILTER_H
#define PC_DOCTOR_MILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/doctor_service.h"

#define PC_MILTER_WHERE "milter"

struct pc_milters {
	struct pc_service *service;
	const char *list; /* "smtpd_milters" */
	/* As written, of ours, or else of one that was meant to be ours; ""
	 * if there is neither. */
	char word[PC_RESTRICT_WORD_MAX];
	char endpoint[256];
	bool ours;
	char signer[256]; /* a known signer that comes before ours; or "" */
	char stray[256];  /* a word that names no milter; or "" */
	/* How the milter should be named here. */
	char suggested[512];
	bool reachable; /* can the service get to "suggested"? */
};

/* The service's listen address is that of the milter from then on. */
void
pc_milters_read(
    struct pc_service *service, const char *list, struct pc_milters *out);

/* Is ours among the smtpd_milters of the service, whatever it listens to? */
bool
pc_milters_has_ours(const struct pc_service *service);

/* Does an address of a milter look like one that signs? */
bool
pc_milters_is_signer(const char *address);

/*
 * What Postfix takes for ours: from within the braces ("default_action"), or
 * the setting milter_default_action of the service.
 */
void
pc_milters_setting(
    const struct pc_milters *milters, const char *name, char *buf, size_t cap);

/* "smtpd_milters = ..." with ours first and the others behind it, without
 * what is no milter. */
void
pc_milters_line(const struct pc_milters *milters, struct pt_text *out);

/* doctor_milter_safety.c: what happens while the milter is down or hangs. */
void
pc_doctor_milter_safety(const struct pc_milters *milters);

/* doctor_milter_bounce.c: does the milter see bounces? */
void
pc_doctor_milter_bounces(
    struct pc_doctor *doctor, const struct pc_postfix *postfix);

#endif
