/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* posternctl: the postmaster's command. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "ctl/run.h"

/*
 * Called with standard output closed, the state's own file would get its
 * number, and the result would be written into it.  What takes its place
 * cannot be written (or read), so that the error is noticed.
 */
static int
reserve_descriptors(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		if (open("/dev/null",
			fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return -1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	if (reserve_descriptors() != 0)
		return EX_OSERR;
	/* What is made here is nobody else's: backups hold all accounts. */
	(void)umask(S_IRWXG | S_IRWXO);
	return pc_run(argc, argv, stdout, stderr);
}
