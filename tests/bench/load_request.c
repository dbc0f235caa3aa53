/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/load_request.h"

#include <string.h>

/*
 * Places to patch are marked by one letter repeated: L digits of the login's
 * number, R of the recipient's, S of the size, Q the queue id's time part,
 * T the instance's seconds and U its microseconds, P the process.
 */
struct attribute {
	const char *name;
	const char *value;
	const char *value_at_rcpt; /* NULL if the same */
	enum load_request_field field;
	char letter; /* of the place that belongs to the field */
};

static const struct attribute attributes[] = {
    {"request", "smtpd_access_policy", NULL, LOAD_REQUEST_FIXED, 0},
    {"protocol_state", "END-OF-MESSAGE", "RCPT", LOAD_REQUEST_FIXED, 0},
    {"protocol_name", "ESMTP", NULL, LOAD_REQUEST_FIXED, 0},
    {"client_address", "192.0.2.10", NULL, LOAD_REQUEST_FIXED, 0},
    {"client_name", "client.example.net", NULL, LOAD_REQUEST_FIXED, 0},
    {"client_port", "52414", NULL, LOAD_REQUEST_FIXED, 0},
    {"reverse_client_name", "client.example.net", NULL, LOAD_REQUEST_FIXED, 0},
    {"server_address", "198.51.100.25", NULL, LOAD_REQUEST_FIXED, 0},
    {"server_port", "587", NULL, LOAD_REQUEST_FIXED, 0},
    {"helo_name", "[192.0.2.10]", NULL, LOAD_REQUEST_FIXED, 0},
    {"sender", "userLLLLLLL@example.com", NULL, LOAD_REQUEST_SENDER, 'L'},
    {"recipient", "rRRRRRRR@example.org", NULL, LOAD_REQUEST_RECIPIENT, 'R'},
    {"recipient_count", "1", "0", LOAD_REQUEST_FIXED, 0},
    {"queue_id", "QQQQQQQQQQQzPPPPPP", "", LOAD_REQUEST_QUEUE_ID, 'Q'},
    {"instance", "PPPPPP.TTTTTTTT.UUUUU.0", NULL, LOAD_REQUEST_INSTANCE, 'T'},
    {"size", "SSSSS", NULL, LOAD_REQUEST_SIZE, 'S'},
    {"etrn_domain", "", NULL, LOAD_REQUEST_FIXED, 0},
    {"stress", "", NULL, LOAD_REQUEST_FIXED, 0},
    {"sasl_method", "PLAIN", NULL, LOAD_REQUEST_FIXED, 0},
    {"sasl_username", "userLLLLLLL@example.com", NULL, LOAD_REQUEST_LOGIN, 'L'},
    {"sasl_sender", "", NULL, LOAD_REQUEST_FIXED, 0},
    {"ccert_subject", "", NULL, LOAD_REQUEST_FIXED, 0},
    {"ccert_issuer", "", NULL, LOAD_REQUEST_FIXED, 0},
    {"ccert_fingerprint", "", NULL, LOAD_REQUEST_FIXED, 0},
    {"ccert_pubkey_fingerprint", "", NULL, LOAD_REQUEST_FIXED, 0},
    {"encryption_protocol", "TLSv1.3", NULL, LOAD_REQUEST_FIXED, 0},
    {"encryption_cipher", "TLS_AES_256_GCM_SHA384", NULL, LOAD_REQUEST_FIXED,
	0},
    {"encryption_keysize", "256", NULL, LOAD_REQUEST_FIXED, 0},
    {"policy_context", "submission", NULL, LOAD_REQUEST_FIXED, 0},
};

#define ATTRIBUTES (sizeof(attributes) / sizeof(attributes[0]))

static void
put_decimal(char *to, size_t width, uint32_t value)
{
	while (width > 0) {
		to[--width] = (char)('0' + value % 10);
		value /= 10;
	}
}

static void
put_hex(char *to, size_t width, uint32_t value)
{
	while (width > 0) {
		to[--width] = "0123456789abcdef"[value & 15];
		value >>= 4;
	}
}

/* As in Postfix's long queue ids: no vowels, and z only as the separator. */
static void
put_base32(char *to, size_t width, uint64_t value)
{
	while (width > 0) {
		to[--width] = "0123456789BCDFGHJKLMNPQRSTVWXYcd"[value & 31];
		value >>= 5;
	}
}

static void
append(struct load_request *r, const char *s)
{
	size_t len = strlen(s);

	memcpy(r->text + r->len, s, len);
	r->len += len;
}

/* Where the letter stands repeatedly in the text from "from" on. */
static struct load_place
find_place(const struct load_request *r, size_t from, char letter)
{
	struct load_place p = {0};
	size_t i;

	for (i = from; i + 1 < r->len; i++) {
		if (r->text[i] == letter && r->text[i + 1] == letter) {
			p.at = i;
			break;
		}
	}
	while (p.at != 0 && r->text[p.at + p.width] == letter)
		p.width++;
	return p;
}

void
load_request_init(
    struct load_request *r, enum load_request_stage stage, uint32_t pid)
{
	const struct attribute *a;
	struct load_place p;
	const char *value;
	size_t from;
	size_t i;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < ATTRIBUTES; i++) {
		a = &attributes[i];
		value = a->value;
		if (stage == LOAD_REQUEST_RCPT && a->value_at_rcpt != NULL)
			value = a->value_at_rcpt;
		append(r, a->name);
		append(r, "=");
		from = r->len;
		append(r, value);
		append(r, "\n");
		if (a->field == LOAD_REQUEST_FIXED)
			continue;
		r->places[a->field] = find_place(r, from, a->letter);
		p = find_place(r, from, 'P');
		put_hex(r->text + p.at, p.width, pid);
	}
	append(r, "\n");
}

void
load_request_patch(struct load_request *r, const struct load_message *m)
{
	const struct load_place *p = r->places;
	char *instance = r->text + p[LOAD_REQUEST_INSTANCE].at;

	put_decimal(r->text + p[LOAD_REQUEST_LOGIN].at,
	    p[LOAD_REQUEST_LOGIN].width, m->account);
	put_decimal(r->text + p[LOAD_REQUEST_SENDER].at,
	    p[LOAD_REQUEST_SENDER].width, m->account);
	put_decimal(r->text + p[LOAD_REQUEST_RECIPIENT].at,
	    p[LOAD_REQUEST_RECIPIENT].width, m->recipient);
	put_decimal(r->text + p[LOAD_REQUEST_SIZE].at,
	    p[LOAD_REQUEST_SIZE].width, m->size);
	put_base32(r->text + p[LOAD_REQUEST_QUEUE_ID].at,
	    p[LOAD_REQUEST_QUEUE_ID].width, m->number);
	put_hex(instance, 8, (uint32_t)(m->number / 1000000));
	put_hex(instance + 9, 5, (uint32_t)(m->number % 1000000));
}
