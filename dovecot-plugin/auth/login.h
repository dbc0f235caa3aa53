/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One login on its way: what Dovecot asked, and what became of it.  It lives
 * in the pool of Dovecot's request, to which it holds a reference.
 */
#ifndef DP_AUTH_LOGIN_H
#define DP_AUTH_LOGIN_H

#include "dovecot-plugin/compat.h"

#include <auth-common.h>
#include <passdb.h>

#include "core/rules/authenticate.h"
#include "core/state/store.h"

struct dp_login {
	struct auth_request *request;
	verify_plain_callback_t *callback;
	struct dp_login *next; /* that waits for the same */
	int64_t arrived_ns;    /* dp_login_clock_ns() */
	/* What the user name cannot be is judged as a login without account. */
	bool named;
	struct pt_login login;
	struct pt_attempt attempt;
	struct pt_admission admission;
	enum pt_err_kind failed; /* its records could not be used */
	bool blocked;            /* the account was, for it */
};

/*
 * The address that the login process gave, which behind Dovecot's proxy or a
 * trusted load balancer is the client's own.  The proxy's address
 * (real_remote_ip) must not count: it would make all its clients trusted.
 */
struct pt_address
dp_login_address(const struct auth_request *request);

/* Is that in a trusted network?  Webmail is: no business of ours. */
bool
dp_login_is_trusted(
    const struct pt_config *config, const struct pt_address *address);

/* The protocol of a service of mail programs, or 0. */
enum pt_protocol
dp_login_protocol(const struct auth_request *request);

/*
 * A new one for the request.  The password is Dovecot's own copy, which lives
 * and is wiped with the request; no other copy is made.  The address is copied.
 */
struct dp_login *
dp_login_new(const struct pt_config *config, struct auth_request *request,
    enum pt_protocol protocol, const struct pt_address *address,
    verify_plain_callback_t *callback);

/* A monotonic clock. */
int64_t
dp_login_clock_ns(void);

/* With the store's records: call inside pt_store_update(). */
void
dp_login_judge(const struct pt_config *config, struct dp_login *login,
    struct pt_records *records, int64_t now);

#endif
