/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* posternctl: the postmaster's command. */

#include <stdio.h>
#include <sys/stat.h>

#include "ctl/run.h"

int
main(int argc, char **argv)
{
	/* What is made here is nobody else's: backups hold all accounts. */
	(void)umask(S_IRWXG | S_IRWXO);
	return pc_run(argc, argv, stdout, stderr);
}
