/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Tables in files that change: when they are read again, and what if not. */
#include "core/maps/table.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/maps/lmdb_table.h"
#include "core/maps/text_table.h"
#include "tests/unit/support/testing.h"

struct site {
	char dir[128];
	char path[160];
	struct pt_table *table;
	int64_t now_ms;
};

static int
set_up(void **state)
{
	struct site *site = calloc(1, sizeof(*site));

	assert_non_null(site);
	test_make_dir(site->dir, sizeof(site->dir));
	(void)snprintf(
	    site->path, sizeof(site->path), "%.128s/table", site->dir);
	site->now_ms = 1000000;
	*state = site;
	return 0;
}

static int
tear_down(void **state)
{
	struct site *site = *state;

	pt_table_close(site->table);
	test_remove_dir(site->dir);
	free(site);
	return 0;
}

static void
write_file(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* With a time of its own, so that no tick of a clock matters. */
static void
write_text(struct site *site, const char *text, time_t modified)
{
	const struct timespec times[2] = {
	    {.tv_sec = modified}, {.tv_sec = modified}};

	write_file(site->path, text, strlen(text));
	assert_int_equal(utimensat(AT_FDCWD, site->path, times, 0), 0);
}

static void
open_table(struct site *site, pt_table_read_fn *read)
{
	struct pt_err err;

	if (pt_table_open(
		site->path, read, "example.com", 0, &site->table, &err) != 0)
		fail_msg("%s", err.text);
}

/* "" if there is none. */
static const char *
find_now(struct site *site, const char *key)
{
	static char value[PT_MAP_VALUE_MAX + 1];
	size_t len;

	if (!pt_table_find(
		site->table, key, strlen(key), site->now_ms, value, &len))
		return "";
	assert_int_equal(strlen(value), len);
	return value;
}

static const char *
find_later(struct site *site, const char *key)
{
	site->now_ms += 1001;
	return find_now(site, key);
}

static void
test_a_file_that_changes_is_read_again_within_a_second(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	write_text(site, "a@x.test ann\n", 1000);
	open_table(site, pt_text_table_read);
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	write_text(site, "a@x.test bob\n", 2000);
	assert_string_equal(find_now(site, "a@x.test"), "ann");
	assert_string_equal(find_later(site, "a@x.test"), "bob");
	assert_false(pt_table_complaint(site->table, &err));
}

static void
test_a_bad_line_leaves_the_old_contents_and_is_told_once(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	write_text(site, "a@x.test ann\n", 1000);
	open_table(site, pt_text_table_read);
	write_text(site, "a@x.test bob\nb@x.test\n", 2000);
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	assert_true(pt_table_complaint(site->table, &err));
	assert_non_null(strstr(err.text, "/table:2: there is no login"));
	assert_non_null(strstr(err.text, "what was read before stays"));
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	assert_false(pt_table_complaint(site->table, &err));
	write_text(site, "a@x.test bob\n@x.test\n", 3000);
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	(void)find_later(site, "a@x.test");
	assert_true(pt_table_complaint(site->table, &err));
	assert_false(pt_table_complaint(site->table, &err));
	write_text(site, "a@x.test bob\n", 4000);
	assert_string_equal(find_later(site, "a@x.test"), "bob");
	assert_false(pt_table_complaint(site->table, &err));
}

static void
test_a_file_that_is_gone_leaves_the_old_contents(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	write_text(site, "a@x.test ann\n", 1000);
	open_table(site, pt_text_table_read);
	assert_int_equal(unlink(site->path), 0);
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	assert_true(pt_table_complaint(site->table, &err));
	assert_non_null(strstr(err.text, strerror(ENOENT)));
	assert_false(pt_table_complaint(site->table, &err));
	write_text(site, "a@x.test bob\n", 1000);
	assert_string_equal(find_later(site, "a@x.test"), "bob");
}

static void
test_what_cannot_be_read_at_first_is_no_table(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	assert_int_equal(pt_table_open(site->path, pt_text_table_read, "d", 0,
			     &site->table, &err),
	    -1);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	assert_int_equal(mkdir(site->path, 0700), 0);
	assert_int_equal(pt_table_open(site->path, pt_text_table_read, "d", 0,
			     &site->table, &err),
	    -1);
	assert_non_null(strstr(err.text, "it is no file"));
	assert_int_equal(rmdir(site->path), 0);
	assert_int_equal(mkfifo(site->path, 0600), 0);
	assert_int_equal(pt_table_open(site->path, pt_text_table_read, "d", 0,
			     &site->table, &err),
	    -1);
	assert_null(site->table);
}

static void
put(MDB_txn *txn, MDB_dbi dbi, const char *key, const char *value, size_t nul)
{
	MDB_val k = {.mv_size = strlen(key) + nul, .mv_data = (void *)key};
	MDB_val v = {.mv_size = strlen(value) + nul, .mv_data = (void *)value};

	assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
}

/* As postmap does: the table dropped and filled again in one transaction. */
static void
make_lmdb(struct site *site, const char *value, int fillers, size_t nul)
{
	char key[32];
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	int i;

	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_mapsize(env, (size_t)32 << 20), 0);
	assert_int_equal(
	    mdb_env_open(env, site->path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, NULL, 0, &dbi), 0);
	assert_int_equal(mdb_drop(txn, dbi, 0), 0);
	put(txn, dbi, "a@x.test", value, nul);
	put(txn, dbi, "root", "x", nul);
	for (i = 0; i < fillers; i++) {
		(void)snprintf(key, sizeof(key), "user%d@x.test", i);
		put(txn, dbi, key, key, nul);
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
}

static void
test_an_lmdb_table_is_read_with_and_without_nul(void **state)
{
	struct site *site = *state;

	make_lmdb(site, "ann, bob", 0, 1);
	open_table(site, pt_lmdb_table_read);
	assert_string_equal(find_now(site, "a@x.test"), "ann, bob");
	assert_string_equal(find_now(site, "root"), "");
	assert_int_equal(unlink(site->path), 0);
	make_lmdb(site, "cid", 0, 0);
	assert_string_equal(find_later(site, "a@x.test"), "cid");
}

static void
test_a_long_value_of_an_lmdb_table_is_read(void **state)
{
	struct site *site = *state;
	char value[6001];

	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	make_lmdb(site, value, 0, 1);
	open_table(site, pt_lmdb_table_read);
	assert_string_equal(find_now(site, "a@x.test"), value);
}

static void
test_an_lmdb_table_that_grows_is_read_again(void **state)
{
	struct site *site = *state;
	struct pt_err err;

	make_lmdb(site, "ann", 0, 1);
	open_table(site, pt_lmdb_table_read);
	assert_string_equal(find_now(site, "user19999@x.test"), "");
	make_lmdb(site, "bob", 20000, 1);
	assert_string_equal(find_later(site, "a@x.test"), "bob");
	assert_string_equal(
	    find_now(site, "user19999@x.test"), "user19999@x.test");
	make_lmdb(site, "cid", 0, 1);
	assert_string_equal(find_later(site, "a@x.test"), "cid");
	assert_string_equal(find_now(site, "user19999@x.test"), "");
	assert_false(pt_table_complaint(site->table, &err));
}

static void
test_an_lmdb_table_that_is_damaged_is_refused(void **state)
{
	struct site *site = *state;
	struct stat st;
	struct pt_err err;
	char junk[8192];

	make_lmdb(site, "ann", 20000, 1);
	open_table(site, pt_lmdb_table_read);
	assert_int_equal(stat(site->path, &st), 0);
	assert_int_equal(truncate(site->path, st.st_size / 2), 0);
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	assert_true(pt_table_complaint(site->table, &err));
	assert_non_null(strstr(err.text, "it is damaged"));
	memset(junk, 'j', sizeof(junk));
	write_file(site->path, junk, sizeof(junk));
	assert_string_equal(find_later(site, "user7@x.test"), "user7@x.test");
	assert_true(pt_table_complaint(site->table, &err));
	assert_non_null(strstr(err.text, "make it again with postmap"));
	write_file(site->path, junk, 0);
	assert_string_equal(find_later(site, "a@x.test"), "ann");
}

/* A process that writes the table, until the pipe is closed. */
static pid_t
lock_in_child(const char *path, int *hold_fd)
{
	struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int told[2];
	int hold[2];
	char byte = 0;
	pid_t pid;
	int fd;

	assert_int_equal(pipe(told), 0);
	assert_int_equal(pipe(hold), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(hold[1]);
		fd = open(path, O_RDWR);
		if (fd < 0 || fcntl(fd, F_SETLK, &wanted) != 0 ||
		    write(told[1], &byte, 1) != 1)
			_exit(1);
		_exit(read(hold[0], &byte, 1) == 0 ? 0 : 1);
	}
	assert_int_equal(close(hold[0]), 0);
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(close(told[0]), 0);
	assert_int_equal(close(told[1]), 0);
	*hold_fd = hold[1];
	return pid;
}

static void
test_an_lmdb_table_that_is_locked_is_not_waited_for(void **state)
{
	struct site *site = *state;
	const struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	struct pt_err err;
	pid_t pid;
	int hold_fd;
	int status;
	int i;

	make_lmdb(site, "ann", 0, 1);
	open_table(site, pt_lmdb_table_read);
	make_lmdb(site, "bob", 0, 1);
	assert_int_equal(utimensat(AT_FDCWD, site->path, old, 0), 0);
	pid = lock_in_child(site->path, &hold_fd);
	assert_string_equal(find_later(site, "a@x.test"), "ann");
	/* That may well be; but not for long. */
	assert_false(pt_table_complaint(site->table, &err));
	for (i = 0; i < 10; i++)
		assert_string_equal(find_later(site, "a@x.test"), "ann");
	assert_true(pt_table_complaint(site->table, &err));
	assert_non_null(strstr(err.text, "it is locked"));
	assert_int_equal(close(hold_fd), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(find_later(site, "a@x.test"), "bob");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_file_that_changes_is_read_again_within_a_second),
	    TEST(test_a_bad_line_leaves_the_old_contents_and_is_told_once),
	    TEST(test_a_file_that_is_gone_leaves_the_old_contents),
	    TEST(test_what_cannot_be_read_at_first_is_no_table),
	    TEST(test_an_lmdb_table_is_read_with_and_without_nul),
	    TEST(test_a_long_value_of_an_lmdb_table_is_read),
	    TEST(test_an_lmdb_table_that_grows_is_read_again),
	    TEST(test_an_lmdb_table_that_is_damaged_is_refused),
	    TEST(test_an_lmdb_table_that_is_locked_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
