/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The policy requests that the load generator sends: all 29 attributes of
 * Postfix 3.7, in its order, about 700 bytes.  The text is built once for each
 * stage; what differs between messages has a fixed width and is written over
 * in place, so that a request costs the generator next to nothing.
 */
#ifndef TESTS_BENCH_LOAD_REQUEST_H
#define TESTS_BENCH_LOAD_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#define LOAD_REQUEST_MAX_ACCOUNTS   9999999
#define LOAD_REQUEST_MAX_RECIPIENTS 10000000
#define LOAD_REQUEST_MIN_SIZE       10000
#define LOAD_REQUEST_MAX_SIZE       99999

enum load_request_stage {
	LOAD_REQUEST_RCPT,
	LOAD_REQUEST_END_OF_MESSAGE,
};

/*
 * What differs between messages.  number is never used twice, also not by
 * another run: microseconds since 1970 when the run began, plus one for each
 * message.  It becomes the queue id and the instance.
 */
struct load_message {
	uint64_t number;
	uint32_t account;   /* login user0000001@example.com for 1 */
	uint32_t recipient; /* below LOAD_REQUEST_MAX_RECIPIENTS */
	uint32_t size;      /* bytes, five digits */
};

/* What is written over; LOAD_REQUEST_FIXED stands for "nothing". */
enum load_request_field {
	LOAD_REQUEST_FIXED,
	LOAD_REQUEST_SENDER,
	LOAD_REQUEST_RECIPIENT,
	LOAD_REQUEST_QUEUE_ID,
	LOAD_REQUEST_INSTANCE,
	LOAD_REQUEST_SIZE,
	LOAD_REQUEST_LOGIN,
	LOAD_REQUEST_FIELDS,
};

/* A place in the text; width 0 where this stage has nothing to change. */
struct load_place {
	size_t at;
	size_t width;
};

struct load_request {
	size_t len;
	struct load_place places[LOAD_REQUEST_FIELDS];
	char text[1024];
};

/* pid keeps two generators apart that run at the same time. */
void
load_request_init(
    struct load_request *r, enum load_request_stage stage, uint32_t pid);

void
load_request_patch(struct load_request *r, const struct load_message *m);

#endif
