/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One connection to a milter, as an MTA keeps it: it negotiates version 6,
 * sends the steps and macros that the filter asked for and no others, waits
 * for a reply only where the filter gives one, and keeps back what needs none
 * until something does, as Postfix does.  Not blocking; one thread.
 */
#ifndef TESTS_BENCH_MILTER_CLIENT_H
#define TESTS_BENCH_MILTER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/bench_address.h"
#include "tests/bench/milter_mail.h"
#include "tests/bench/milter_stage.h"

/* What came of feeding a client. */
enum milter_event {
	MILTER_EVENT_NONE,     /* it waits */
	MILTER_EVENT_READY,    /* it may be given a message */
	MILTER_EVENT_ACCEPTED, /* a message; so it is ready again */
	MILTER_EVENT_REFUSED,  /* a message; so it is ready again */
	MILTER_EVENT_LOST,     /* the filter said what it must not, or went */
};

struct milter_client {
	int fd; /* -1: none */
	bool negotiated;
	bool in_message;
	bool skips_body; /* the filter said SKIP */
	unsigned stage;  /* the next to send; or whose reply is awaited */
	size_t field;    /* the next header field */
	uint32_t replies;
	uint32_t steps; /* SMFIP_... that the filter asked for */
	/* What it told smfi_setsymlist(): "2={auth_authen} i" and a NUL each;
	 * as much as fits, then another NUL. */
	char symbols[1024];
	struct milter_mail mail;
	uint64_t begun_ns;
	/* By stage, the macros to send; a bit for each of its table. */
	unsigned macros[MILTER_STAGES];
	struct milter_header header;
	size_t in_len;
	unsigned char in[2048];
	size_t out_len;
	unsigned char out[16384];
};

/* Connects and begins to negotiate.  -1 with errno. */
int
milter_client_open(
    struct milter_client *client, const struct bench_address *address);

/* Says goodbye. */
void
milter_client_close(struct milter_client *client);

/* The client must be ready. */
enum milter_event
milter_client_send(
    struct milter_client *client, const struct milter_mail *mail);

/* When there is something to read. */
enum milter_event
milter_client_read(struct milter_client *client);

#endif
