/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/request.h"

enum attribute_id {
	REQUEST,
	PROTOCOL_STATE,
	CLIENT_ADDRESS,
	SENDER,
	RECIPIENT,
	RECIPIENT_COUNT,
	QUEUE_ID,
	INSTANCE,
	SIZE,
	SASL_USERNAME,
	ENCRYPTION_PROTOCOL,
};

#define WORD(s)                   \
	{                         \
		sizeof(s) - 1, s, \
	}

static const struct pd_word kinds[] = {
    WORD("none"),
    WORD("smtpd_access_policy"),
    {0, ""},
};

static const struct pd_word stages[PD_STAGES + 1] = {
    [PD_STAGE_OTHER] = WORD("OTHER"),
    [PD_STAGE_CONNECT] = WORD("CONNECT"),
    [PD_STAGE_HELO] = WORD("HELO"),
    [PD_STAGE_EHLO] = WORD("EHLO"),
    [PD_STAGE_VRFY] = WORD("VRFY"),
    [PD_STAGE_ETRN] = WORD("ETRN"),
    [PD_STAGE_MAIL] = WORD("MAIL"),
    [PD_STAGE_RCPT] = WORD("RCPT"),
    [PD_STAGE_DATA] = WORD("DATA"),
    [PD_STAGE_END] = WORD("END-OF-MESSAGE"),
};

#define EXPECTED(place, name)                         \
	{                                             \
		sizeof(name "=") - 1, place, name "=" \
	}
#define UNWANTED(name) EXPECTED(-1, name)

/* As Postfix 3.5 to 3.10 send them. */
static const struct pd_expected order[] = {
    EXPECTED(0, "request"),
    EXPECTED(0, "protocol_state"),
    UNWANTED("protocol_name"),
    EXPECTED(1, "client_address"),
    UNWANTED("client_name"),
    UNWANTED("client_port"),
    UNWANTED("reverse_client_name"),
    UNWANTED("server_address"),
    UNWANTED("server_port"),
    UNWANTED("helo_name"),
    EXPECTED(0, "sender"),
    EXPECTED(0, "recipient"),
    EXPECTED(0, "recipient_count"),
    EXPECTED(0, "queue_id"),
    EXPECTED(1, "instance"),
    EXPECTED(0, "size"),
    UNWANTED("etrn_domain"),
    UNWANTED("stress"),
    UNWANTED("sasl_method"),
    EXPECTED(0, "sasl_username"),
    UNWANTED("sasl_sender"),
    UNWANTED("ccert_subject"),
    UNWANTED("ccert_issuer"),
    UNWANTED("ccert_fingerprint"),
    UNWANTED("ccert_pubkey_fingerprint"),
    EXPECTED(0, "encryption_protocol"),
    UNWANTED("encryption_cipher"),
    UNWANTED("encryption_keysize"),
    UNWANTED("policy_context"),
    UNWANTED("compatibility_level"),
    UNWANTED("mail_version"),
    {0, -1, ""},
};

/* The longest texts together must fit into PD_RECORD_BYTES. */
const struct pd_grammar pd_request_grammar = {
    .rows =
	{
	    [4] = {{"size", SIZE, PD_KIND_NUMBER, 0, NULL}},
	    [6] = {{"sender", SENDER, PD_KIND_LONG_TEXT, 320, NULL}},
	    [7] = {{"request", REQUEST, PD_KIND_FIXED, 0, kinds}},
	    [8] = {{"queue_id", QUEUE_ID, PD_KIND_TEXT, 64, NULL},
		{"instance", INSTANCE, PD_KIND_TEXT, 96, NULL}},
	    [9] = {{"recipient", RECIPIENT, PD_KIND_LONG_TEXT, 320, NULL}},
	    [13] = {{"sasl_username", SASL_USERNAME, PD_KIND_LONG_TEXT, 320,
		NULL}},
	    [14] = {{"protocol_state", PROTOCOL_STATE, PD_KIND_WORD, 0, stages},
		{"client_address", CLIENT_ADDRESS, PD_KIND_TEXT, 64, NULL}},
	    [15] = {{"recipient_count", RECIPIENT_COUNT, PD_KIND_NUMBER, 0,
		NULL}},
	    [19] = {{"encryption_protocol", ENCRYPTION_PROTOCOL, PD_KIND_FILLED,
		0, NULL}},
	},
    .required = 1U << REQUEST | 1U << PROTOCOL_STATE,
    .order = order,
};

/*
 * Postfix sends about 30 attributes in 700 bytes; a certificate's names and a
 * HELO can make lines of 2 kB.
 */
const struct pd_limits pd_request_limits = {
    .line_bytes = 8192,
    .attributes = 200,
    .bytes = 65536,
};

static struct pd_text
read_text(const struct pd_record *record, enum attribute_id id)
{
	struct pd_text text;

	text.at = pd_record_text(record, id, &text.len);
	text.cut = pd_record_is_cut(record, id);
	return text;
}

void
pd_request_read(const struct pd_record *record, struct pd_request *out)
{
	out->stage = pd_request_stage(record);
	out->login = read_text(record, SASL_USERNAME);
	out->sender = read_text(record, SENDER);
	out->queue_id = read_text(record, QUEUE_ID);
	out->instance = read_text(record, INSTANCE);
	out->client_address = read_text(record, CLIENT_ADDRESS);
	out->recipient = read_text(record, RECIPIENT);
	out->recipient_count = pd_record_number(record, RECIPIENT_COUNT);
	out->size = pd_record_number(record, SIZE);
	out->encrypted = pd_record_number(record, ENCRYPTION_PROTOCOL) != 0;
}

enum pd_stage
pd_request_stage(const struct pd_record *record)
{
	return (enum pd_stage)pd_record_number(record, PROTOCOL_STATE);
}

bool
pd_request_has_login(const struct pd_record *record)
{
	return pd_record_has(record, SASL_USERNAME) &&
	       record->values[SASL_USERNAME].len > 0;
}

const char *
pd_stage_name(enum pd_stage stage)
{
	return stages[stage < PD_STAGES ? stage : PD_STAGE_OTHER].text;
}
