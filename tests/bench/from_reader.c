/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * How many bytes of header the From gate reads in a second:
 *
 *     from-reader [MILLISECONDS]
 *
 * Prints NAME=MB/s lines (10^6 bytes), each the best of several runs: an
 * ordinary header of 20 fields, a long honest From, and hostile ones.
 * NAME_us is what one of them takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/rules/from.h"

#define LONG_BYTES 60000
#define RUNS       5

struct field {
	const char *name;
	const char *value;
};

static const struct field ordinary[] = {
    {"Return-Path", "<alice@example.com>"},
    {"Received", "from [192.0.2.17] (dsl-17.example.net [192.0.2.17])\n"
		 " by mail.example.com (Postfix) with ESMTPSA id 4YkPq1z3c9f\n"
		 " for <bob@example.org>; Sat, 21 Nov 2026 12:00:00 +0000"},
    {"DKIM-Signature",
	"v=1; a=rsa-sha256; c=relaxed/simple; d=example.com; s=mail;\n"
	" t=1795262400; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\n"
	" h=Date:To:From:Subject:From;\n"
	" b=Zk8yQ2b0Y1dQm0v3cVxkT4Jt2aXo9n6l7sJ0e5h1rR3w4uQ8pLz6bKf2gMd1cHs"},
    {"Message-ID", "<1d7a1c6e-5f0a-4a57-9d2f-0c1f6b6a2f11@example.com>"},
    {"Date", "Sat, 21 Nov 2026 12:00:00 +0000"},
    {"MIME-Version", "1.0"},
    {"User-Agent", "Mozilla Thunderbird"},
    {"Subject", "=?UTF-8?Q?Protokoll_der_Sitzung_=C3=BCber_den_Haushalt?="},
    {"Content-Language", "de-DE, en-GB"},
    {"To", "Bob Jones <bob@example.org>, \"Smith, Carol\"\n"
	   " <carol.smith@example.net>"},
    {"Cc", "Team <team@example.org>"},
    {"From", "=?UTF-8?Q?Alice_M=C3=BCller?= <alice@example.com>"},
    {"Reply-To", "Alice <alice@example.com>"},
    {"In-Reply-To", "<CAF3xyz-8yJ0Qm2p1=7hXk5w@mail.example.org>"},
    {"References", "<20261119.A1B2C3@example.org>\n"
		   " <CAF3xyz-8yJ0Qm2p1=7hXk5w@mail.example.org>"},
    {"Autocrypt",
	"addr=alice@example.com; keydata=\n"
	" xjMEYWJjZBYJKwYBBAHaRw8BAQdAZm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3J"},
    {"X-Mozilla-Draft-Info", "internal/draft; vcard=0; receipt=0; DSN=0"},
    {"X-Priority", "3 (Normal)"},
    {"Content-Type", "multipart/mixed;\n"
		     " boundary=\"------------0Zb6m0S0c9x2J1r3WnqO8Yv5\""},
    {"Content-Transfer-Encoding", "8bit"},
};

/* A From of LONG_BYTES: head, as many units as fit, tail. */
static const struct {
	const char *name;
	const char *head;
	const char *unit;
	const char *tail;
} longs[] = {
    {"encoded_b", "", "=?UTF-8?B?0JDQu9C40YHQsCDQnNGO0LvQu9C10YA=?=\n ",
	"<alice@example.com>"},
    {"encoded_q", "", "=?UTF-8?Q?Alice_M=C3=BCller_und_S=C3=B6hne?=\n ",
	"<alice@example.com>"},
    {"quoted_utf8", "\"", "Alice M\xc3\xbcller ", "\" <alice@example.com>"},
    {"comment", "alice@example.com (", "Alice Miller ", ")"},
    {"deep_comments", "", "(", ""},
    {"flat_comments", "", "(a)", " <alice@example.com>"},
    {"backslashes", "\"", "\\\\", "\" <alice@example.com>"},
    {"escaped_letters", "\"?@", "\\=", "\" <alice@example.com>"},
    {"angles", "", "<", ""},
    {"angles_quoted", "\"", "<a@b.cc>", "\" <alice@example.com>"},
    {"signs", "\"", "a@", "\" <alice@example.com>"},
    {"words_begun", "\"", "=?a?q?", "\" <alice@example.com>"},
    {"words_loose", "\"", "=?a?q?b c", "\" <alice@example.com>"},
    {"words_and_parentheses", "\"", "=?a?q?b?=(", "\" <alice@example.com>"},
    {"words_and_comments", "", "=?a?q?b?=(c)", " <alice@example.com>"},
    {"charset_long", "\"", "=?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"\" <alice@example.com>"},
    {"folds", "", "\n ", "<alice@example.com>"},
    {"dots", "a", ".b", " <alice@example.com>"},
    {"list", "", "a@b.cc,", "alice@example.com"},
    {"invisible", "\"a@", "\xe2\x80\x8b", "\" <alice@example.com>"},
};

static double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t
read_fields(struct pt_from *from, const struct field *fields, size_t count,
    const size_t *lens)
{
	size_t bytes = 0;
	size_t i;

	pt_from_init(from);
	for (i = 0; i < count; i++) {
		size_t name_len = strlen(fields[i].name);

		pt_from_add(
		    from, fields[i].name, name_len, fields[i].value, lens[i]);
		bytes += name_len + lens[i] + 4;
	}
	return bytes;
}

static void
measure(
    const char *name, const struct field *fields, size_t count, double at_least)
{
	static struct pt_from from;
	size_t lens[PT_ARRAY_LEN(ordinary)];
	double best = 0;
	double one = 0;
	size_t i;
	int run;

	for (i = 0; i < count; i++)
		lens[i] = strlen(fields[i].value);
	for (run = 0; run < RUNS; run++) {
		double begin = seconds();
		double spent;
		size_t bytes = 0;
		size_t times = 0;

		do {
			for (i = 0; i < 16; i++)
				bytes +=
				    read_fields(&from, fields, count, lens);
			times += 16;
			spent = seconds() - begin;
		} while (spent < at_least / RUNS);
		if ((double)bytes / spent > best) {
			best = (double)bytes / spent;
			one = spent / (double)times;
		}
	}
	(void)printf(
	    "%s=%.1f\n%s_us=%.2f\n", name, best / 1e6, name, one * 1e6);
}

int
main(int argc, char **argv)
{
	static char value[LONG_BYTES + 1];
	struct field field = {"From", value};
	uint64_t milliseconds = 100;
	size_t i;

	if (argc > 2 ||
	    (argc == 2 && !pt_text_to_u64(argv[1], 60000, &milliseconds))) {
		(void)fprintf(stderr, "usage: from-reader [MILLISECONDS]\n");
		return 64;
	}
	measure("ordinary", ordinary, PT_ARRAY_LEN(ordinary),
	    (double)milliseconds / 1e3);
	for (i = 0; i < PT_ARRAY_LEN(longs); i++) {
		size_t tail = strlen(longs[i].tail);
		struct pt_text text;

		pt_text_init(&text, value, sizeof(value));
		pt_text_add(&text, longs[i].head);
		while (text.len + strlen(longs[i].unit) + tail <= LONG_BYTES)
			pt_text_add(&text, longs[i].unit);
		pt_text_add(&text, longs[i].tail);
		measure(longs[i].name, &field, 1, (double)milliseconds / 1e3);
	}
	return 0;
}
