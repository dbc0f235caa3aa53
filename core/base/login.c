/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/base/login.h"

#include <idn2.h>
#include <stddef.h>
#include <string.h>

#include "core/base/text.h"

#define LOCAL_MAX  64
#define DOMAIN_MAX 253
#define LABEL_MAX  63

static bool
is_ascii(const char *at, size_t len)
{
	return (pt_text_kinds(at, len) & PT_TEXT_HIGH) == 0;
}

static bool
has_blank_or_control(const char *at, size_t len)
{
	return (pt_text_kinds(at, len) & (PT_TEXT_BLANK | PT_TEXT_CONTROL)) !=
	       0;
}

/* Letters, digits, hyphens and underscores in labels of 1 to 63. */
static bool
is_ascii_domain(const char *at, size_t len)
{
	size_t label = 0;
	size_t i;

	if (len == 0 || len > DOMAIN_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (at[i] == '.') {
			if (label == 0)
				return false;
			label = 0;
			continue;
		}
		if (!((at[i] >= 'a' && at[i] <= 'z') ||
			(at[i] >= '0' && at[i] <= '9') || at[i] == '-' ||
			at[i] == '_'))
			return false;
		if (++label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

/*
 * What nearly every login is: an ASCII address with one '@'.  Folded into
 * out->text in one pass; false for anything that needs a closer look.
 */
static bool
fold_plain(const char *at, size_t len, struct pt_login *out)
{
	const char *sign = memchr(at, '@', len);
	unsigned kinds;
	size_t local;

	if (sign == NULL || len > PT_LOGIN_MAX)
		return false;
	local = (size_t)(sign - at);
	kinds = pt_text_kinds(at, len);
	if (local == 0 || local > LOCAL_MAX ||
	    (kinds & ~(unsigned)PT_TEXT_UPPER) != 0)
		return false;
	memcpy(out->text, at, len);
	out->text[len] = '\0';
	if (kinds != 0)
		pt_text_lower_ascii(out->text, len);
	out->len = (unsigned char)len;
	out->at = (unsigned char)local;
	/* A second '@' is no character of a domain. */
	return is_ascii_domain(out->text + local + 1, len - local - 1);
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]": an address literal, kept as it is. */
static bool
is_literal(const char *at, size_t len)
{
	size_t i;

	if (len < 4 || at[0] != '[' || at[len - 1] != ']')
		return false;
	for (i = 1; i + 1 < len; i++) {
		if (!((at[i] >= 'a' && at[i] <= 'z') ||
			(at[i] >= '0' && at[i] <= '9') || at[i] == ':' ||
			at[i] == '.'))
			return false;
	}
	return true;
}

static int
to_a_labels(char *domain, size_t cap, struct pt_err *err)
{
	char *converted = NULL;
	int rc;

	rc = idn2_to_ascii_8z(
	    domain, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK)
		return pt_err_set(err, PT_ERR_INPUT,
		    "domain is no internationalized name: %s",
		    idn2_strerror(rc));
	rc = pt_text_copy(domain, cap, converted);
	idn2_free(converted);
	if (rc != 0)
		return pt_err_set(
		    err, PT_ERR_INPUT, "domain is longer than 253 octets");
	return 0;
}

int
pt_login_domain(
    const char *at, size_t len, char *out, size_t cap, struct pt_err *err)
{
	/* A U-label may be longer than its A-label in octets. */
	char domain[1024];

	if (len == 0)
		return pt_err_set(err, PT_ERR_INPUT, "domain is empty");
	if (len >= sizeof(domain))
		return pt_err_set(
		    err, PT_ERR_INPUT, "domain is longer than 253 octets");
	if (has_blank_or_control(at, len))
		return pt_err_set(err, PT_ERR_INPUT,
		    "domain has a blank or a control character");
	if (!pt_text_is_utf8(at, len))
		return pt_err_set(
		    err, PT_ERR_INPUT, "domain is not valid UTF-8");
	memcpy(domain, at, len);
	domain[len] = '\0';
	if (!is_ascii(domain, len)) {
		if (to_a_labels(domain, sizeof(domain), err) != 0)
			return -1;
		len = strlen(domain);
	}
	pt_text_lower_ascii(domain, len);
	if (!is_ascii_domain(domain, len) && !is_literal(domain, len))
		return pt_err_set(
		    err, PT_ERR_INPUT, "domain is not a valid domain name");
	if (pt_text_copy(out, cap, domain) != 0)
		return pt_err_set(
		    err, PT_ERR_INPUT, "domain is longer than 253 octets");
	return 0;
}

static int
check_local(const char *at, size_t len, struct pt_err *err)
{
	if (len == 0)
		return pt_err_set(err, PT_ERR_INPUT, "local part is empty");
	if (len > LOCAL_MAX)
		return pt_err_set(
		    err, PT_ERR_INPUT, "local part is longer than 64 octets");
	if (has_blank_or_control(at, len))
		return pt_err_set(err, PT_ERR_INPUT,
		    "local part has a blank or a control character");
	if (!pt_text_is_utf8(at, len))
		return pt_err_set(
		    err, PT_ERR_INPUT, "local part is not valid UTF-8");
	return 0;
}

static const char *
last_at(const char *at, size_t len)
{
	while (len > 0) {
		if (at[--len] == '@')
			return at + len;
	}
	return NULL;
}

int
pt_login_parse(const char *at, size_t len, const char *default_domain,
    struct pt_login *out, struct pt_err *err)
{
	const char *sign = last_at(at, len);
	size_t local = sign == NULL ? len : (size_t)(sign - at);
	char domain[DOMAIN_MAX + 1];
	struct pt_login login;
	size_t total;

	if (fold_plain(at, len, &login)) {
		memcpy(out, &login, offsetof(struct pt_login, text) + len + 1);
		return 0;
	}
	if (len == 0)
		return pt_err_set(err, PT_ERR_INPUT, "login is empty");
	if (check_local(at, local, err) != 0)
		return -1;
	if (memchr(at, '@', local) != NULL)
		return pt_err_set(
		    err, PT_ERR_INPUT, "login has more than one @");
	if (sign != NULL) {
		if (pt_login_domain(sign + 1, len - local - 1, domain,
			sizeof(domain), err) != 0)
			return -1;
	} else if (default_domain == NULL || default_domain[0] == '\0') {
		return pt_err_set(err, PT_ERR_INPUT,
		    "login has no domain and default_domain is not set");
	} else if (pt_text_copy(domain, sizeof(domain), default_domain) != 0) {
		return pt_err_set(err, PT_ERR_INPUT,
		    "default domain is longer than 253 octets");
	}
	total = local + 1 + strlen(domain);
	if (total > PT_LOGIN_MAX)
		return pt_err_set(
		    err, PT_ERR_INPUT, "login is longer than 254 octets");
	memcpy(login.text, at, local);
	pt_text_lower_ascii(login.text, local);
	login.text[local] = '@';
	memcpy(login.text + local + 1, domain, strlen(domain) + 1);
	login.len = (unsigned char)total;
	login.at = (unsigned char)local;
	memcpy(out, &login, offsetof(struct pt_login, text) + total + 1);
	return 0;
}

bool
pt_login_equal(const struct pt_login *a, const struct pt_login *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}
