/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Fills a state with accounts that have external access and an app password
 * each, and writes the same logins and passwords as a passwd-file, which is
 * what Dovecot itself is measured with.
 *
 *     auth-state STATE_DIR PASSWD_FILE ACCOUNTS [expired]
 *
 * With "expired", the app passwords have long been so: a walk of housekeeping
 * has to write each account.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/state/store.h"
#include "tests/bench/auth_secret.h"

#define ACCOUNTS_MAX    9999999
#define EXPIRED_SECONDS ((int64_t)10 * 86400)

struct filling {
	uint32_t account;
	int64_t now;
	bool expired;
	struct pt_login login;
};

/* A salt that differs from account to account will do here. */
static void
enable(struct pt_records *records, void *arg)
{
	const struct filling *f = arg;
	struct pt_account *account = records->account;
	struct pt_password_wish wish = {
	    .label = "Phone",
	    .protocols = PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP,
	};
	char secret[PT_SECRET_TEXT_MAX];
	struct pt_err err;
	uint32_t id;

	account->created_at = f->now;
	account->access = PT_ACCESS_ON;
	account->access_at = f->now - 86400;
	account->protocols = wish.protocols;
	memset(account->salt, 0x5a, sizeof(account->salt));
	memcpy(account->salt, &f->account, sizeof(f->account));
	auth_secret(f->account, secret);
	if (pt_password_add(account, &wish, secret, f->now, &id, &err) != 0)
		abort();
	if (f->expired)
		account->passwords[0].expires_at = f->now - EXPIRED_SECONDS;
	records->account_changed = true;
}

static int
fill_batch(struct pt_store *store, uint32_t first, size_t n, bool expired,
    FILE *passwd, struct pt_err *err)
{
	static struct filling fillings[PT_BATCH_MAX];
	struct pt_update updates[PT_BATCH_MAX];
	char text[AUTH_LOGIN_MAX];
	char secret[PT_SECRET_TEXT_MAX];
	size_t len;
	size_t i;

	memset(updates, 0, sizeof(updates));
	for (i = 0; i < n; i++) {
		fillings[i].account = first + (uint32_t)i;
		fillings[i].now = pt_clock_now();
		fillings[i].expired = expired;
		len = auth_login(fillings[i].account, text);
		auth_secret(fillings[i].account, secret);
		if (fprintf(passwd, "%s:{PLAIN}%s\n", text, secret) < 0)
			return pt_err_set(err, PT_ERR_UNAVAILABLE,
			    "cannot write the passwd-file");
		if (pt_login_parse(text, len, NULL, &fillings[i].login, err) !=
		    0)
			return -1;
		updates[i].login = &fillings[i].login;
		updates[i].fn = enable;
		updates[i].arg = &fillings[i];
	}
	return pt_store_update(store, PT_UPDATE_ACCOUNT, updates, n, err);
}

static int
fill(struct pt_store *store, uint32_t accounts, bool expired, FILE *passwd,
    struct pt_err *err)
{
	uint32_t done = 0;

	while (done < accounts) {
		uint32_t n = accounts - done;

		if (n > PT_BATCH_MAX)
			n = PT_BATCH_MAX;
		if (fill_batch(store, done + 1, n, expired, passwd, err) != 0)
			return -1;
		done += n;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct pt_store *store = NULL;
	struct pt_err err;
	FILE *passwd;
	bool expired = argc == 5 && strcmp(argv[4], "expired") == 0;
	long accounts = argc == 4 || expired ? strtol(argv[3], NULL, 10) : 0;
	int rc;

	if (accounts < 1 || accounts > ACCOUNTS_MAX) {
		(void)fprintf(stderr,
		    "usage: auth-state STATE_DIR PASSWD_FILE ACCOUNTS "
		    "[expired]\n");
		return 64;
	}
	passwd = fopen(argv[2], "w");
	if (passwd == NULL) {
		perror(argv[2]);
		return 1;
	}
	rc = pt_store_open(argv[1], PT_STORE_WRITE, &store, &err);
	if (rc == 0)
		rc = fill(store, (uint32_t)accounts, expired, passwd, &err);
	if (rc != 0)
		(void)fprintf(stderr, "auth-state: %s\n", err.text);
	pt_store_close(store);
	if (fclose(passwd) != 0)
		rc = -1;
	return rc == 0 ? 0 : 1;
}
