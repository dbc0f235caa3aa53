/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/notice/template.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	enum pt_notice_kind kind;
	enum pt_block_reason block;
} texts[PT_TEMPLATE_TEXTS] = {
    [PT_TEMPLATE_BLOCKED_QUOTA] = {"blocked-quota", PT_NOTICE_BLOCKED,
	PT_BLOCK_QUOTA},
    [PT_TEMPLATE_BLOCKED_CRACKED] = {"blocked-cracked", PT_NOTICE_BLOCKED,
	PT_BLOCK_CRACKED},
    [PT_TEMPLATE_BLOCKED_CONNECTIONS] = {"blocked-connections",
	PT_NOTICE_BLOCKED, PT_BLOCK_CONNECTIONS},
    [PT_TEMPLATE_BLOCKED_INACTIVE] = {"blocked-inactive", PT_NOTICE_BLOCKED,
	PT_BLOCK_INACTIVE},
    [PT_TEMPLATE_BLOCKED_UNUSED] = {"blocked-unused", PT_NOTICE_BLOCKED,
	PT_BLOCK_UNUSED},
    [PT_TEMPLATE_BLOCKED_ABUSE] = {"blocked-abuse", PT_NOTICE_BLOCKED,
	PT_BLOCK_ABUSE},
    [PT_TEMPLATE_BLOCKED_ADMIN] = {"blocked-admin", PT_NOTICE_BLOCKED,
	PT_BLOCK_ADMIN},
    [PT_TEMPLATE_PASSWORDS_ENDED] = {"passwords-ended",
	PT_NOTICE_PASSWORDS_ENDED, PT_BLOCK_NONE},
    [PT_TEMPLATE_ENABLED] = {"enabled", PT_NOTICE_ENABLED, PT_BLOCK_NONE},
    [PT_TEMPLATE_PASSWORD_CREATED] = {"password-created",
	PT_NOTICE_PASSWORD_CREATED, PT_BLOCK_NONE},
    [PT_TEMPLATE_UNUSED_SOON] = {"unused-soon", PT_NOTICE_UNUSED_SOON,
	PT_BLOCK_NONE},
    [PT_TEMPLATE_LIMIT_SOON] = {"limit-soon", PT_NOTICE_LIMIT_SOON,
	PT_BLOCK_NONE},
    [PT_TEMPLATE_PENALTY] = {"penalty", PT_NOTICE_PENALTY, PT_BLOCK_NONE},
    [PT_TEMPLATE_FOOTER] = {"footer", PT_NOTICE_NONE, PT_BLOCK_NONE},
    [PT_TEMPLATE_CLIENT_CONFIG] = {"client-config", PT_NOTICE_NONE,
	PT_BLOCK_NONE},
};

const char *
pt_template_name(enum pt_template_id id)
{
	return id < PT_TEMPLATE_TEXTS ? texts[id].name : NULL;
}

enum pt_template_id
pt_template_of(const struct pt_notice *notice)
{
	enum pt_block_reason block =
	    notice->kind == PT_NOTICE_BLOCKED ? notice->block : PT_BLOCK_NONE;
	size_t id;

	for (id = 0; id < PT_TEMPLATE_NOTICES; id++) {
		if (texts[id].kind == notice->kind && texts[id].block == block)
			break;
	}
	return (enum pt_template_id)id;
}

void
pt_template_notice(enum pt_template_id id, struct pt_notice *notice)
{
	notice->kind = texts[id].kind;
	notice->block = texts[id].block;
}

static const struct pt_template_language *
find_tag(const struct pt_templates *templates, const char *tag, size_t len)
{
	const struct pt_template_language *language;
	size_t i;

	for (i = 0; i < templates->count; i++) {
		language = &templates->languages[i];
		if (strlen(language->tag) == len &&
		    strncasecmp(language->tag, tag, len) == 0)
			return language;
	}
	return NULL;
}

const struct pt_template_language *
pt_templates_find(const struct pt_templates *templates, const char *tag)
{
	const struct pt_template_language *language;

	language = find_tag(templates, tag, strlen(tag));
	if (language == NULL)
		language = find_tag(templates, tag, strcspn(tag, "-_"));
	return language == NULL ? &templates->languages[0] : language;
}
