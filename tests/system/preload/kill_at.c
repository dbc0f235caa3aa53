/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * For LD_PRELOAD: kills the process with SIGKILL at a step of its writing.
 *
 *	POSTERN_KILL_AT=N      the number of the step, from 1 on; 0: never
 *	POSTERN_KILL_LOG=FILE  gets a line for each step, with its number
 *
 * A step is the moment before a call that writes or syncs a file, and the
 * moments before and after the commit of a transaction of LMDB.  Programs that
 * the process starts are left alone.
 *
 * _GNU_SOURCE: RTLD_NEXT, syscall(), and the calls that are stood in for.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <lmdb.h>

static atomic_ulong steps;
static unsigned long kill_at;
static int log_fd = -1;

static void __attribute__((constructor)) begin(void)
{
	const char *at = getenv("POSTERN_KILL_AT");
	const char *file = getenv("POSTERN_KILL_LOG");

	if (at != NULL)
		kill_at = strtoul(at, NULL, 10);
	if (file != NULL)
		log_fd = open(file,
		    O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	(void)unsetenv("POSTERN_KILL_AT");
	(void)unsetenv("POSTERN_KILL_LOG");
}

static void
write_line(unsigned long number, const char *name)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "%lu %s\n", number, name);

	/* write(2) by its name would be a step, too. */
	if (len > 0)
		(void)syscall(SYS_write, log_fd, line, (size_t)len);
}

static void
step(const char *name)
{
	unsigned long number = atomic_fetch_add(&steps, 1) + 1;

	if (log_fd >= 0)
		write_line(number, name);
	if (number == kill_at)
		(void)raise(SIGKILL);
}

/*
 * What the name stands for behind this library.  A pointer to a function may
 * not be converted from one to data, but it has the same bytes.
 */
static void
find(const char *name, void *function, size_t size)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL || size != sizeof(found))
		abort();
	memcpy(function, &found, size);
}

#define FIND(function) find(#function, &real, sizeof(real))

ssize_t
write(int fd, const void *buf, size_t n)
{
	ssize_t (*real)(int, const void *, size_t);

	FIND(write);
	step("write");
	return real(fd, buf, n);
}

ssize_t
pwrite(int fd, const void *buf, size_t n, off_t offset)
{
	ssize_t (*real)(int, const void *, size_t, off_t);

	FIND(pwrite);
	step("pwrite");
	return real(fd, buf, n, offset);
}

ssize_t
pwrite64(int fd, const void *buf, size_t n, off64_t offset)
{
	ssize_t (*real)(int, const void *, size_t, off64_t);

	FIND(pwrite64);
	step("pwrite64");
	return real(fd, buf, n, offset);
}

ssize_t
writev(int fd, const struct iovec *iovec, int count)
{
	ssize_t (*real)(int, const struct iovec *, int);

	FIND(writev);
	step("writev");
	return real(fd, iovec, count);
}

ssize_t
pwritev(int fd, const struct iovec *iovec, int count, off_t offset)
{
	ssize_t (*real)(int, const struct iovec *, int, off_t);

	FIND(pwritev);
	step("pwritev");
	return real(fd, iovec, count, offset);
}

ssize_t
pwritev64(int fd, const struct iovec *iovec, int count, off64_t offset)
{
	ssize_t (*real)(int, const struct iovec *, int, off64_t);

	FIND(pwritev64);
	step("pwritev64");
	return real(fd, iovec, count, offset);
}

int
fsync(int fd)
{
	int (*real)(int);

	FIND(fsync);
	step("fsync");
	return real(fd);
}

int
fdatasync(int fildes)
{
	int (*real)(int);

	FIND(fdatasync);
	step("fdatasync");
	return real(fildes);
}

int
msync(void *addr, size_t len, int flags)
{
	int (*real)(void *, size_t, int);

	FIND(msync);
	step("msync");
	return real(addr, len, flags);
}

int
mdb_txn_commit(MDB_txn *txn)
{
	int (*real)(MDB_txn *);
	int rc;

	FIND(mdb_txn_commit);
	step("before-commit");
	rc = real(txn);
	step("after-commit");
	return rc;
}
