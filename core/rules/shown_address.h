/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Finds addresses in a text that goes by character by character, as people see
 * it: a local part, an '@', and a domain with a dot in it; without the dot
 * where angle brackets mark it as an address.  Invisible characters are not
 * there, full-width forms are what they look like, and blanks, quotation marks
 * and brackets of every kind separate.
 */
#ifndef PT_RULES_SHOWN_ADDRESS_H
#define PT_RULES_SHOWN_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The last bytes of a local part, a power of two; one is shorter than that. */
#define PT_SHOWN_LOCAL_MAX  128
#define PT_SHOWN_DOMAIN_MAX 512

/* "local@domain", UTF-8, valid only during the call. */
typedef void
pt_shown_address_fn(void *arg, const char *address, size_t len);

struct pt_shown_address {
	pt_shown_address_fn *found;
	void *arg;
	bool has_sign;     /* an '@' came by */
	bool is_turned;    /* text whose direction is overridden came by */
	bool in_domain;    /* behind an '@' with a local part */
	size_t local_len;  /* all of it, also what has been overwritten */
	size_t domain_len; /* all of it, also what did not fit */
	char local[PT_SHOWN_LOCAL_MAX]; /* a ring */
	char domain[PT_SHOWN_DOMAIN_MAX];
};

void
pt_shown_address_init(
    struct pt_shown_address *shown, pt_shown_address_fn *found, void *arg);

void
pt_shown_address_take(struct pt_shown_address *shown, uint32_t character);

/* The text goes on, but perhaps not for everyone. */
void
pt_shown_address_look(struct pt_shown_address *shown);

/* The text is over. */
void
pt_shown_address_end(struct pt_shown_address *shown);

#endif
