/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Signals records as JSON. */

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "core/state/signals_codec.h"
#include "ctl/record.h"

#define BASE64       sodium_base64_VARIANT_ORIGINAL
#define SKETCH_CHARS sodium_base64_ENCODED_LEN(PT_SKETCH_BYTES, BASE64)

_Static_assert(PC_RECORD_KEY_BYTES == crypto_shorthash_KEYBYTES, "a key fits");

uint32_t
pc_record_key_name(const unsigned char key[PC_RECORD_KEY_BYTES])
{
	static const unsigned char text[] = "the name of this key";
	unsigned char hash[crypto_shorthash_BYTES];

	(void)crypto_shorthash(hash, text, sizeof(text), key);
	return (uint32_t)hash[0] | (uint32_t)hash[1] << 8 |
	       (uint32_t)hash[2] << 16 | (uint32_t)hash[3] << 24;
}

static json_t *
from_clients(const struct pt_signals *signals)
{
	const struct pt_client *client;
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < signals->client_count; i++) {
		client = &signals->clients[i];
		if (json_array_append_new(
			list, json_pack("[I, I]", (json_int_t)client->at,
				  (json_int_t)client->hash)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* Takes nothing; false: memory is short. */
static bool
add_sketch(json_t *object, const char *name, const struct pt_sketch *sketch)
{
	char bits[SKETCH_CHARS];

	if (sketch->count == 0)
		return true;
	(void)sodium_bin2base64(
	    bits, sizeof(bits), sketch->bits, sizeof(sketch->bits), BASE64);
	return json_object_set_new(object, name,
		   json_pack("{s:I, s:s}", "count", (json_int_t)sketch->count,
		       "bits", bits)) == 0;
}

json_t *
pc_record_from_signals(const struct pt_signals *signals, uint32_t key_name)
{
	json_t *object = json_pack("{s:s, s:s, s:I, s:o, s:o}", "postern",
	    "signals", "login", signals->login.text, "key",
	    (json_int_t)key_name, "clients", from_clients(signals), "strangers",
	    pc_record_from_log(&signals->strangers));

	if (object != NULL && add_sketch(object, "sketch", &signals->now) &&
	    add_sketch(object, "sketch_before", &signals->before))
		return object;
	json_decref(object);
	return NULL;
}

static int
to_clients(const json_t *list, struct pt_signals *out, struct pt_err *err)
{
	static const char name[] = "clients";
	json_int_t at, hash;
	size_t i;

	if (pc_record_check_list(list, PT_CLIENTS_MAX, name, err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		if (pc_record_unpack(json_array_get(list, i), err, "[I, I]",
			&at, &hash) != 0)
			return pt_err_prefix(err, name);
		if (pc_record_number(at, INT64_MAX, name, err) != 0 ||
		    pc_record_number(hash, UINT32_MAX, name, err) != 0)
			return -1;
		out->clients[i].at = at;
		out->clients[i].hash = (uint32_t)hash;
		out->client_count++;
	}
	return 0;
}

/* NULL: it is empty. */
static int
to_sketch(const json_t *object, struct pt_sketch *out, const char *name,
    struct pt_err *err)
{
	const char *bits;
	json_int_t count;
	size_t len = 0;

	if (object == NULL)
		return 0;
	if (pc_record_unpack(
		object, err, "{s:I, s:s}", "count", &count, "bits", &bits) != 0)
		return pt_err_prefix(err, "%s", name);
	if (pc_record_number(count, UINT32_MAX, name, err) != 0)
		return -1;
	if (sodium_base642bin(out->bits, sizeof(out->bits), bits, strlen(bits),
		NULL, &len, NULL, BASE64) != 0 ||
	    len != sizeof(out->bits))
		return pt_err_set(err, PT_ERR_INPUT,
		    "%s: not %d bytes in base64", name, PT_SKETCH_BYTES);
	out->count = (uint32_t)count;
	return 0;
}

static int
compare_stored(const json_t *object, const struct pt_signals *signals,
    uint32_t key_name, struct pt_err *err)
{
	unsigned char bytes[PT_SIGNALS_BYTES_MAX];
	struct pt_signals stored;
	size_t len = pt_signals_encode(signals, bytes, sizeof(bytes));

	if (len == 0)
		return pt_err_set(
		    err, PT_ERR_INPUT, "it is more than the state can hold");
	if (pt_signals_decode(bytes, len, &stored, err) != 0)
		return -1;
	return pc_record_compare(
	    object, pc_record_from_signals(&stored, key_name), err);
}

int
pc_record_to_signals(const json_t *object, struct pt_signals *out,
    uint32_t *key_name_out, struct pt_err *err)
{
	json_t *clients, *strangers;
	json_t *sketch = NULL, *before = NULL;
	const char *kind, *login;
	struct pt_login parsed;
	json_int_t key;

	if (pc_record_unpack(object, err,
		"{s:s, s:s, s:I, s:o, s:o, s?:o, s?:o}", "postern", &kind,
		"login", &login, "key", &key, "clients", &clients, "strangers",
		&strangers, "sketch", &sketch, "sketch_before", &before) != 0 ||
	    pc_record_login(login, &parsed, err) != 0 ||
	    pc_record_number(key, UINT32_MAX, "key", err) != 0)
		return -1;
	pt_signals_init(out, &parsed);
	out->exists = true;
	*key_name_out = (uint32_t)key;
	if (to_clients(clients, out, err) != 0 ||
	    pc_record_to_log(strangers, &out->strangers, "strangers", err) !=
		0 ||
	    to_sketch(sketch, &out->now, "sketch", err) != 0 ||
	    to_sketch(before, &out->before, "sketch_before", err) != 0)
		return -1;
	return compare_stored(object, out, *key_name_out, err);
}
