/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* mktables keys|reasons|commands|columns: a table of the code as mdoc(7). */

#include "tools/mktables.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/base/attr.h"

static const struct {
	const char *name;
	void (*print)(void);
} tables[] = {
    {"keys", mktables_keys},
    {"reasons", mktables_reasons},
    {"commands", mktables_commands},
    {"columns", mktables_columns},
};

void
mktables_word(const char *at)
{
	for (; *at != '\0'; at++) {
		if (*at == '"')
			(void)fputs("\\(dq", stdout);
		else if (*at == '\\')
			(void)fputs("\\e", stdout);
		else
			(void)putchar(*at);
	}
}

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < PT_ARRAY_LEN(tables); i++) {
		if (strcmp(argv[1], tables[i].name) != 0)
			continue;
		tables[i].print();
		if (fflush(stdout) == 0)
			return 0;
		(void)fputs("mktables: cannot write the table\n", stderr);
		return EX_IOERR;
	}
	(void)fputs("usage: mktables keys|reasons|commands|columns\n", stderr);
	return EX_USAGE;
}
