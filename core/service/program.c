/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/service/program.h"

#include <getopt.h>
#include <stdio.h>

#include "core/base/err.h"
#include "core/config/config.h"

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void
print_usage(const struct pt_program *program, FILE *stream)
{
	(void)fprintf(stream,
	    "usage: %s [-c FILE]\n\n%s\n"
	    "  -c, --config FILE  configuration, instead of " PT_CONFIG_FILE
	    "\n"
	    "  -h, --help         this text\n"
	    "  -V, --version      version\n",
	    program->name, program->purpose);
}

int
pt_program_options(const struct pt_program *program, int argc, char **argv,
    const char **file_out)
{
	int option;

	*file_out = PT_CONFIG_FILE;
	while (
	    (option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			*file_out = optarg;
			break;
		case 'h':
			print_usage(program, stdout);
			return 0;
		case 'V':
			(void)printf("%s %s\n", program->name, POSTERN_VERSION);
			return 0;
		default:
			print_usage(program, stderr);
			return pt_err_exit_code(PT_ERR_USAGE);
		}
	}
	if (optind == argc)
		return -1;
	print_usage(program, stderr);
	return pt_err_exit_code(PT_ERR_USAGE);
}
