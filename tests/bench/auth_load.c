/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Logs in through a Dovecot auth socket, over and over.
 *
 *     auth-load SOCKET CONNECTIONS SECONDS ACCOUNTS SEED
 *
 * Speaks Dovecot's authentication protocol 1.2 as an SMTP server does: each
 * connection has one login under way, of an account drawn at random, with the
 * password that auth-state gave it.  Each login claims a client address of its
 * own, so that Dovecot's penalty for addresses plays no part.  Prints one JSON
 * object; exits 1 if a login was refused or a connection was lost.
 */
#define _DEFAULT_SOURCE /* MSG_NOSIGNAL */

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/bench/auth_secret.h"
#include "tests/bench/bench_histogram.h"
#include "tests/bench/load_pick.h"

#define CONNECTIONS_MAX 1000
#define INPUT_MAX       4096
#define WAIT_MS         5000
#define FAILURES_SHOWN  3

struct client {
	int fd;
	uint64_t sent_ns;
	size_t len;
	char input[INPUT_MAX];
};

struct load {
	struct load_pick pick;
	uint32_t id; /* of the last login, counted over all connections */
	uint64_t until_ns;
	uint64_t from_ns;  /* what ends before does not count */
	uint64_t waiting;  /* logins under way */
	uint64_t measured; /* that succeeded */
	uint64_t answers;
	uint64_t failures;
	bool broken;
	int epoll_fd;
	struct bench_histogram latency;
	struct client clients[CONNECTIONS_MAX];
};

static int
send_all(int fd, const char *text, size_t len)
{
	return send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len ? 0 : -1;
}

/* authzid NUL login NUL password, in base64 */
static void
plain_response(uint32_t account, char *out, size_t cap)
{
	char login[AUTH_LOGIN_MAX];
	char secret[PT_SECRET_TEXT_MAX];
	unsigned char plain[AUTH_LOGIN_MAX + PT_SECRET_TEXT_MAX];
	size_t len = auth_login(account, login);

	auth_secret(account, secret);
	plain[0] = '\0';
	memcpy(plain + 1, login, len + 1);
	memcpy(plain + 2 + len, secret, PT_SECRET_LETTERS);
	(void)sodium_bin2base64(out, cap, plain, 2 + len + PT_SECRET_LETTERS,
	    sodium_base64_VARIANT_ORIGINAL);
}

static void
begin_login(struct load *l, struct client *c)
{
	char response[128];
	char line[512];
	uint32_t account;
	uint32_t from;
	int len;

	(void)load_pick_next(&l->pick, &account);
	from = load_pick_below(&l->pick, UINT32_C(0xffffff));
	plain_response(account, response, sizeof(response));
	len = snprintf(line, sizeof(line),
	    "AUTH\t%" PRIu32 "\tPLAIN\tservice=imap\tsecured\tno-penalty\t"
	    "lip=127.0.0.1\trip=10.%u.%u.%u\tresp=%s\n",
	    ++l->id, from >> 16 & 255, from >> 8 & 255, from & 255, response);
	c->sent_ns = bench_histogram_clock_ns();
	if (send_all(c->fd, line, (size_t)len) == 0)
		l->waiting++;
	else
		l->broken = true;
}

static void
take_line(struct load *l, struct client *c, const char *line)
{
	uint64_t now = bench_histogram_clock_ns();
	bool ok = strncmp(line, "OK\t", 3) == 0;

	if (!ok && strncmp(line, "FAIL\t", 5) != 0)
		return; /* of the handshake */
	l->waiting--;
	l->answers++;
	if (!ok) {
		if (l->failures++ < FAILURES_SHOWN)
			(void)fprintf(stderr, "auth-load: %s\n", line);
	} else if (now >= l->from_ns && now < l->until_ns) {
		l->measured++;
		bench_histogram_add(&l->latency, now - c->sent_ns);
	}
	if (now < l->until_ns)
		begin_login(l, c);
}

static void
read_client(struct load *l, struct client *c)
{
	char *line = c->input;
	char *end;
	ssize_t n;

	n = recv(c->fd, c->input + c->len, sizeof(c->input) - c->len - 1, 0);
	if (n <= 0) {
		l->broken = true;
		return;
	}
	c->len += (size_t)n;
	c->input[c->len] = '\0';
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		take_line(l, c, line);
		line = end + 1;
	}
	c->len = strlen(line);
	memmove(c->input, line, c->len + 1);
}

static int
open_client(struct load *l, struct client *c, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
	char line[64];
	int len;

	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	c->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, c->fd, &event) != 0)
		return -1;
	/* Each client needs a number of its own. */
	len = snprintf(line, sizeof(line), "VERSION\t1\t2\nCPID\t%d\n",
	    (int)getpid() * CONNECTIONS_MAX % 1000000000 +
		(int)(c - l->clients));
	return send_all(c->fd, line, (size_t)len);
}

static void
run(struct load *l, uint32_t connections)
{
	struct epoll_event events[64];
	uint32_t i;
	int n;

	for (i = 0; i < connections; i++)
		begin_login(l, &l->clients[i]);
	while (l->waiting > 0 && !l->broken) {
		n = epoll_wait(l->epoll_fd, events, 64, WAIT_MS);
		if (n <= 0)
			l->broken = true;
		while (n-- > 0)
			read_client(l, events[n].data.ptr);
	}
}

static void
print(const struct load *l, double seconds)
{
	(void)printf("{\"rate\": %.1f, \"answers\": %" PRIu64
		     ", \"failures\": %" PRIu64
		     ", \"p50_us\": %.1f, \"p99_us\": %.1f}\n",
	    (double)l->measured / seconds, l->answers, l->failures,
	    (double)bench_histogram_quantile(&l->latency, 0.5) / 1000,
	    (double)bench_histogram_quantile(&l->latency, 0.99) / 1000);
}

int
main(int argc, char **argv)
{
	static struct load l;
	long connections = argc == 6 ? strtol(argv[2], NULL, 10) : 0;
	double seconds = argc == 6 ? strtod(argv[3], NULL) : 0;
	long accounts = argc == 6 ? strtol(argv[4], NULL, 10) : 0;
	long i;

	if (connections < 1 || connections > CONNECTIONS_MAX || seconds <= 0 ||
	    accounts < 1) {
		(void)fprintf(stderr, "usage: auth-load SOCKET CONNECTIONS "
				      "SECONDS ACCOUNTS SEED\n");
		return 64;
	}
	load_pick_init(&l.pick, LOAD_PICK_UNIFORM, (uint32_t)accounts,
	    strtoull(argv[5], NULL, 10));
	l.epoll_fd = epoll_create1(0);
	for (i = 0; i < connections; i++) {
		if (open_client(&l, &l.clients[i], argv[1]) != 0) {
			perror(argv[1]);
			return 1;
		}
	}
	/* A quarter of the time again to warm up. */
	l.from_ns =
	    bench_histogram_clock_ns() + (uint64_t)(seconds * 0.25 * 1e9);
	l.until_ns = l.from_ns + (uint64_t)(seconds * 1e9);
	run(&l, (uint32_t)connections);
	print(&l, seconds);
	return l.broken || l.failures > 0 ? 1 : 0;
}
