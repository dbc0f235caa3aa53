/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/listen.h"

#include <errno.h>
#include <string.h>

#include <libmilter/mfapi.h>

#include "core/base/text.h"

/* Mail servers connect in bursts. */
#define BACKLOG 1024

#define CONN_MAX (PT_LISTEN_HOST_MAX + PT_LISTEN_PATH_MAX + 32)

void
pm_listen_format(const struct pt_listen *address, char *buf, size_t cap)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	if (address->is_unix)
		pt_text_addf(&text, "unix:%s", address->path);
	else if (strchr(address->host, ':') != NULL)
		pt_text_addf(&text, "inet6:%u@[%s]", (unsigned)address->port,
		    address->host);
	else
		pt_text_addf(&text, "inet:%u@%s", (unsigned)address->port,
		    address->host);
}

static int
make(void *arg, struct pt_err *err)
{
	char *conn = arg;

	errno = 0;
	if (smfi_setconn(conn) == MI_SUCCESS &&
	    smfi_setbacklog(BACKLOG) == MI_SUCCESS &&
	    smfi_opensocket(false) == MI_SUCCESS)
		return 0;
	if (errno != 0)
		return pt_err_sys(
		    err, PT_ERR_CONFIG, errno, "cannot listen on %s", conn);
	return pt_err_set(err, PT_ERR_CONFIG,
	    "cannot listen on %s: libmilter's reason is in the mail log", conn);
}

int
pm_listen_open(struct pm_listen *listen, const char *text,
    const struct pt_owner *owner, struct pt_err *err)
{
	char conn[CONN_MAX];
	const struct pt_socket_maker maker = {.make = make, .arg = conn};

	if (pt_listen_parse(text, &listen->address, err) != 0)
		return -1;
	pm_listen_format(&listen->address, conn, sizeof(conn));
	return pt_socket_open_with(
	    &listen->address, owner, &maker, &listen->sock, err);
}

void
pm_listen_close(struct pm_listen *listen)
{
	if (listen->address.is_unix)
		pt_socket_release(&listen->sock, &listen->address);
}
