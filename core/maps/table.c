/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/table.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_MS 1000
/* What may pass, such as a lock, is not worth a word before. */
#define PATIENCE_MS 10000
/*
 * A file that was changed just before it was read may be changed once more
 * within the same tick of the file system's clock.
 */
#define TICK_NS 50000000

/* What tells one state of a file from another. */
struct identity {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	struct timespec changed; /* owner and mode, too */
};

struct pt_table {
	char *path;
	pt_table_read_fn *read;
	const char *default_domain;
	pthread_rwlock_t lock; /* of index */
	struct pt_map_index *index;
	pthread_mutex_t reading; /* of all below, but for looked_ms */
	struct identity identity;
	bool is_fresh;     /* it is read again, changed or not */
	int64_t failed_ms; /* since when it cannot be read; 0: it can */
	bool has_complained;
	bool has_complaint;
	struct pt_err complaint;
	_Atomic int64_t looked_ms;
};

static bool
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool
is_same(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && is_same_time(&a->modified, &b->modified) &&
	       is_same_time(&a->changed, &b->changed);
}

static int
identify(const char *path, struct identity *out, struct pt_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return pt_err_sys(
		    err, PT_ERR_CONFIG, errno, "cannot read the map %s", path);
	*out = (struct identity){
	    .device = st.st_dev,
	    .inode = st.st_ino,
	    .size = st.st_size,
	    .modified = st.st_mtim,
	    .changed = st.st_ctim,
	};
	return 0;
}

static bool
was_changed_just_now(const struct identity *identity)
{
	struct timespec now;
	int64_t age;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return false;
	age = ((int64_t)now.tv_sec - identity->modified.tv_sec) * 1000000000 +
	      (now.tv_nsec - identity->modified.tv_nsec);
	return age >= 0 && age < TICK_NS;
}

static int
read_table(struct pt_table *table, int wait_ms, struct pt_map_index **out,
    struct pt_err *err)
{
	struct pt_map_index *index = pt_map_index_new();

	if (index == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the map %s: out of memory", table->path);
	if (table->read(
		table->path, table->default_domain, wait_ms, index, err) != 0) {
		pt_map_index_free(index);
		return -1;
	}
	*out = index;
	return 0;
}

static void
complain(struct pt_table *table, const struct pt_err *err, int64_t now_ms)
{
	if (table->failed_ms == 0)
		table->failed_ms = now_ms;
	if (table->has_complained ||
	    (err->kind == PT_ERR_UNAVAILABLE &&
		now_ms - table->failed_ms < PATIENCE_MS))
		return;
	table->has_complained = true;
	table->complaint = *err;
	(void)pt_err_prefix(
	    &table->complaint, "what was read before stays in force");
	table->has_complaint = true;
}

static void
swap_index(struct pt_table *table, struct pt_map_index *index)
{
	struct pt_map_index *old;

	(void)pthread_rwlock_wrlock(&table->lock);
	old = table->index;
	table->index = index;
	(void)pthread_rwlock_unlock(&table->lock);
	pt_map_index_free(old);
}

/* With table->reading held. */
static void
read_again(struct pt_table *table, int64_t now_ms)
{
	struct pt_map_index *index;
	struct identity identity;
	struct pt_err err;

	if (identify(table->path, &identity, &err) != 0) {
		/* When it comes back, it is read, whatever it is then. */
		table->identity = (struct identity){0};
		complain(table, &err, now_ms);
		return;
	}
	if (!is_same(&identity, &table->identity))
		/* A new fault of a file that was changed is a new story. */
		table->has_complained = false;
	else if (!table->is_fresh)
		return;
	table->is_fresh = was_changed_just_now(&identity);
	table->identity = identity;
	if (read_table(table, 0, &index, &err) != 0) {
		complain(table, &err, now_ms);
		/* It is tried again without a change. */
		if (err.kind == PT_ERR_UNAVAILABLE)
			table->is_fresh = true;
		return;
	}
	table->failed_ms = 0;
	table->has_complained = false;
	swap_index(table, index);
}

static void
look(struct pt_table *table, int64_t now_ms)
{
	int64_t looked = atomic_load(&table->looked_ms);

	if (now_ms - looked < LOOK_MS ||
	    pthread_mutex_trylock(&table->reading) != 0)
		return;
	atomic_store(&table->looked_ms, now_ms);
	read_again(table, now_ms);
	(void)pthread_mutex_unlock(&table->reading);
}

int
pt_table_open(const char *path, pt_table_read_fn *read,
    const char *default_domain, int wait_ms, struct pt_table **out,
    struct pt_err *err)
{
	struct pt_table *table = calloc(1, sizeof(*table));

	if (table == NULL || (table->path = strdup(path)) == NULL ||
	    pthread_rwlock_init(&table->lock, NULL) != 0) {
		if (table != NULL)
			free(table->path);
		free(table);
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the map %s: out of memory", path);
	}
	/* The default kind of mutex cannot fail where rwlocks do not. */
	(void)pthread_mutex_init(&table->reading, NULL);
	table->read = read;
	table->default_domain = default_domain;
	if (identify(path, &table->identity, err) != 0 ||
	    read_table(table, wait_ms, &table->index, err) != 0) {
		pt_table_close(table);
		return -1;
	}
	table->is_fresh = was_changed_just_now(&table->identity);
	*out = table;
	return 0;
}

void
pt_table_close(struct pt_table *table)
{
	if (table == NULL)
		return;
	pt_map_index_free(table->index);
	(void)pthread_mutex_destroy(&table->reading);
	(void)pthread_rwlock_destroy(&table->lock);
	free(table->path);
	free(table);
}

bool
pt_table_find(struct pt_table *table, const char *key, size_t len,
    int64_t now_ms, char *value, size_t *len_out)
{
	const char *at;
	bool found;

	look(table, now_ms);
	(void)pthread_rwlock_rdlock(&table->lock);
	found = pt_map_index_find(table->index, key, len, &at, len_out);
	if (found) {
		memcpy(value, at, *len_out);
		value[*len_out] = '\0';
	}
	(void)pthread_rwlock_unlock(&table->lock);
	return found;
}

bool
pt_table_complaint(struct pt_table *table, struct pt_err *err)
{
	bool has_one = false;

	/* While it is being read, there is nothing to say yet. */
	if (pthread_mutex_trylock(&table->reading) != 0)
		return false;
	if (table->has_complaint) {
		*err = table->complaint;
		table->has_complaint = false;
		has_one = true;
	}
	(void)pthread_mutex_unlock(&table->reading);
	return has_one;
}
