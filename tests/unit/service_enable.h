/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* External access for accounts of a state, for the tests of services. */
#ifndef PT_TESTS_SERVICE_ENABLE_H
#define PT_TESTS_SERVICE_ENABLE_H

#include "core/rules/external.h"
#include "tests/unit/support/store_fixture.h"

#define SECRET "abcd-efgh-ijkl-mnop-qrst-uvwx"

/* In an update function: access with one app password, and no notice of it. */
static inline void
service_enable(
    const struct pt_config *config, struct pt_records *records, int64_t now)
{
	static const unsigned char salt[PT_PASSWORD_SALT_BYTES] = {1};
	const struct pt_password_wish wish = {.label = "Phone"};
	const struct pt_external_actor actor = {
	    .who = "test", .note = "", .now = now};
	struct pt_err err;
	uint32_t id;

	if (pt_external_enable(config, records->account, 0, &wish, SECRET, salt,
		&actor, &id, &records->trail, &err) != 0)
		fail_msg("%s", err.text);
	records->trail.notice.kind = PT_NOTICE_NONE;
	records->account_changed = true;
}

#endif
