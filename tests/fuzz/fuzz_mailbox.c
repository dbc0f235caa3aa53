/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * One address field.  What is read lies inside the field and reads the same
 * when it stands alone, a fold before or after changes nothing, and names are
 * looked through whatever they hold.
 */
#include <string.h>

#include "core/base/text.h"
#include "core/rules/display_name.h"
#include "core/rules/mailbox.h"
#include "tests/fuzz/fuzz.h"

#define ADDRESS_MAX 1024

static void
check_inside(const char *at, size_t len, const char *value, size_t size)
{
	fuzz_check(
	    at >= value && len <= size && (size_t)(at - value) <= size - len,
	    "it lies inside the field");
}

/* The address alone is read as that address. */
static void
check_alone(const struct pt_mailbox *mailbox)
{
	struct pt_mailbox_reader reader;
	struct pt_mailbox again;
	char address[ADDRESS_MAX];
	size_t len = mailbox->local_len + 1 + mailbox->domain_len;

	if (len > sizeof(address))
		return;
	memcpy(address, mailbox->local, mailbox->local_len);
	address[mailbox->local_len] = '@';
	memcpy(address + mailbox->local_len + 1, mailbox->domain,
	    mailbox->domain_len);
	pt_mailbox_open(&reader, address, len);
	fuzz_check(pt_mailbox_next(&reader, &again) == 1, "it is readable");
	fuzz_check(again.local_len == mailbox->local_len, "same local part");
	fuzz_check(again.domain_len == mailbox->domain_len, "same domain");
	fuzz_check(pt_mailbox_next(&reader, &again) == 0, "it is one");
}

static void
take_shown(void *arg, const char *address, size_t len)
{
	size_t *shown = arg;
	const char *sign = memchr(address, '@', len);

	fuzz_check(sign != NULL && sign > address && sign + 1 < address + len,
	    "it has two parts");
	(*shown)++;
}

static void
check_names(const struct pt_mailbox *mailbox)
{
	size_t shown = 0;

	(void)pt_display_name_scan(
	    mailbox->name, mailbox->name_len, take_shown, &shown);
	(void)pt_display_name_scan(
	    mailbox->after, mailbox->after_len, take_shown, &shown);
	fuzz_check(shown <= 2 * (mailbox->name_len + mailbox->after_len),
	    "no more than fit in");
}

/* How many mailboxes, or -1. */
static long
count(const char *value, size_t size)
{
	struct pt_mailbox_reader reader;
	struct pt_mailbox mailbox;
	int rc;

	pt_mailbox_open(&reader, value, size);
	while ((rc = pt_mailbox_next(&reader, &mailbox)) == 1) {
		check_inside(mailbox.local, mailbox.local_len, value, size);
		check_inside(mailbox.domain, mailbox.domain_len, value, size);
		check_inside(mailbox.name, mailbox.name_len, value, size);
		check_inside(mailbox.after, mailbox.after_len, value, size);
		check_alone(&mailbox);
		check_names(&mailbox);
	}
	fuzz_check((rc == -1) == (reader.fault != NULL), "a fault says what");
	return rc == -1 ? -1 : (long)reader.count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *value = (const char *)data;
	char *folded = malloc(size + 6);
	long found = count(value, size);
	size_t shown = 0;

	if (folded == NULL)
		return 0;
	memcpy(folded, "\r\n ", 3);
	memcpy(folded + 3, value, size);
	memcpy(folded + 3 + size, "\n\t ", 3);
	/* A line end at the end becomes a fold by what follows. */
	if (found != -1)
		fuzz_check(count(folded, size + 6) == found,
		    "folds around it change nothing");
	free(folded);
	(void)pt_display_name_scan(value, size, take_shown, &shown);
	return 0;
}
