/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* One smtpd service of Postfix, as the doctor sees it. */
#ifndef PC_DOCTOR_SERVICE_H
#define PC_DOCTOR_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/doctor.h"
#include "ctl/restrict.h"

#define PC_SERVICE_NAME_MAX 128

struct pc_service {
	struct pc_doctor *doctor;
	const struct pc_postfix *postfix;
	char entry[PC_SERVICE_NAME_MAX]; /* "submission/inet" */
	char name[PC_SERVICE_NAME_MAX];  /* "submission" */
	/* Addresses at which who is to be asked listens, as struct pc_doctor
	 * has those of policyd. */
	const char *const *listen;
	size_t listen_count;
	bool chrooted;
	uint64_t processes; /* at most so many; 0: no limit */
	/* How check_policy_service should read here. */
	char policy[PC_RESTRICT_WORD_MAX];
	/* Different ways to name Postern: smtpd connects for each of them. */
	unsigned ways;
	/* The first way, for what depends on it; "" if there is none. */
	struct pc_policy used;
};

/*
 * The next service of master.cf from *i on, any that runs COMMAND ("smtpd",
 * "cleanup"); false at the end.
 */
bool
pc_service_next(struct pc_doctor *doctor, const struct pc_postfix *postfix,
    const char *command, size_t *i, struct pc_service *out);

/* Do mail programs log in there? */
bool
pc_service_has_sasl(const struct pc_service *service);

/* Postfix's own writing of time, in seconds: a bare number is seconds; 0 if
 * it cannot be read. */
int64_t
pc_service_time(const char *text);

/* The value that holds for the service: "-o" or main.cf; never NULL. */
const char *
pc_service_setting(const struct pc_service *service, const char *name);

/* Is it set by "-o" in master.cf? */
bool
pc_service_has_option(const struct pc_service *service, const char *name);

/* The value with restriction classes written out. */
void
pc_service_list(
    const struct pc_service *service, const char *name, struct pt_text *out);

/* doctor_endpoint.c: what an endpoint of Postfix means to a listener. */
enum pc_endpoint {
	PC_ENDPOINT_OURS,
	PC_ENDPOINT_OTHER,     /* somebody else's, as far as one can see */
	PC_ENDPOINT_ESTRANGED, /* meant for Postern, but leads nowhere */
};

enum pc_endpoint
pc_endpoint_judge(const struct pc_service *service, const char *endpoint);

/* Where it leads: the path in the host's file system, or HOST:PORT. */
void
pc_endpoint_resolve(const struct pc_service *service, const char *endpoint,
    char *buf, size_t cap);

/* How this service should name Postern; false if it cannot reach it. */
bool
pc_endpoint_suggest(const struct pc_service *service, char *buf, size_t cap);

/* doctor_attach.c: is Postern asked at the right stages? */
void
pc_doctor_attachment(struct pc_service *service);

/*
 * Adds "-o { LIST = check_policy_service ..., what is there but "gone" }", with
 * a blank before it if there is something in "out" already.
 */
void
pc_service_add_line(const struct pc_service *service, const char *list,
    const char *policy, const char *gone, struct pt_text *out);

/* doctor_safety.c: what else must be so for Postern to do its work. */
void
pc_doctor_safety(struct pc_service *service);

#endif
