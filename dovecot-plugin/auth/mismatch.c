/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/auth/mismatch.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <ioloop.h>

/*
 * More than a login costs on a busy machine.  One that took longer is answered
 * when it is judged.
 */
#define ANSWER_AFTER_NS 3000000

static struct dp_login *head;
static struct dp_login **tail = &head;
/*
 * Dovecot's own timeouts are whole milliseconds from the time when its loop
 * begins to wait, and so begin with the very microseconds that must not show.
 */
static int timer = -1;
static struct io *io;

static void
answer_first(void)
{
	struct dp_login *login = head;
	struct auth_request *request = login->request;

	head = login->next;
	if (head == NULL)
		tail = &head;
	login->callback(PASSDB_RESULT_PASSWORD_MISMATCH, request);
	auth_request_unref(&request);
}

static void
answer_all(void)
{
	while (head != NULL)
		answer_first();
}

static void
set_timer(const struct dp_login *first)
{
	int64_t at = first->arrived_ns + ANSWER_AFTER_NS;
	struct itimerspec spec = {
	    .it_value = {at / 1000000000, at % 1000000000},
	};

	/* A time that has passed is signalled at once. */
	if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL) != 0)
		answer_all();
}

static void
answer_due(void *context ATTR_UNUSED)
{
	uint64_t expirations;

	/* Nothing to read: it was set anew since Dovecot looked. */
	if (read(timer, &expirations, sizeof(expirations)) < 0)
		return;
	while (head != NULL &&
	       dp_login_clock_ns() - head->arrived_ns >= ANSWER_AFTER_NS)
		answer_first();
	if (head != NULL)
		set_timer(head);
}

static bool
has_timer(void)
{
	if (timer >= 0)
		return true;
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (timer < 0)
		return false;
	io = io_add(timer, IO_READ, answer_due, NULL);
	return true;
}

void
dp_mismatch_add(struct dp_login *login)
{
	bool is_first = head == NULL;

	auth_request_ref(login->request);
	login->next = NULL;
	*tail = login;
	tail = &login->next;
	if (!has_timer())
		answer_all();
	else if (is_first)
		set_timer(login);
}

void
dp_mismatch_close(void)
{
	answer_all();
	if (timer < 0)
		return;
	io_remove(&io);
	i_close_fd(&timer);
}
