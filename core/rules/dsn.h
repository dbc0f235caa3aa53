/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Reads delivery status notifications (RFC 3461 to 3464, RFC 6522): which
 * recipients of which message failed for good, and who says so.
 *
 * Fed with the header fields of a message and then, if it may be one, with its
 * body in chunks of any size.  It looks at the message/delivery-status part
 * (or message/global-delivery-status, RFC 6533) and at the header of the
 * returned message, and at nothing else; base64 and quoted-printable of these
 * parts are undone.  What is not a well-formed report proves nothing: no
 * error, is_report stays false.  Parts within parts are not opened: a report
 * that was put into something else is no report to the account.
 *
 * Fixed size, no allocation, linear time.
 */
#ifndef PT_RULES_DSN_H
#define PT_RULES_DSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/login.h"

#define PT_DSN_RECIPIENTS_MAX 50 /* more of one report are not looked at */
#define PT_DSN_ID_MAX         998
#define PT_DSN_HOST_MAX       253

/* Sizes of the reader's own memory; longer ones are not understood. */
#define PT_DSN_BOUNDARY_MAX 70   /* RFC 2046 section 5.1.1 */
#define PT_DSN_LINE_MAX     1000 /* RFC 5322 section 2.1.1: 998 */
#define PT_DSN_FIELD_MAX    2048

/* A recipient with Action: failed and a Status of class 5. */
struct pt_dsn_recipient {
	/* Original-Recipient if there is one, Final-Recipient; as addresses.
	 * len 0: none, or unreadable. */
	struct pt_login original;
	struct pt_login final;
};

/* What a Content-Type says. */
enum pt_dsn_kind {
	PT_DSN_KIND_OTHER,
	PT_DSN_KIND_REPORT,   /* multipart/report of delivery */
	PT_DSN_KIND_STATUS,   /* message/delivery-status */
	PT_DSN_KIND_RETURNED, /* message/rfc822, or its header alone */
};

enum pt_dsn_encoding {
	PT_DSN_ENCODING_NONE,
	PT_DSN_ENCODING_BASE64,
	PT_DSN_ENCODING_QUOTED,
	PT_DSN_ENCODING_UNKNOWN,
};

enum pt_dsn_state {
	PT_DSN_HEADER,
	PT_DSN_BETWEEN,     /* before the first part, or in one of no use */
	PT_DSN_PART_HEADER, /* of any part */
	PT_DSN_STATUS,
	PT_DSN_RETURNED,
	PT_DSN_DONE,
};

/* A header field that is being put together from its lines. */
struct pt_dsn_field {
	bool is_open;
	bool is_cut;    /* longer than there is room for */
	bool is_inside; /* of a line, not at its start */
	size_t len;
	char text[PT_DSN_FIELD_MAX];
};

/* Header fields of a part, or of the message itself. */
struct pt_dsn_part {
	unsigned types;
	unsigned encodings;
	enum pt_dsn_kind kind;
	enum pt_dsn_encoding encoding;
	uint32_t base64; /* bits that make no byte yet */
	unsigned base64_bits;
	bool base64_ended;
};

/* A block of fields of the status part. */
struct pt_dsn_block {
	unsigned seen; /* fields, as bits */
	bool is_bad;   /* a field came twice, or is longer than there is room */
	bool is_failed;
	bool is_permanent;
	struct pt_dsn_recipient recipient;
};

struct pt_dsn {
	bool is_report;   /* of failures; known after pt_dsn_finish() */
	bool from_a_list; /* the returned mail went through a mailing list */
	char reporting_mta[PT_DSN_HOST_MAX + 1]; /* lower case; or "" */
	size_t message_id_len; /* of the returned mail, with its brackets */
	char message_id[PT_DSN_ID_MAX + 1];
	unsigned count;
	struct pt_dsn_recipient recipients[PT_DSN_RECIPIENTS_MAX];

	/* The reader's own state follows. */
	enum pt_dsn_state state;
	size_t boundary_len;
	char boundary[PT_DSN_BOUNDARY_MAX + 1];
	struct pt_dsn_part part;
	struct pt_dsn_field field;
	struct pt_dsn_block block;
	unsigned blocks;
	unsigned status_parts;
	bool status_is_whole;
	bool is_broken; /* the status part cannot be trusted */
	bool returned_is_whole;
	unsigned message_ids;
	bool line_is_cut;
	size_t line_len;
	char line[PT_DSN_LINE_MAX];
};

void
pt_dsn_init(struct pt_dsn *dsn);

/* One header field of the message; as pt_from_add(). */
void
pt_dsn_add_field(struct pt_dsn *dsn, const char *name, size_t name_len,
    const char *value, size_t value_len);

/* At the end of the header: may it be a report, so that its body matters? */
bool
pt_dsn_wants_body(const struct pt_dsn *dsn);

/* The next bytes of the body.  false: no more are needed. */
bool
pt_dsn_add_body(struct pt_dsn *dsn, const char *at, size_t len);

/* At the end of the body. */
void
pt_dsn_finish(struct pt_dsn *dsn);

#endif
