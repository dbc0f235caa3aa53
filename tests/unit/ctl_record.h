/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Objects of a dump, for the tests of what is read of them. */
#ifndef PT_TESTS_CTL_RECORD_H
#define PT_TESTS_CTL_RECORD_H

#include <stdlib.h>

#include <jansson.h>

#include "core/base/err.h"
#include "ctl/record.h"
#include "tests/unit/support/random_value.h"
#include "tests/unit/support/record_check.h"
#include "tests/unit/support/testing.h"

/* An account up to its last members. */
#define ACCOUNT_HEAD                                                      \
	"{\"postern\": \"account\", \"login\": \"ann@example.com\", "     \
	"\"created_at\": 1795262400, \"plan\": \"premium\", \"status\": " \
	"\"inactive\", \"language\": \"lv\", \"lock\": {\"at\": 5, "      \
	"\"note\": \"why\"}, \"block_reason\": \"quota\", \"block\": "    \
	"{\"at\": 6, \"note\": \"\"}, \"grant\": {\"until\": 7, "         \
	"\"amount\": 100, \"id\": 3}, "

static inline json_t *
read_object(const char *text)
{
	json_error_t error;
	json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (object == NULL)
		fail_msg("%s: %s", text, error.text);
	return object;
}

/* What a kind of record is in a dump, and the other way. */
struct dump_format {
	const struct record_format *record;
	/* Makes it one that JSON can hold: a random one need not be. */
	void (*clamp)(void *record);
	json_t *(*dump)(const void *record);
	int (*load)(const json_t *object, void *record, struct pt_err *err);
};

/* Whatever the state holds can be dumped and loaded. */
static inline void
check_survives_dump(const struct dump_format *format, unsigned rounds)
{
	static unsigned char bytes[RECORD_BYTES_MAX];
	const struct record_format *record = format->record;
	void *stored = malloc(record->size);
	void *loaded = malloc(record->size);
	struct pt_err err;
	json_t *object;
	size_t len;

	assert_non_null(stored);
	assert_non_null(loaded);
	for (unsigned i = 0; i < rounds; i++) {
		uint64_t random = random_seed(i);

		record->random(&random, loaded);
		format->clamp(loaded);
		len = record->encode(loaded, bytes, sizeof(bytes));
		assert_int_equal(record->decode(bytes, len, stored, &err), 0);
		object = format->dump(stored);
		assert_non_null(object);
		if (format->load(object, loaded, &err) != 0)
			fail_msg("round %u: %s", i, err.text);
		assert_true(record->is_same(stored, loaded));
		json_decref(object);
	}
	free(stored);
	free(loaded);
}

/* A member of an object within the record replaced by something. */
struct change {
	const char *member;
	const char *value;
	const char *text; /* of the message */
};

static inline void
set_member(json_t *object, const struct change *change)
{
	json_t *value = json_loads(change->value, JSON_DECODE_ANY, NULL);

	if (value == NULL)
		fail_msg("%s: no JSON", change->value);
	assert_int_equal(json_object_set_new(object, change->member, value), 0);
}

/* A record was made again of what had been read of the object. */
static inline void
check_same(const json_t *object, json_t *again)
{
	assert_non_null(again);
	assert_int_equal(json_equal(object, again), 1);
	json_decref(again);
}

/* Reads a record, and keeps nothing but the error. */
typedef int
read_record_fn(const json_t *object, struct pt_err *err);

static inline int
read_account(const json_t *object, struct pt_err *err)
{
	struct pt_account account;

	return pc_record_to_account(object, &account, err);
}

static inline int
read_activity(const json_t *object, struct pt_err *err)
{
	struct pt_activity activity;

	return pc_record_to_activity(object, &activity, err);
}

static inline int
read_usage(const json_t *object, struct pt_err *err)
{
	struct pt_usage usage;

	return pc_record_to_usage(object, &usage, err);
}

static inline int
read_signals(const json_t *object, struct pt_err *err)
{
	struct pt_signals signals;
	uint32_t key_name;

	return pc_record_to_signals(object, &signals, &key_name, err);
}

/*
 * The object within a record that PATH leads to: names of members, each with a
 * slash behind it; of a list, it is the first.
 */
static inline json_t *
find_within(json_t *record, const char *path)
{
	char name[32];
	json_t *at = record;
	size_t len;

	for (; *path != '\0'; path += len + 1) {
		len = strcspn(path, "/");
		(void)snprintf(name, sizeof(name), "%.*s", (int)len, path);
		at = json_object_get(at, name);
		if (json_is_array(at))
			at = json_array_get(at, 0);
		assert_non_null(at);
	}
	return at;
}

/* Each of the changes, alone, of the object that PATH leads to. */
static inline void
check_changes_refused(const char *record, const char *path,
    const struct change *changes, size_t n, read_record_fn *read)
{
	struct pt_err err = {0};
	json_t *object;

	for (size_t i = 0; i < n; i++) {
		object = read_object(record);
		set_member(find_within(object, path), &changes[i]);
		if (read(object, &err) == 0)
			fail_msg("%s = %s passes", changes[i].member,
			    changes[i].value);
		if (strstr(err.text, changes[i].text) == NULL)
			fail_msg("%s = %s: %s", changes[i].member,
			    changes[i].value, err.text);
		json_decref(object);
	}
}

#endif
