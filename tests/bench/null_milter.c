/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The yardstick: a filter of libmilter that accepts everything and does
 * nothing else.  No filter of libmilter that also thinks can be faster with
 * the same steps.
 *
 *     null-milter SOCKET STEPS [STAGE=MACROS ...]
 *
 * STEPS are the SMFIP_ flags to negotiate, in hexadecimal: 0 answers each
 * callback.  STAGE and MACROS are what smfi_setsymlist() is to be told.
 * milter-load prints both of any filter.
 */

/* mfapi.h uses names of the BSDs. */
#define _DEFAULT_SOURCE

#include <stdbool.h>
#include <stdint.h>

#include <libmilter/mfapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTS_MAX 8

struct list {
	int stage;
	char *macros;
};

/* libmilter's callbacks have no argument of ours before a connection. */
static unsigned long steps;
static struct list lists[LISTS_MAX];
static size_t list_count;

static sfsistat
answer(unsigned long no_reply)
{
	return (steps & no_reply) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

static sfsistat
on_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1, unsigned long f2,
    unsigned long f3, unsigned long *pf0, unsigned long *pf1,
    unsigned long *pf2, unsigned long *pf3)
{
	size_t i;

	(void)f0;
	(void)f2;
	(void)f3;
	for (i = 0; i < list_count; i++)
		(void)smfi_setsymlist(ctx, lists[i].stage, lists[i].macros);
	*pf0 = SMFIF_ADDHDRS | (list_count > 0 ? SMFIF_SETSYMLIST : 0);
	*pf1 = steps & f1;
	*pf2 = 0;
	*pf3 = 0;
	return SMFIS_CONTINUE;
}

/* NOLINTBEGIN(readability-non-const-parameter): the types are libmilter's. */
static sfsistat
on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
	(void)ctx;
	(void)host;
	(void)address;
	return answer(SMFIP_NR_CONN);
}

static sfsistat
on_helo(SMFICTX *ctx, char *name)
{
	(void)ctx;
	(void)name;
	return answer(SMFIP_NR_HELO);
}

static sfsistat
on_mail(SMFICTX *ctx, char **arguments)
{
	(void)ctx;
	(void)arguments;
	return answer(SMFIP_NR_MAIL);
}

static sfsistat
on_rcpt(SMFICTX *ctx, char **arguments)
{
	(void)ctx;
	(void)arguments;
	return answer(SMFIP_NR_RCPT);
}

static sfsistat
on_data(SMFICTX *ctx)
{
	(void)ctx;
	return answer(SMFIP_NR_DATA);
}

static sfsistat
on_header(SMFICTX *ctx, char *name, char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
	return answer(SMFIP_NR_HDR);
}

static sfsistat
on_eoh(SMFICTX *ctx)
{
	(void)ctx;
	return answer(SMFIP_NR_EOH);
}

static sfsistat
on_body(SMFICTX *ctx, unsigned char *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	if ((steps & SMFIP_SKIP) != 0 && (steps & SMFIP_NR_BODY) == 0)
		return SMFIS_SKIP;
	return answer(SMFIP_NR_BODY);
}

/* NOLINTEND(readability-non-const-parameter) */

static sfsistat
on_eom(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_CONTINUE;
}

static bool
parse_list(char *text)
{
	char *equals = strchr(text, '=');

	if (equals == NULL || list_count == LISTS_MAX || text[0] < '0' ||
	    text[0] > '6' || equals != text + 1)
		return false;
	lists[list_count].stage = text[0] - '0';
	lists[list_count++].macros = equals + 1;
	return true;
}

static bool
parse(int argc, char **argv)
{
	char *end;
	int i;

	if (argc < 3)
		return false;
	steps = strtoul(argv[2], &end, 16);
	if (end == argv[2] || *end != '\0')
		return false;
	for (i = 3; i < argc; i++) {
		if (!parse_list(argv[i]))
			return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	static char name[] = "null-milter";
	struct smfiDesc filter = {.xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_flags = SMFIF_ADDHDRS | SMFIF_SETSYMLIST,
	    .xxfi_connect = on_connect,
	    .xxfi_helo = on_helo,
	    .xxfi_envfrom = on_mail,
	    .xxfi_envrcpt = on_rcpt,
	    .xxfi_data = on_data,
	    .xxfi_header = on_header,
	    .xxfi_eoh = on_eoh,
	    .xxfi_body = on_body,
	    .xxfi_eom = on_eom,
	    .xxfi_negotiate = on_negotiate};

	if (!parse(argc, argv)) {
		(void)fprintf(stderr, "usage: null-milter SOCKET STEPS "
				      "[STAGE=MACROS ...]\n");
		return 64;
	}
	if (smfi_register(filter) != MI_SUCCESS ||
	    smfi_setconn(argv[1]) != MI_SUCCESS ||
	    smfi_opensocket(true) != MI_SUCCESS) {
		(void)fprintf(
		    stderr, "null-milter: cannot listen on %s\n", argv[1]);
		return 1;
	}
	return smfi_main() == MI_SUCCESS ? 0 : 1;
}
