/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The steps of the milter protocol in their order, and their macros. */
#ifndef TESTS_BENCH_MILTER_STAGE_H
#define TESTS_BENCH_MILTER_STAGE_H

#include <stdint.h>

#define MILTER_STAGES       9 /* connect, helo ... end of message */
#define MILTER_STAGE_MACROS 8 /* of one stage, at most */

#define MILTER_MACRO_QUEUE_ID  "i"
#define MILTER_MACRO_RECIPIENT "{rcpt_addr}"

struct milter_macro {
	const char *name;
	const char *value; /* NULL: differs between messages */
};

struct milter_stage {
	char command;
	uint32_t no_step;  /* SMFIP_... that leave it out */
	uint32_t no_reply; /* that want no answer */
	uint32_t list;     /* of macros, that smfi_setsymlist() calls SMFIM_ */
	unsigned usual;    /* macros that are sent unless a list was told */
	struct milter_macro macros[MILTER_STAGE_MACROS];
};

extern const struct milter_stage milter_stages[MILTER_STAGES];

/* By stage, a bit for each of its macros: the usual ones. */
void
milter_stage_usual_macros(unsigned macros[MILTER_STAGES]);

/* Of a list, those that are among the "wanted" names. */
void
milter_stage_choose_macros(
    unsigned macros[MILTER_STAGES], uint32_t list, const char *wanted);

#endif
