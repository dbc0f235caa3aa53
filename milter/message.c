/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "milter/message.h"

#include <string.h>
#include <strings.h>

#include "core/base/text.h"
#include "core/rules/quota.h"

void
pm_message_clear(struct pm_message *message)
{
	message->kind = PM_KIND_NONE;
	message->serial = 0;
	message->has_login = false;
	message->login_text[0] = '\0';
	message->sender[0] = '\0';
	message->sender_len = 0;
	message->sender_by_maps = PT_OWNED_NO;
	message->encrypted = false;
	message->recipients = 0;
	message->recipient_bits = 0;
	message->named_count = 0;
	message->declared_size = 0;
	message->size = 0;
	message->is_measured = false;
	message->queue_id[0] = '\0';
	message->reasons = 0;
	message->has_message_id = false;
	message->message_id = 0;
	message->original[0] = '\0';
	message->original_len = 0;
	pt_from_init(&message->from);
}

const char *
pm_message_bare(const char *text, size_t *len_out)
{
	size_t len = strlen(text);

	if (len >= 2 && text[0] == '<' && text[len - 1] == '>') {
		text++;
		len -= 2;
	}
	*len_out = len;
	return text;
}

static uint64_t
declared_size(const char *const *parameters)
{
	uint64_t size = 0;

	for (; *parameters != NULL; parameters++) {
		if (strncasecmp(*parameters, "SIZE=", 5) == 0 &&
		    pt_text_to_u64(*parameters + 5, INT64_MAX, &size))
			return size;
	}
	return 0;
}

void
pm_message_begin(struct pm_message *message, enum pm_kind kind, uint64_t serial,
    const char *const *argv)
{
	const char *sender;
	size_t len;

	pm_message_clear(message);
	message->kind = kind;
	message->serial = serial;
	if (argv[0] == NULL)
		return;
	sender = pm_message_bare(argv[0], &len);
	message->sender_len = len < PM_SENDER_MAX ? len : PM_SENDER_MAX;
	memcpy(message->sender, sender, message->sender_len);
	message->sender[message->sender_len] = '\0';
	message->declared_size = declared_size(argv + 1);
}

void
pm_message_set_login(
    struct pm_message *message, const char *login, const char *default_domain)
{
	struct pt_text text;
	struct pt_err err;

	pt_text_init(&text, message->login_text, sizeof(message->login_text));
	pt_text_add(&text, login);
	message->has_login = pt_login_parse(login, strlen(login),
				 default_domain, &message->login, &err) == 0;
}

void
pm_message_set_queue_id(struct pm_message *message, const char *queue_id)
{
	if (pt_text_copy(
		message->queue_id, sizeof(message->queue_id), queue_id) != 0)
		message->queue_id[0] = '\0';
}

static void
keep_original(struct pm_message *message, const char *value)
{
	struct pt_text text;

	pt_text_init(&text, message->original + message->original_len,
	    sizeof(message->original) - message->original_len);
	if (message->original_len > 0)
		pt_text_add(&text, "\n");
	pt_text_add(&text, value);
	message->original_len += text.len;
}

void
pm_message_add_field(
    struct pm_message *message, const char *name, const char *value, bool keep)
{
	size_t name_len = strlen(name);
	size_t value_len = strlen(value);

	/* "Name: value" and its end of line. */
	message->size += name_len + 2 + value_len + 2;
	if (keep &&
	    strcasecmp(name, pt_from_field_name(PT_FROM_FIELD_FROM)) == 0)
		keep_original(message, value);
	pt_from_add(&message->from, name, name_len, value, value_len);
}

void
pm_message_name_recipient(struct pm_message *message, uint64_t hash)
{
	if (message->named_count + 1 == message->recipients &&
	    message->named_count < PT_STRANGERS_NAMED_MAX)
		message->named[message->named_count++] = hash;
}

void
pm_message_drop_recipient(struct pm_message *message)
{
	if (message->recipients == message->named_count)
		message->named_count--;
	message->recipients--;
}

static uint32_t
hash_of(const char *id, uint64_t serial)
{
	return id[0] != '\0'
		   ? pt_charge_hash(id, strlen(id))
		   : pt_charge_hash((const char *)&serial, sizeof(serial));
}

struct pt_message
pm_message_facts(
    const struct pm_message *message, enum pt_message_stage stage, bool trusted)
{
	uint64_t size = message->size;

	/* What the client announced is all that is known, or better. */
	if (!message->is_measured && size < message->declared_size)
		size = message->declared_size;
	if (stage == PT_MESSAGE_LOOK)
		size = message->declared_size;
	return (struct pt_message){
	    .stage = stage,
	    .hash = hash_of(message->queue_id, message->serial),
	    .attempt = hash_of("", message->serial),
	    .sender = message->sender,
	    .sender_len = message->sender_len,
	    .sender_by_maps = message->sender_by_maps,
	    .recipients = message->recipients > 0 ? message->recipients : 1,
	    .size = size,
	    .encrypted = message->encrypted,
	    .trusted = trusted,
	    .named = message->named,
	    .named_count = message->named_count,
	    .nameless = message->recipients - message->named_count,
	};
}

bool
pm_message_refuse(struct pm_message *message, enum pt_reason_id reason)
{
	uint64_t bit = (uint64_t)1 << (unsigned)reason;
	bool is_first = (message->reasons & bit) == 0;

	message->reasons |= bit;
	return is_first;
}
