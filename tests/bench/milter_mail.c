/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/milter_mail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COMMAND   'L' /* SMFIC_HEADER */
#define NO_LOGIN  "user0000000@example.com"
#define NO_ID     "000000000000"
#define FROM      "\"Ann K. Example\" <" NO_LOGIN ">"
#define ID        "<" NO_ID ".0a1b2c3d@mail.example.com>"
#define REFERENCE "<20260105.8f21@lists.example.net>"

static const struct {
	const char *name;
	const char *value;
} fields[MILTER_MAIL_FIELDS] = {
    {"Received", "from [192.0.2.17] (client.example.org [192.0.2.17])\n"
		 "\tby mail.example.com (Postfix) with ESMTPSA id 4XyZ12\n"
		 "\tfor <friend@example.org>; Tue, 6 Jan 2026 10:11:12 +0200"},
    {"Message-ID", ID},
    {"Date", "Tue, 6 Jan 2026 10:11:12 +0200"},
    {"MIME-Version", "1.0"},
    {"User-Agent", "Mozilla Thunderbird"},
    {"Subject", "=?UTF-8?B?UsSrdGEgc2Fuxytwc21lIHVuIHBsxIFucyBuZWTEk8S8YWk"
		"=?="},
    {"From", FROM},
    {"Content-Language", "lv, en-GB"},
    {"To", "Friend <friend@example.org>, \"Second, A.\" <b@example.org>"},
    {"Cc", "team@example.net"},
    {"In-Reply-To", REFERENCE},
    {"References", REFERENCE "\n <20260104.77aa@lists.example.net>\n"
			     " <20260103.0c55@lists.example.net>"},
    {"Organization", "Example Ltd"},
    {"Autocrypt", "addr=" NO_LOGIN "; keydata=xjMEXDYJ4BYJKwYBBAHaRw8BAQdA"
		  "n8uC7nAd1t8vQmS1sY2b9Kf0Y"},
    {"X-Priority", "3 (Normal)"},
    {"X-Mozilla-Draft-Info", "internal/draft; vcard=0; receipt=0; DSN=0"},
    {"X-Identity-Key", "id1"},
    {"Disposition-Notification-To", "<" NO_LOGIN ">"},
    {"Content-Type", "text/plain; charset=UTF-8; format=flowed"},
    {"Content-Transfer-Encoding", "8bit"},
};

void
milter_mail_login(uint32_t account, char login[MILTER_MAIL_LOGIN])
{
	(void)snprintf(
	    login, MILTER_MAIL_LOGIN, "user%07" PRIu32 "@example.com", account);
}

void
milter_mail_queue_id(uint64_t number, char queue_id[16])
{
	(void)snprintf(
	    queue_id, 16, "%012" PRIX64, number & UINT64_C(0xffffffffffff));
}

void
milter_mail_recipient(uint32_t recipient, char address[MILTER_MAIL_LOGIN])
{
	(void)snprintf(address, MILTER_MAIL_LOGIN,
	    "friend%08" PRIu32 "@example.org", recipient);
}

static void
put(struct milter_header *header, const void *bytes, size_t len)
{
	memcpy(header->packets + header->len, bytes, len);
	header->len += len;
}

static void
put_field(struct milter_header *header, const char *name, const char *value,
    bool leading_space)
{
	size_t len = 1 + strlen(name) + 1 + leading_space + strlen(value) + 1;
	const unsigned char head[5] = {
	    0, 0, (unsigned char)(len >> 8), (unsigned char)len, COMMAND};

	put(header, head, sizeof(head));
	put(header, name, strlen(name) + 1);
	put(header, " ", leading_space);
	put(header, value, strlen(value) + 1);
}

void
milter_header_init(struct milter_header *header, bool leading_space)
{
	const char *at;
	size_t i;

	memset(header, 0, sizeof(*header));
	for (i = 0; i < MILTER_MAIL_FIELDS; i++) {
		header->starts[i] = header->len;
		put_field(
		    header, fields[i].name, fields[i].value, leading_space);
		at = header->packets + header->len - 1;
		if (strcmp(fields[i].name, "From") == 0)
			header->login_at = (size_t)(at - header->packets) - 1 -
					   strlen(NO_LOGIN);
		else if (strcmp(fields[i].name, "Message-ID") == 0)
			header->id_at =
			    (size_t)(at - header->packets) - strlen(ID) + 1;
	}
	header->starts[MILTER_MAIL_FIELDS] = header->len;
}

void
milter_header_patch(
    struct milter_header *header, const struct milter_mail *mail)
{
	char login[MILTER_MAIL_LOGIN];
	char queue_id[16];

	milter_mail_login(mail->account, login);
	milter_mail_queue_id(mail->number, queue_id);
	memcpy(header->packets + header->login_at, login, strlen(NO_LOGIN));
	memcpy(header->packets + header->id_at, queue_id, strlen(NO_ID));
}

const char *
milter_mail_body(void)
{
	static const char line[] =
	    "Good morning, here are the minutes of the meeting of Monday.\r\n";
	static char body[MILTER_MAIL_BODY];
	size_t i;

	if (body[0] == '\0') {
		for (i = 0; i < sizeof(body); i++)
			body[i] = line[i % (sizeof(line) - 1)];
	}
	return body;
}
