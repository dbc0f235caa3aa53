/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: a list of milters, as it stands and as it should. */

#include "ctl/doctor_milter.h"

#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"

bool
pc_milters_is_signer(const char *address)
{
	/* The ports are those that OpenDKIM and rspamd come with. */
	static const char *const marks[] = {
	    "dkim", "rspamd", "arc", ":8891", ":11332"};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(marks); i++) {
		if (strstr(address, marks[i]) != NULL)
			return true;
	}
	return false;
}

/* "local:" is another word for "unix:". */
static void
get_endpoint(const char *word, char *buf, size_t cap)
{
	char endpoint[256];

	pc_restrict_endpoint(word, endpoint, sizeof(endpoint));
	if (strncmp(endpoint, "local:", 6) == 0)
		snprintf(buf, cap, "unix:%s", endpoint + 6);
	else
		snprintf(buf, cap, "%s", endpoint);
}

/* Not TRANSPORT:ENDPOINT, so Postfix gives up at that word. */
static bool
is_stray(const char *endpoint)
{
	return strchr(endpoint, ':') == NULL;
}

static void
note_word(struct pc_milters *out, const char *word, enum pc_endpoint kind,
    const char *endpoint)
{
	(void)pt_text_copy(out->word, sizeof(out->word), word);
	(void)pt_text_copy(out->endpoint, sizeof(out->endpoint), endpoint);
	out->ours = kind == PC_ENDPOINT_OURS;
}

void
pc_milters_read(
    struct pc_service *service, const char *list, struct pc_milters *out)
{
	const char *at = pc_service_setting(service, list);
	char word[PC_RESTRICT_WORD_MAX];
	char endpoint[256];
	char signer[256] = "";
	enum pc_endpoint kind;

	memset(out, 0, sizeof(*out));
	out->service = service;
	out->list = list;
	out->reachable = pc_endpoint_suggest(
	    service, out->suggested, sizeof(out->suggested));
	while (pc_restrict_next(&at, word, sizeof(word))) {
		get_endpoint(word, endpoint, sizeof(endpoint));
		if (is_stray(endpoint)) {
			memcpy(out->stray, endpoint, sizeof(out->stray));
			continue;
		}
		kind = pc_endpoint_judge(service, endpoint);
		if (kind == PC_ENDPOINT_OURS && !out->ours) {
			note_word(out, word, kind, endpoint);
			memcpy(out->signer, signer, sizeof(signer));
		} else if (kind == PC_ENDPOINT_ESTRANGED &&
			   out->word[0] == '\0') {
			note_word(out, word, kind, endpoint);
		} else if (pc_milters_is_signer(endpoint)) {
			memcpy(signer, endpoint, sizeof(signer));
		}
	}
}

void
pc_milters_setting(
    const struct pc_milters *milters, const char *name, char *buf, size_t cap)
{
	char setting[64];

	pc_restrict_attribute(milters->word, name, buf, cap);
	if (buf[0] != '\0')
		return;
	snprintf(setting, sizeof(setting), "milter_%s", name);
	(void)pt_text_copy(
	    buf, cap, pc_service_setting(milters->service, setting));
}

bool
pc_milters_has_ours(const struct pc_service *service)
{
	const char *listen = service->doctor->call->config->milter_listen;
	struct pc_service of_milter = *service;
	struct pc_milters milters;

	if (listen[0] == '\0')
		return false;
	of_milter.listen = &listen;
	of_milter.listen_count = 1;
	pc_milters_read(&of_milter, "smtpd_milters", &milters);
	return milters.ours;
}

/* Ours with all that was written with it, the right address in its place. */
static void
add_ours(const struct pc_milters *milters, struct pt_text *out)
{
	const char *at = milters->endpoint[0] == '\0'
			     ? NULL
			     : strstr(milters->word, milters->endpoint);
	const char *rest;

	if (milters->ours && strchr(milters->stray, '=') != NULL &&
	    milters->word[0] != '{') {
		pt_text_addf(out, "{ %s, %s }", milters->word, milters->stray);
	} else if (milters->ours) {
		pt_text_add(out, milters->word);
	} else if (at == NULL) {
		pt_text_add(out, milters->suggested);
	} else {
		rest = at + strlen(milters->endpoint);
		pt_text_add_bytes(
		    out, milters->word, (size_t)(at - milters->word));
		pt_text_addf(out, "%s%s", milters->suggested, rest);
	}
}

void
pc_milters_line(const struct pc_milters *milters, struct pt_text *out)
{
	const char *at = pc_service_setting(milters->service, milters->list);
	char word[PC_RESTRICT_WORD_MAX];

	pt_text_addf(out, "%s = ", milters->list);
	add_ours(milters, out);
	while (pc_restrict_next(&at, word, sizeof(word))) {
		if (strcmp(word, milters->word) != 0 && !is_stray(word))
			pt_text_addf(out, ", %s", word);
	}
}
