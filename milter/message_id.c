/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _DEFAULT_SOURCE /* getentropy() */

#include "milter/message_id.h"

#include <unistd.h>

#include "core/base/text.h"

#define ID_BYTES 16

int
pm_message_id_make(const struct pt_login *login, char *buf, size_t cap)
{
	unsigned char bytes[ID_BYTES];
	struct pt_text text;
	size_t i;

	if (getentropy(bytes, sizeof(bytes)) != 0)
		return -1;
	pt_text_init(&text, buf, cap);
	pt_text_add(&text, "<");
	for (i = 0; i < sizeof(bytes); i++)
		pt_text_addf(&text, "%02x", (unsigned)bytes[i]);
	pt_text_addf(&text, "@%s>", pt_login_domain_of(login));
	return text.cut ? -1 : 0;
}
