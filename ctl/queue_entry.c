/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/queue_entry.h"

#include <jansson.h>
#include <string.h>

#include "core/base/text.h"

/* What postqueue calls the null sender. */
#define NULL_SENDER "MAILER-DAEMON"

#define SASL_USERNAME "named_attribute: sasl_username="
#define RECORDS       "*** ENVELOPE RECORDS "
#define RECORDS_END   " ***\n"
#define ID_MIN        5

bool
pc_queue_is_id(const char *text, size_t len)
{
	size_t i;

	if (len < ID_MIN || len > PC_QUEUE_ID_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if ((text[i] < '0' || text[i] > '9') &&
		    (text[i] < 'A' || text[i] > 'Z') &&
		    (text[i] < 'a' || text[i] > 'z'))
			return false;
	}
	return true;
}

static bool
copy_text(const json_t *object, const char *name, char *buf, size_t cap)
{
	const json_t *value = json_object_get(object, name);

	return json_is_string(value) &&
	       strlen(json_string_value(value)) == json_string_length(value) &&
	       pt_text_copy(buf, cap, json_string_value(value)) == 0 &&
	       buf[0] != '\0';
}

static int64_t
number_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	int64_t number = 0;

	if (json_is_integer(value))
		number = json_integer_value(value);
	return number < 0 ? 0 : number;
}

static bool
is_queue_name(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz") == strlen(name);
}

bool
pc_queue_entry_parse(const char *line, size_t len, struct pc_queue_entry *out)
{
	json_t *object = json_loadb(line, len, 0, NULL);
	struct pc_queue_entry entry;
	bool good;

	memset(&entry, 0, sizeof(entry));
	good =
	    json_is_object(object) &&
	    copy_text(object, "queue_id", entry.id, sizeof(entry.id)) &&
	    pc_queue_is_id(entry.id, strlen(entry.id)) &&
	    copy_text(object, "queue_name", entry.queue, sizeof(entry.queue)) &&
	    is_queue_name(entry.queue) &&
	    copy_text(object, "sender", entry.sender, sizeof(entry.sender));
	if (good) {
		entry.arrived_at = number_of(object, "arrival_time");
		entry.size = (uint64_t)number_of(object, "message_size");
		*out = entry;
	}
	json_decref(object);
	return good;
}

bool
pc_queue_entry_is_held(const struct pc_queue_entry *entry)
{
	return strcmp(entry->queue, "hold") == 0;
}

bool
pc_queue_entry_has_null_sender(const struct pc_queue_entry *entry)
{
	return strcmp(entry->sender, NULL_SENDER) == 0;
}

bool
pc_queue_evidence_begins(
    const char *line, size_t len, char id_out[PC_QUEUE_ID_MAX + 1])
{
	const size_t head = sizeof(RECORDS) - 1;
	const size_t tail = sizeof(RECORDS_END) - 1;
	const char *id;
	size_t id_len = 0;

	if (len <= head + tail || memcmp(line, RECORDS, head) != 0 ||
	    memcmp(line + len - tail, RECORDS_END, tail) != 0)
		return false;
	/* The last part of a path. */
	id = line + len - tail;
	while (id[-1] != '/' && id > line + head) {
		id--;
		id_len++;
	}
	if (!pc_queue_is_id(id, id_len))
		return false;
	memcpy(id_out, id, id_len);
	id_out[id_len] = '\0';
	return true;
}

void
pc_queue_evidence_take(struct pc_queue_evidence *evidence, const char *line,
    size_t len, const char *default_domain)
{
	const size_t name_len = sizeof(SASL_USERNAME) - 1;
	struct pt_err unused;
	struct pt_login login;

	if (len == 0 || line[len - 1] != '\n') {
		evidence->proof = PC_QUEUE_UNCLEAR;
		return;
	}
	if (len <= name_len || memcmp(line, SASL_USERNAME, name_len) != 0)
		return;
	if (evidence->proof != PC_QUEUE_NOBODY ||
	    pt_login_parse(line + name_len, len - name_len - 1, default_domain,
		&login, &unused) != 0) {
		evidence->proof = PC_QUEUE_UNCLEAR;
		return;
	}
	evidence->proof = PC_QUEUE_LOGIN;
	evidence->login = login;
}
