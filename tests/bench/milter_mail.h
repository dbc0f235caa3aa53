/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The messages that the milter generator sends: 20 header fields as a mail
 * program writes them, From and Message-ID among them, and a body of 4 kB.
 * The fields are made once as packets of the milter protocol; what differs
 * between messages has a fixed width and is written over in place.
 */
#ifndef TESTS_BENCH_MILTER_MAIL_H
#define TESTS_BENCH_MILTER_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MILTER_MAIL_FIELDS   20
#define MILTER_MAIL_BODY     4096
#define MILTER_MAIL_ACCOUNTS 9999999
#define MILTER_MAIL_LOGIN    64 /* room for a login and a NUL */

/*
 * number is never used twice, also not by another run: microseconds since
 * 1970 when the run began, plus one for each message.
 */
struct milter_mail {
	uint64_t number;
	uint32_t account; /* login user0000001@example.com for 1 */
	uint32_t recipient;
};

/* All packets of the header, one after the other. */
struct milter_header {
	size_t len;
	size_t starts[MILTER_MAIL_FIELDS + 1]; /* of each; then the end */
	size_t login_at;
	size_t id_at;
	char packets[4096];
};

void
milter_mail_login(uint32_t account, char login[MILTER_MAIL_LOGIN]);

/* 12 hexadecimal digits */
void
milter_mail_queue_id(uint64_t number, char queue_id[16]);

void
milter_mail_recipient(uint32_t recipient, char address[MILTER_MAIL_LOGIN]);

/* leading_space: the filter wants the blank after the colon, too. */
void
milter_header_init(struct milter_header *header, bool leading_space);

void
milter_header_patch(
    struct milter_header *header, const struct milter_mail *mail);

/* The body, made at the first call. */
const char *
milter_mail_body(void);

#endif
