/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/auth/login.h"

#include <time.h>

#include <net.h>

/* No such account can be made: the domain ends in a digit. */
#define NOBODY "nobody@postern.0"

static const struct {
	const char *service;
	enum pt_protocol protocol;
} services[] = {
    {"imap", PT_PROTOCOL_IMAP},
    {"pop3", PT_PROTOCOL_POP3},
    {"smtp", PT_PROTOCOL_SMTP},
    {"submission", PT_PROTOCOL_SMTP},
};

struct pt_address
dp_login_address(const struct auth_request *request)
{
	const struct ip_addr *ip = &request->fields.remote_ip;
	struct pt_address address = {{0}};

	if (IPADDR_IS_V4(ip))
		return pt_address_of_ipv4(&ip->u.ip4);
	if (IPADDR_IS_V6(ip))
		memcpy(address.bytes, &ip->u.ip6, sizeof(address.bytes));
	return address;
}

bool
dp_login_is_trusted(
    const struct pt_config *config, const struct pt_address *address)
{
	return pt_network_holds(
	    config->networks, config->network_count, address);
}

enum pt_protocol
dp_login_protocol(const struct auth_request *request)
{
	const char *service = dp_request_service(request);
	size_t i;

	for (i = 0; service != NULL && i < N_ELEMENTS(services); i++) {
		if (strcmp(service, services[i].service) == 0)
			return services[i].protocol;
	}
	return 0;
}

int64_t
dp_login_clock_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct dp_login *
dp_login_new(const struct pt_config *config, struct auth_request *request,
    enum pt_protocol protocol, const struct pt_address *address,
    verify_plain_callback_t *callback)
{
	struct dp_login *login = p_new(request->pool, struct dp_login, 1);
	const char *user = request->fields.user;
	struct pt_err err;

	login->arrived_ns = dp_login_clock_ns();
	login->request = request;
	login->callback = callback;
	login->named = user != NULL &&
		       pt_login_parse(user, strlen(user),
			   config->default_domain, &login->login, &err) == 0;
	if (!login->named) {
		memcpy(login->login.text, NOBODY, sizeof(NOBODY));
		login->login.len = sizeof(NOBODY) - 1;
		login->login.at = strlen("nobody");
	}
	login->attempt.protocol = protocol;
	login->attempt.secret = request->mech_password;
	login->attempt.secret_len = strlen(request->mech_password);
	login->attempt.address = *address;
	login->attempt.encrypted = dp_request_is_secured(request);
	return login;
}

void
dp_login_judge(const struct pt_config *config, struct dp_login *login,
    struct pt_records *records, int64_t now)
{
	struct pt_admission *admission = &login->admission;

	pt_authenticate_judge(config, records->account, records->activity,
	    records->usage, &login->attempt, now, admission);
	if (!login->named) {
		memset(admission, 0, sizeof(*admission));
		admission->verdict.code = PT_VERDICT_REFUSE;
		admission->verdict.reason = PT_REASON_PASSWORD;
		return;
	}
	records->usage_changed = admission->usage_changed;
}
