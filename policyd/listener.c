/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/listener.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/listen.h"
#include "policyd/connection.h"

/* The kernel caps it at net.core.somaxconn. */
#define BACKLOG 4096

struct listener {
	struct pd_link link; /* first: see list.h */
	struct pd_listeners *set;
	bool is_waiting; /* a client could not be taken */
	struct pt_socket sock;
	struct pt_listen address;
	union pd_stream uv;
	char text[]; /* as configured */
};

void
pd_listeners_init(
    struct pd_listeners *set, uv_loop_t *loop, struct pd_clients *clients)
{
	pd_list_init(&set->list);
	set->loop = loop;
	set->clients = clients;
	set->count = 0;
}

static void
take_client(struct listener *listener)
{
	listener->is_waiting =
	    pd_connection_accept(listener->set->clients, &listener->uv.stream,
		listener->address.is_unix) != 0;
}

static void
on_connection(uv_stream_t *stream, int status)
{
	struct listener *listener = stream->data;
	struct pd_clients *clients = listener->set->clients;

	if (status == 0)
		take_client(listener);
	else
		pd_report_client(clients->report, "accept-failed",
		    uv_strerror(status), pd_clients_now(clients));
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static int
open_handle(struct listener *listener)
{
	return listener->address.is_unix
		   ? uv_pipe_open(&listener->uv.pipe, listener->sock.fd)
		   : uv_tcp_open(&listener->uv.tcp, listener->sock.fd);
}

/* On error the listener is gone, or going. */
static int
start(struct listener *listener, const char **why_out)
{
	uv_loop_t *loop = listener->set->loop;
	int rc;

	rc = listener->address.is_unix
		 ? uv_pipe_init(loop, &listener->uv.pipe, 0)
		 : uv_tcp_init(loop, &listener->uv.tcp);
	if (rc != 0) {
		*why_out = uv_strerror(rc);
		pt_socket_release(&listener->sock, &listener->address);
		(void)close(listener->sock.fd);
		free(listener);
		return -1;
	}
	listener->uv.handle.data = listener;
	rc = open_handle(listener);
	if (rc != 0)
		(void)close(listener->sock.fd);
	else
		rc = uv_listen(&listener->uv.stream, BACKLOG, on_connection);
	if (rc == 0)
		return 0;
	*why_out = uv_strerror(rc);
	pt_socket_release(&listener->sock, &listener->address);
	uv_close(&listener->uv.handle, on_closed);
	return -1;
}

static struct listener *
open_one(struct pd_listeners *set, const char *text,
    const struct pt_owner *owner, struct pt_err *err)
{
	size_t size = strlen(text) + 1;
	struct listener *listener = calloc(1, sizeof(*listener) + size);
	const char *why;

	if (listener == NULL) {
		(void)pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot listen on %s: out of memory", text);
		return NULL;
	}
	memcpy(listener->text, text, size);
	listener->set = set;
	if (pt_listen_parse(text, &listener->address, err) != 0 ||
	    pt_socket_open(&listener->address, owner, &listener->sock, err) !=
		0) {
		free(listener);
		return NULL;
	}
	if (start(listener, &why) == 0)
		return listener;
	(void)pt_err_set(
	    err, PT_ERR_UNAVAILABLE, "cannot listen on %s: %s", text, why);
	return NULL;
}

static void
close_one(struct pd_listeners *set, struct listener *listener)
{
	pd_list_remove(&listener->link);
	pt_socket_release(&listener->sock, &listener->address);
	uv_close(&listener->uv.handle, on_closed);
	set->count--;
}

static bool
is_wanted(const struct pt_strings *wanted, const char *text)
{
	size_t i;

	for (i = 0; i < wanted->count; i++) {
		if (strcmp(wanted->at[i], text) == 0)
			return true;
	}
	return false;
}

static bool
is_open(const struct pd_link *list, const char *text)
{
	const struct pd_link *link;

	for (link = list->next; link != list; link = link->next) {
		if (strcmp(((const struct listener *)link)->text, text) == 0)
			return true;
	}
	return false;
}

void
pd_listeners_close(struct pd_listeners *set)
{
	struct pd_link *first;

	while ((first = pd_list_first(&set->list)) != NULL)
		close_one(set, (struct listener *)first);
}

static int
open_new(struct pd_listeners *set, const struct pd_listeners *old,
    const struct pt_strings *wanted, const struct pt_owner *owner,
    struct pt_err *err)
{
	struct listener *listener;
	size_t i;

	for (i = 0; i < wanted->count; i++) {
		if (is_open(&old->list, wanted->at[i]) ||
		    is_open(&set->list, wanted->at[i]))
			continue;
		listener = open_one(set, wanted->at[i], owner, err);
		if (listener == NULL)
			return -1;
		pd_list_init(&listener->link);
		pd_list_move(&listener->link, &set->list);
		set->count++;
	}
	return 0;
}

int
pd_listeners_prepare(const struct pd_listeners *set,
    const struct pt_strings *wanted, const struct pt_owner *owner,
    struct pd_listeners *fresh, struct pt_err *err)
{
	pd_listeners_init(fresh, set->loop, set->clients);
	if (open_new(fresh, set, wanted, owner, err) == 0)
		return 0;
	pd_listeners_close(fresh);
	return -1;
}

void
pd_listeners_adopt(struct pd_listeners *set, const struct pt_strings *wanted,
    struct pd_listeners *fresh)
{
	struct listener *listener;
	struct pd_link *link;
	struct pd_link *next;

	for (link = set->list.next; link != &set->list; link = next) {
		next = link->next;
		listener = (struct listener *)link;
		if (!is_wanted(wanted, listener->text))
			close_one(set, listener);
	}
	while ((link = pd_list_first(&fresh->list)) != NULL) {
		((struct listener *)link)->set = set;
		pd_list_move(link, &set->list);
		set->count++;
	}
	fresh->count = 0;
}

void
pd_listeners_retry(struct pd_listeners *set)
{
	struct pd_link *link;

	for (link = set->list.next; link != &set->list; link = link->next) {
		if (((struct listener *)link)->is_waiting)
			take_client((struct listener *)link);
	}
}
