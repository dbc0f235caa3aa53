/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What a process with one thread has used since this program began:
 *
 *     process-cost PID
 *
 * For each line on standard input prints one JSON object: instructions in the
 * program ("user") and in the kernel on its behalf ("kernel"), null where the
 * machine or its administrator does not let us count, and nanoseconds of
 * processor time ("ns"), which are always there.
 */
#define _DEFAULT_SOURCE /* syscall() */

#include <inttypes.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 64

/* -1 if they cannot be counted. */
static int
open_counter(pid_t pid, bool in_kernel)
{
	struct perf_event_attr attr = {
	    .type = PERF_TYPE_HARDWARE,
	    .size = sizeof(attr),
	    .config = PERF_COUNT_HW_INSTRUCTIONS,
	    /* All the time or not at all: a part of it would mislead. */
	    .pinned = 1,
	    .exclude_user = in_kernel,
	    .exclude_kernel = !in_kernel,
	    .exclude_hv = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1, 0);
}

static void
print_counter(const char *name, int fd)
{
	uint64_t count;

	if (fd != -1 && read(fd, &count, sizeof(count)) == sizeof(count))
		(void)printf("\"%s\": %" PRIu64 ", ", name, count);
	else
		(void)printf("\"%s\": null, ", name);
}

static int
print_costs(int user, int kernel, clockid_t clock)
{
	struct timespec used;

	/* Fails when the process has ended. */
	if (clock_gettime(clock, &used) != 0) {
		perror("process-cost");
		return -1;
	}
	(void)putchar('{');
	print_counter("user", user);
	print_counter("kernel", kernel);
	(void)printf("\"ns\": %" PRId64 "}\n",
	    (int64_t)used.tv_sec * 1000000000 + used.tv_nsec);
	return fflush(stdout);
}

int
main(int argc, char **argv)
{
	char line[LINE_MAX_BYTES];
	long pid = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	clockid_t clock;
	int user;
	int kernel;

	if (pid < 1) {
		(void)fprintf(stderr, "usage: process-cost PID\n");
		return 64;
	}
	if (clock_getcpuclockid((pid_t)pid, &clock) != 0) {
		(void)fprintf(
		    stderr, "process-cost: cannot find process %ld\n", pid);
		return 1;
	}
	user = open_counter((pid_t)pid, false);
	kernel = open_counter((pid_t)pid, true);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (print_costs(user, kernel, clock) != 0)
			return 1;
	}
	return 0;
}
