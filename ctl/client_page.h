/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The settings as a page to read: the text [client-config] of a language
 * (core/notice/template.h) with its values.  A line with {limit} or {period}
 * stands there once for each window of messages.
 */
#ifndef PC_CLIENT_PAGE_H
#define PC_CLIENT_PAGE_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/text.h"
#include "ctl/client.h"

/*
 * In the language of that tag, NULL: in the account's.  has_code: a QR code
 * for Thunderbird follows.
 */
int
pc_client_page_add(const struct pc_client *client, const char *language,
    bool has_code, struct pt_text *out, struct pt_err *err);

#endif
