/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _DEFAULT_SOURCE /* flock() */

#include "core/service/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/text.h"

#define SOCKET_FLAGS (SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
#define LOCK_SUFFIX  ".lock"

static int
fail(struct pt_err *err, int code, const char *path)
{
	return pt_err_sys(err,
	    code == EADDRINUSE || code == ENOSPC || code == EMFILE
		? PT_ERR_UNAVAILABLE
		: PT_ERR_CONFIG,
	    code, "cannot listen on %s", path);
}

static struct sockaddr_un
unix_address(const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};

	/* pt_listen_parse() has seen that it fits. */
	(void)pt_text_copy(un.sun_path, sizeof(un.sun_path), path);
	return un;
}

static int
lock_path(const char *path, struct pt_err *err)
{
	char name[PT_LISTEN_PATH_MAX + sizeof(LOCK_SUFFIX)];
	struct pt_text text;
	int code;
	int fd;

	pt_text_init(&text, name, sizeof(name));
	pt_text_add(&text, path);
	pt_text_add(&text, LOCK_SUFFIX);
	fd = open(
	    name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0 && errno == ENOENT)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot listen on %s: there is no such directory; make it "
		    "for the user of Postern's daemons, so that the mail "
		    "server can pass through it",
		    path);
	if (fd < 0)
		return pt_err_sys(
		    err, PT_ERR_CONFIG, errno, "cannot open %s", name);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	code = errno;
	(void)close(fd);
	if (code == EWOULDBLOCK)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "another daemon of Postern listens on %s", path);
	return pt_err_sys(
	    err, PT_ERR_UNAVAILABLE, code, "cannot lock %s", name);
}

/* Does anybody answer at the socket file that is there? */
static bool
is_alive(const struct sockaddr_un *un)
{
	int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	bool refused;

	if (fd < 0)
		return true;
	refused = connect(fd, (const struct sockaddr *)un, sizeof(*un)) != 0 &&
		  errno == ECONNREFUSED;
	(void)close(fd);
	return !refused;
}

static int
remove_stale(const struct sockaddr_un *un, struct pt_err *err)
{
	const char *path = un->sun_path;
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : fail(err, errno, path);
	if (!S_ISSOCK(st.st_mode))
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot listen on %s: it exists and is not a socket", path);
	if (is_alive(un))
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot listen on %s: another program listens there", path);
	if (unlink(path) != 0 && errno != ENOENT)
		return fail(err, errno, path);
	return 0;
}

static int
bind_unix(
    const struct sockaddr_un *un, struct pt_socket *sock, struct pt_err *err)
{
	sock->fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	if (sock->fd < 0)
		return fail(err, errno, un->sun_path);
	if (bind(sock->fd, (const struct sockaddr *)un, sizeof(*un)) == 0)
		return 0;
	(void)fail(err, errno, un->sun_path);
	(void)close(sock->fd);
	sock->fd = -1;
	return -1;
}

/* The file gets its mode with its name, so that it never has another. */
static int
make_unix(const struct sockaddr_un *un, const struct pt_socket_maker *maker,
    struct pt_socket *sock, struct pt_err *err)
{
	const char *path = un->sun_path;
	struct stat st;
	mode_t mask;
	int rc;

	mask = umask(S_IXUSR | S_IXGRP | S_IXOTH);
	rc = maker != NULL ? maker->make(maker->arg, err)
			   : bind_unix(un, sock, err);
	(void)umask(mask);
	if (rc != 0)
		return -1;
	if (lstat(path, &st) == 0) {
		sock->dev = st.st_dev;
		sock->ino = st.st_ino;
		return 0;
	}
	(void)fail(err, errno, path);
	if (sock->fd >= 0)
		(void)close(sock->fd);
	return -1;
}

static int
open_unix(const char *path, const struct pt_socket_maker *maker,
    struct pt_socket *sock, struct pt_err *err)
{
	struct sockaddr_un un = unix_address(path);

	sock->lock_fd = lock_path(path, err);
	if (sock->lock_fd < 0)
		return -1;
	if (remove_stale(&un, err) == 0 &&
	    make_unix(&un, maker, sock, err) == 0)
		return 0;
	(void)close(sock->lock_fd);
	return -1;
}

/* May we, as who we act now, make files in the directory of that path? */
static bool
may_write_beside(const char *path)
{
	char dir[PT_LISTEN_PATH_MAX + 1];
	char *slash;

	if (pt_text_copy(dir, sizeof(dir), path) != 0)
		return false;
	slash = strrchr(dir, '/');
	if (slash == NULL)
		return false;
	slash[slash == dir ? 1 : 0] = '\0';
	return faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) == 0;
}

/*
 * As root we act as the owner where the owner may write.  Where it may not,
 * only root can change names, and it is safe to hand the socket over.
 */
static int
open_unix_as(const char *path, const struct pt_owner *owner,
    const struct pt_socket_maker *maker, struct pt_socket *sock,
    struct pt_err *err)
{
	bool may;
	int rc;

	pt_privilege_borrow(owner);
	may = may_write_beside(path);
	if (owner->is_set && !may)
		pt_privilege_return(owner);
	rc = open_unix(path, maker, sock, err);
	if (may)
		pt_privilege_return(owner);
	if (rc != 0 || !owner->is_set || may)
		return rc;
	if (fchown(sock->lock_fd, owner->uid, owner->gid) == 0 &&
	    lchown(path, owner->uid, owner->gid) == 0)
		return 0;
	(void)pt_err_sys(
	    err, PT_ERR_CONFIG, errno, "cannot change owner of %s", path);
	(void)unlink(path);
	if (sock->fd >= 0)
		(void)close(sock->fd);
	(void)close(sock->lock_fd);
	return -1;
}

static int
bind_inet(const struct addrinfo *found)
{
	int one = 1;
	int code;
	int fd = socket(found->ai_family, SOCKET_FLAGS, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    bind(fd, found->ai_addr, found->ai_addrlen) == 0)
		return fd;
	code = errno;
	(void)close(fd);
	errno = code;
	return -1;
}

static int
open_inet(
    const struct pt_listen *address, struct pt_socket *sock, struct pt_err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICSERV | AI_PASSIVE};
	struct addrinfo *found;
	struct pt_text text;
	char name[PT_LISTEN_HOST_MAX + 8];
	char port[8];
	int rc;

	pt_text_init(&text, port, sizeof(port));
	pt_text_addf(&text, "%u", (unsigned)address->port);
	pt_text_init(&text, name, sizeof(name));
	pt_text_addf(&text, "%s:%s", address->host, port);
	rc = getaddrinfo(address->host, port, &hints, &found);
	if (rc != 0)
		return pt_err_set(err, PT_ERR_CONFIG, "cannot listen on %s: %s",
		    name, gai_strerror(rc));
	sock->lock_fd = -1;
	sock->fd = bind_inet(found);
	freeaddrinfo(found);
	return sock->fd < 0 ? fail(err, errno, name) : 0;
}

int
pt_socket_open(const struct pt_listen *address, const struct pt_owner *owner,
    struct pt_socket *out, struct pt_err *err)
{
	struct pt_socket sock = {.fd = -1, .lock_fd = -1};
	int rc;

	rc = address->is_unix
		 ? open_unix_as(address->path, owner, NULL, &sock, err)
		 : open_inet(address, &sock, err);
	if (rc == 0)
		*out = sock;
	return rc;
}

int
pt_socket_open_with(const struct pt_listen *address,
    const struct pt_owner *owner, const struct pt_socket_maker *maker,
    struct pt_socket *out, struct pt_err *err)
{
	struct pt_socket sock = {.fd = -1, .lock_fd = -1};
	int rc;

	rc = address->is_unix
		 ? open_unix_as(address->path, owner, maker, &sock, err)
		 : maker->make(maker->arg, err);
	if (rc == 0)
		*out = sock;
	return rc;
}

void
pt_socket_release(struct pt_socket *sock, const struct pt_listen *address)
{
	struct stat st;

	if (sock->lock_fd < 0)
		return;
	/* In a directory of root's we may not; the next start removes it. */
	if (lstat(address->path, &st) == 0 && st.st_dev == sock->dev &&
	    st.st_ino == sock->ino)
		(void)unlink(address->path);
	(void)close(sock->lock_fd);
	sock->lock_fd = -1;
}
