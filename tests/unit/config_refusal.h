/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Configurations that are refused, and with which words. */
#ifndef PT_TESTS_CONFIG_REFUSAL_H
#define PT_TESTS_CONFIG_REFUSAL_H

#include "core/base/attr.h"
#include "core/config/config.h"
#include "tests/unit/support/testing.h"

struct refusal {
	const char *text;
	const char *error; /* whole */
};

static inline void
config_check_refused(const struct refusal *cases, size_t n)
{
	struct pt_config *config = NULL;
	struct pt_err err;

	for (size_t i = 0; i < n; i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(
		    pt_config_parse("t.conf", cases[i].text, &config, &err),
		    -1);
		assert_string_equal(err.text, cases[i].error);
		assert_int_equal(err.kind, PT_ERR_CONFIG);
		assert_null(config);
	}
}

#endif
