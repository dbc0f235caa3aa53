/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* An outbox whose command is a script of the test's, and what came of it. */
#ifndef PT_TESTS_SERVICE_OUTBOX_H
#define PT_TESTS_SERVICE_OUTBOX_H

#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/service/outbox.h"
#include "core/service/outbox_entry.h"
#include "tests/unit/support/outbox_fixture.h"
#include "tests/unit/support/store_fixture.h"

struct site {
	struct store_fixture *f;
	struct pt_config *config;
	struct pt_outbox *outbox;
	unsigned reports;
	char last[32]; /* what was reported last */
	struct pt_outbox_entry entry;
};

static inline void
write_script(const struct site *site, const char *lines)
{
	char path[400];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/run", site->f->dir);
	/* One that runs cannot be written to. */
	(void)unlink(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(
	    fprintf(file, "#!/bin/sh\ncd %s\n%s", site->f->dir, lines) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

static inline void
configure(struct site *site, const char *from)
{
	char text[1400];
	char dir[512];
	struct pt_err err;

	pt_outbox_close(site->outbox);
	pt_config_free(site->config);
	assert_non_null(getcwd(dir, sizeof(dir)));
	(void)snprintf(text, sizeof(text),
	    "notice { from = \"%s\" copy = \"copy@example.com\" "
	    "command = \"%s/run --\" "
	    "templates = { \"%s/packaging/templates\" } }\n",
	    from, site->f->dir, dir);
	if (pt_config_parse("test", text, &site->config, &err) != 0 ||
	    pt_outbox_open(site->config, site->f->store, &site->outbox, &err) !=
		0)
		fail_msg("%s", err.text);
}

static inline int
set_up(void **state)
{
	struct site *site;
	void *fixture;

	if (store_fixture_set_up(&fixture) != 0)
		return -1;
	site = calloc(1, sizeof(*site));
	assert_non_null(site);
	site->f = fixture;
	configure(site, "postmaster@example.com");
	*state = site;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct site *site = *state;
	void *fixture = site->f;

	pt_outbox_close(site->outbox);
	pt_config_free(site->config);
	free(site);
	return store_fixture_tear_down(&fixture);
}

static inline void
tell(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account->created_at = TEST_NOW;
	records->account_changed = true;
	records->trail.notice = (struct pt_notice){
	    .kind = PT_NOTICE_BLOCKED,
	    .block = PT_BLOCK_ADMIN,
	    .at = TEST_NOW,
	};
}

static inline void
forget(struct pt_records *records, void *arg)
{
	(void)arg;
	records->account_deleted = true;
}

static inline void
update(const struct site *site, const char *name, pt_update_fn *fn)
{
	struct pt_login login = test_login(name);
	struct pt_err err;

	if (pt_store_update_one(
		site->f->store, PT_UPDATE_ACCOUNT, &login, fn, NULL, &err) != 0)
		fail_msg("%s", err.text);
}

static inline void
report(const struct pt_outbox_entry *entry, const char *what, void *arg)
{
	struct site *site = arg;

	site->reports++;
	(void)snprintf(site->last, sizeof(site->last), "%s", what);
	site->entry = *entry;
}

static inline void
turn(struct site *site, int64_t now, struct pt_outbox_done *done)
{
	struct pt_err err;

	if (pt_outbox_turn(site->outbox, now, report, site, done, &err) != 0)
		fail_msg("%s", err.text);
}

/* Turns until nothing runs; what they did in all. */
static inline struct pt_outbox_done
send_all(struct site *site, int64_t now)
{
	struct pt_outbox_done sum = {.sent = 0};
	struct pt_outbox_done done;

	for (int i = 0; i < 2000; i++) {
		turn(site, now, &done);
		sum.sent += done.sent;
		sum.failed += done.failed;
		sum.gave_up += done.gave_up;
		sum.dropped += done.dropped;
		if (done.running == 0 && !done.more)
			break;
		assert_true(poll(NULL, 0, 5) == 0);
	}
	return sum;
}

static inline bool
count_entry(
    const struct pt_outbox_entry *entry, const struct pt_err *err, void *arg)
{
	assert_non_null(entry);
	(void)err;
	(*(unsigned *)arg)++;
	return true;
}

static inline unsigned
waiting(const struct site *site)
{
	unsigned count = 0;
	struct pt_err err;

	assert_int_equal(
	    pt_store_each_outbox(site->f->store, count_entry, &count, &err), 0);
	return count;
}

static inline unsigned
lines_in(const struct site *site, const char *name)
{
	char path[400];
	unsigned lines = 0;
	FILE *file;
	int c;

	(void)snprintf(path, sizeof(path), "%s/%s", site->f->dir, name);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while ((c = getc(file)) != EOF)
		lines += c == '\n';
	assert_int_equal(fclose(file), 0);
	return lines;
}

#define OUTBOX_TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

#endif
