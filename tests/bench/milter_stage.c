/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* mfdef.h uses names of the BSDs. */
#define _DEFAULT_SOURCE

#include "tests/bench/milter_stage.h"

#include <libmilter/mfdef.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LOGIN  "{auth_authen}"
#define SENDER "{mail_addr}"

/* What a Postfix with SASL and TLS sends, in its order. */
const struct milter_stage milter_stages[MILTER_STAGES] = {
    {SMFIC_CONNECT, SMFIP_NOCONNECT, SMFIP_NR_CONN, 0, 5,
	{{"j", "mail.example.com"}, {"{daemon_name}", "ORIGINATING"},
	    {"v", "Postfix 3.7.11"}, {"{daemon_addr}", "192.0.2.1"},
	    {"_", "client.example.org [192.0.2.17]"}}},
    {SMFIC_HELO, SMFIP_NOHELO, SMFIP_NR_HELO, 1, 3,
	{{"{tls_version}", "TLSv1.3"}, {"{cipher}", "TLS_AES_256_GCM_SHA384"},
	    {"{cipher_bits}", "256"}}},
    {SMFIC_MAIL, SMFIP_NOMAIL, SMFIP_NR_MAIL, 2, 5,
	{{LOGIN, NULL}, {"{auth_type}", "PLAIN"}, {SENDER, NULL},
	    {"{mail_host}", "example.com"}, {"{mail_mailer}", "smtp"},
	    {"{tls_version}", "TLSv1.3"},
	    {"{cipher}", "TLS_AES_256_GCM_SHA384"}, {"j", "mail.example.com"}}},
    {SMFIC_RCPT, SMFIP_NORCPT, SMFIP_NR_RCPT, 3, 3,
	{{MILTER_MACRO_RECIPIENT, NULL}, {"{rcpt_host}", "example.org"},
	    {"{rcpt_mailer}", "smtp"}}},
    {SMFIC_DATA, SMFIP_NODATA, SMFIP_NR_DATA, 4, 1,
	{{MILTER_MACRO_QUEUE_ID, NULL}}},
    {SMFIC_HEADER, SMFIP_NOHDRS, SMFIP_NR_HDR, 7, 0, {{NULL, NULL}}},
    {SMFIC_EOH, SMFIP_NOEOH, SMFIP_NR_EOH, 6, 1,
	{{MILTER_MACRO_QUEUE_ID, NULL}}},
    {SMFIC_BODY, SMFIP_NOBODY, SMFIP_NR_BODY, 7, 0, {{NULL, NULL}}},
    {SMFIC_BODYEOB, 0, 0, 5, 1, {{MILTER_MACRO_QUEUE_ID, NULL}}},
};

void
milter_stage_usual_macros(unsigned macros[MILTER_STAGES])
{
	size_t i;

	for (i = 0; i < MILTER_STAGES; i++)
		macros[i] = (1U << milter_stages[i].usual) - 1;
}

static bool
names(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *at = list;

	while ((at = strstr(at, name)) != NULL) {
		if ((at == list || at[-1] == ' ' || at[-1] == ',') &&
		    (at[len] == '\0' || at[len] == ' ' || at[len] == ','))
			return true;
		at += len;
	}
	return false;
}

void
milter_stage_choose_macros(
    unsigned macros[MILTER_STAGES], uint32_t list, const char *wanted)
{
	const char *name;
	size_t stage;
	size_t i;

	for (stage = 0; stage < MILTER_STAGES; stage++) {
		if (milter_stages[stage].list != list)
			continue;
		macros[stage] = 0;
		for (i = 0; i < MILTER_STAGE_MACROS; i++) {
			name = milter_stages[stage].macros[i].name;
			if (name != NULL && names(wanted, name))
				macros[stage] |= 1U << i;
		}
	}
}
