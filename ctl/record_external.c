/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* External access and app passwords of an account as JSON. */

#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/rules/external.h"
#include "core/state/password_codec.h"
#include "ctl/names.h"
#include "ctl/record.h"

#define HEX_MAX (2 * PT_PASSWORD_HASH_BYTES + 1)

static void
to_hex(const unsigned char *at, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		*out++ = digits[at[i] >> 4];
		*out++ = digits[at[i] & 0xf];
	}
	*out = '\0';
}

static unsigned
digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	return 16;
}

static int
from_hex(const char *hex, unsigned char *out, size_t len, const char *name,
    struct pt_err *err)
{
	unsigned any = 0;
	size_t i;

	if (strlen(hex) != 2 * len)
		return pt_err_set(err, PT_ERR_INPUT,
		    "%s: not %zu hexadecimal digits", name, 2 * len);
	for (i = 0; i < len; i++) {
		unsigned high = digit(hex[2 * i]);
		unsigned low = digit(hex[2 * i + 1]);

		any |= high | low;
		out[i] = (unsigned char)(high << 4 | low);
	}
	if (any < 16)
		return 0;
	return pt_err_set(
	    err, PT_ERR_INPUT, "%s: not %zu hexadecimal digits", name, 2 * len);
}

static json_t *
from_networks(const struct pt_password *password)
{
	json_t *list = json_array();
	char text[PC_ADDRESS_TEXT_MAX];
	unsigned i;

	for (i = 0; i < password->network_count; i++) {
		pt_network_format(&password->networks[i], text, sizeof(text));
		if (json_array_append_new(list, json_string(text)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
from_password(const struct pt_password *password)
{
	enum pt_block_reason block = password->ending == PT_ENDING_BLOCKED
					 ? password->ending_block
					 : PT_BLOCK_NONE;
	char protocols[PC_PROTOCOLS_TEXT_MAX];
	char hash[HEX_MAX];

	pt_external_protocols_format(
	    password->protocols, protocols, sizeof(protocols));
	to_hex(password->hash, sizeof(password->hash), hash);
	return json_pack("{s:I, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:o, s:s}",
	    "id", (json_int_t)password->id, "label", password->label,
	    "protocols", protocols, "created_at",
	    (json_int_t)password->created_at, "expires_at",
	    (json_int_t)password->expires_at, "ended_at",
	    (json_int_t)password->ended_at, "ending",
	    pt_ending_name(password->ending), "block_reason",
	    block == PT_BLOCK_NONE ? "" : pt_block_reason_name(block),
	    "networks", from_networks(password), "hash", hash);
}

static json_t *
from_passwords(const struct pt_account *account)
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < account->password_count; i++) {
		if (json_array_append_new(
			list, from_password(&account->passwords[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *
pc_record_from_external(const struct pt_account *account)
{
	char protocols[PC_PROTOCOLS_TEXT_MAX];
	char salt[HEX_MAX];

	pt_external_protocols_format(
	    account->protocols, protocols, sizeof(protocols));
	to_hex(account->salt, sizeof(account->salt), salt);
	return json_pack("{s:s, s:I, s:s, s:I, s:s, s:I, s:o}", "access",
	    pt_external_access_name(account->access), "at",
	    (json_int_t)account->access_at, "protocols", protocols,
	    "main_password_at", (json_int_t)account->main_password_at, "salt",
	    salt, "last_id", (json_int_t)account->last_password_id, "passwords",
	    from_passwords(account));
}

bool
pc_record_has_external(const struct pt_account *account)
{
	return account->access != PT_ACCESS_NEVER ||
	       account->main_password_at != 0 ||
	       account->last_password_id != 0 || account->password_count > 0 ||
	       !pt_bytes_is_zero(account->salt, sizeof(account->salt));
}

static int
to_access(const char *name, enum pt_access *out, struct pt_err *err)
{
	static const enum pt_access all[] = {
	    PT_ACCESS_NEVER, PT_ACCESS_ON, PT_ACCESS_OFF};
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(all); i++) {
		if (strcmp(name, pt_external_access_name(all[i])) == 0) {
			*out = all[i];
			return 0;
		}
	}
	return pt_err_set(
	    err, PT_ERR_INPUT, "access: not one that this version knows");
}

static int
to_protocols(const char *text, unsigned *out, struct pt_err *err)
{
	*out = 0;
	if (strcmp(text, "none") == 0)
		return 0;
	if (pt_external_protocols_parse(text, out, err) != 0)
		return pt_err_prefix(err, "protocols");
	return 0;
}

static int
to_ending(const char *ending, const char *block, struct pt_password *out,
    struct pt_err *err)
{
	const char *known;
	int i = PT_ENDING_NONE;

	while ((known = pt_ending_name((enum pt_ending)i)) != NULL &&
	       strcmp(ending, known) != 0)
		i++;
	if (known == NULL)
		return pt_err_set(err, PT_ERR_INPUT,
		    "ending: not one that this version knows");
	out->ending = (enum pt_ending)i;
	if (block[0] == '\0' || pc_name_block_parse(block, &out->ending_block))
		return 0;
	return pt_err_set(
	    err, PT_ERR_INPUT, "block_reason: not one that this version knows");
}

static int
to_networks(const json_t *list, struct pt_password *out, struct pt_err *err)
{
	const char *text;
	size_t i;

	if (pc_record_check_list(
		list, PT_PASSWORD_NETWORKS_MAX, "networks", err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		text = json_string_value(json_array_get(list, i));
		if (text == NULL)
			return pt_err_set(
			    err, PT_ERR_INPUT, "networks: not text");
		if (pt_network_parse(text, &out->networks[i], err) != 0)
			return pt_err_prefix(err, "networks");
		out->network_count++;
	}
	return 0;
}

static int
to_password(const json_t *object, struct pt_password *out, struct pt_err *err)
{
	const char *label, *protocols, *ending, *block, *hash;
	json_int_t id, created_at, expires_at, ended_at;
	json_t *networks;

	memset(out, 0, sizeof(*out));
	if (pc_record_unpack(object, err,
		"{s:I, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:o, s:s}", "id", &id,
		"label", &label, "protocols", &protocols, "created_at",
		&created_at, "expires_at", &expires_at, "ended_at", &ended_at,
		"ending", &ending, "block_reason", &block, "networks",
		&networks, "hash", &hash) != 0)
		return -1;
	if (pc_record_number(id, UINT32_MAX, "id", err) != 0 ||
	    pc_record_number(created_at, INT64_MAX, "created_at", err) != 0 ||
	    pc_record_number(expires_at, INT64_MAX, "expires_at", err) != 0 ||
	    pc_record_number(ended_at, INT64_MAX, "ended_at", err) != 0)
		return -1;
	out->id = (uint32_t)id;
	out->created_at = created_at;
	out->expires_at = expires_at;
	out->ended_at = ended_at;
	if (pc_record_text(
		out->label, sizeof(out->label), label, "label", err) != 0 ||
	    to_protocols(protocols, &out->protocols, err) != 0 ||
	    to_ending(ending, block, out, err) != 0 ||
	    to_networks(networks, out, err) != 0)
		return -1;
	return from_hex(hash, out->hash, sizeof(out->hash), "hash", err);
}

static int
to_passwords(const json_t *list, struct pt_account *out, struct pt_err *err)
{
	size_t i;

	if (pc_record_check_list(
		list, PT_ARRAY_LEN(out->passwords), "passwords", err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		if (to_password(
			json_array_get(list, i), &out->passwords[i], err) != 0)
			return pt_err_prefix(err, "passwords");
		out->password_count++;
	}
	if (pt_password_codec_is_sound(out))
		return 0;
	return pt_err_set(
	    err, PT_ERR_INPUT, "passwords: they contradict one another");
}

int
pc_record_to_external(
    const json_t *object, struct pt_account *out, struct pt_err *err)
{
	const char *access, *protocols, *salt;
	json_int_t at, main_password_at, last_id;
	json_t *passwords;

	if (pc_record_unpack(object, err, "{s:s, s:I, s:s, s:I, s:s, s:I, s:o}",
		"access", &access, "at", &at, "protocols", &protocols,
		"main_password_at", &main_password_at, "salt", &salt, "last_id",
		&last_id, "passwords", &passwords) != 0)
		return -1;
	if (pc_record_number(at, INT64_MAX, "at", err) != 0 ||
	    pc_record_number(
		main_password_at, INT64_MAX, "main_password_at", err) != 0 ||
	    pc_record_number(last_id, UINT32_MAX, "last_id", err) != 0)
		return -1;
	out->access_at = at;
	out->main_password_at = main_password_at;
	out->last_password_id = (uint32_t)last_id;
	if (to_access(access, &out->access, err) != 0 ||
	    to_protocols(protocols, &out->protocols, err) != 0 ||
	    from_hex(salt, out->salt, sizeof(out->salt), "salt", err) != 0)
		return -1;
	return to_passwords(passwords, out, err);
}
