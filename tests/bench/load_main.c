/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A load generator for policy servers; "load --help" lists its options.
 * Exit code 0; 1 if the run failed, connections were lost, or --expect-dunno
 * was not met; 64 for a wrong command line.
 */
#include <stdio.h>

#include "tests/bench/load_loop.h"

int
main(int argc, char **argv)
{
	static struct load_stats stats;
	struct load_options options;
	int rc = load_options_parse(&options, argc, argv);

	if (rc != 0)
		return rc == -1 ? 64 : 0;
	if (load_loop_run(&options, &stats) == -1)
		return 1;
	if (options.json)
		load_stats_print_json(&stats, stdout);
	else
		load_stats_print_text(&stats, stdout);
	if (stats.errors > 0) {
		(void)fprintf(stderr,
		    "load: connections lost or answers not understood\n");
		return 1;
	}
	if (options.expect_dunno && !load_stats_all_dunno(&stats)) {
		(void)fprintf(stderr, "load: not every answer was DUNNO\n");
		return 1;
	}
	return 0;
}
