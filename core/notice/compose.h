/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * From a notice in the outbox to a whole mail, as sendmail(1) takes it: header
 * and body, lines ended by '\n'.
 *
 * The recipient in the header is the owner alone.  The Message-ID is made of
 * the entry, so that a notice that had to be sent twice can be known again.
 * What comes from outside (login, label, names) can add no line to the header
 * and no control to the body.
 *
 * Uses the process's time zone (core/base/zone.h), so it is for programs of
 * one thread.
 */
#ifndef PT_NOTICE_COMPOSE_H
#define PT_NOTICE_COMPOSE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/config/config.h"
#include "core/notice/template.h"
#include "core/state/account.h"
#include "core/state/notice.h"

#define PT_COMPOSE_MAX ((size_t)32 << 10)

struct pt_compose {
	const struct pt_config *config; /* notice { from } is set */
	const struct pt_templates *templates;
	const struct pt_account *account; /* language and time zone */
	const struct pt_outbox_entry *entry;
	const char *language; /* NULL: the account's */
	int64_t now;
};

/* What an owner reads: UTF-8, lines ended by '\n', as flow.h fills them. */
struct pt_compose_text {
	const struct pt_template_language *language;
	char subject[1024];
	char body[(size_t)12 << 10];
	size_t body_len;
};

/*
 * PT_ERR_CONFIG: the text grows too long; PT_ERR_INTERNAL: it is a kind that
 * has no text.
 */
int
pt_compose_text(const struct pt_compose *compose,
    struct pt_compose_text *text_out, struct pt_err *err);

/*
 * The whole mail; errors as above.  out has room for PT_COMPOSE_MAX bytes, NUL
 * included.
 */
int
pt_compose(const struct pt_compose *compose, char *out, size_t *len_out,
    struct pt_err *err);

#endif
