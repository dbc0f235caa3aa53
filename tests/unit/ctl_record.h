/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Objects of a dump, for the tests of what is read of them. */
#ifndef PT_TESTS_CTL_RECORD_H
#define PT_TESTS_CTL_RECORD_H

#include <jansson.h>

#include "core/base/err.h"
#include "tests/unit/support/testing.h"

static inline json_t *
read_object(const char *text)
{
	json_error_t error;
	json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (object == NULL)
		fail_msg("%s: %s", text, error.text);
	return object;
}

/* A member of an object within the record replaced by something. */
struct change {
	const char *member;
	const char *value;
	const char *text; /* of the message */
};

static inline void
set_member(json_t *object, const struct change *change)
{
	json_t *value = json_loads(change->value, JSON_DECODE_ANY, NULL);

	if (value == NULL)
		fail_msg("%s: no JSON", change->value);
	assert_int_equal(json_object_set_new(object, change->member, value), 0);
}

/* A record that was changed, and what reading it gave. */
static inline void
check_refused(const struct change *change, int rc, const struct pt_err *err)
{
	if (rc == 0)
		fail_msg("%s = %s passes", change->member, change->value);
	if (strstr(err->text, change->text) == NULL)
		fail_msg(
		    "%s = %s: %s", change->member, change->value, err->text);
}

#endif
