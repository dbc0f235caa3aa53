/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Usage records as JSON. */

#include <string.h>

#include "core/base/attr.h"
#include "core/base/network.h"
#include "core/rules/external.h"
#include "core/state/usage_codec.h"
#include "ctl/names.h"
#include "ctl/record.h"

static json_t *
from_traffic(const struct pt_usage *usage, enum pt_traffic which)
{
	return json_pack("{s:I, s:o}", "total",
	    pc_record_clamp(usage->traffic_total[which]), "window",
	    pc_record_from_log(&usage->traffic[which]));
}

static json_t *
from_last_uses(const struct pt_usage *usage)
{
	json_t *list = json_array();
	unsigned i;

	for (i = 0; i < usage->last_use_count; i++) {
		const struct pt_last_use *use = &usage->last_uses[i];
		char protocol[PC_PROTOCOLS_TEXT_MAX];
		char address[PC_ADDRESS_TEXT_MAX];

		pt_external_protocols_format(
		    use->protocol, protocol, sizeof(protocol));
		if (pc_name_address(use->address, address, sizeof(address)) ==
		    NULL)
			address[0] = '\0';
		if (json_array_append_new(
			list, json_pack("{s:I, s:I, s:s, s:s}", "password",
				  (json_int_t)use->password, "at",
				  (json_int_t)use->at, "protocol", protocol,
				  "address", address)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *
pc_record_from_usage(const struct pt_usage *usage)
{
	json_t *object = json_pack(
	    "{s:s, s:s, s:{s:I, s:I, s:o}, s:o, s:o, s:I, s:{s:I, s:I, s:I}, "
	    "s:{s:I, s:I}, s:{s:o, s:o}, s:o}",
	    "postern", "usage", "login", usage->login.text, "logins", "at",
	    (json_int_t)usage->last_login_at, "total",
	    pc_record_clamp(usage->logins_total), "window",
	    pc_record_from_log(&usage->logins), "down",
	    from_traffic(usage, PT_TRAFFIC_DOWN), "up",
	    from_traffic(usage, PT_TRAFFIC_UP), "pop3_checked_at",
	    (json_int_t)usage->pop3_checked_at, "view", "checked_at",
	    (json_int_t)usage->view.checked_at, "uidvalidity",
	    (json_int_t)usage->view.uidvalidity, "uidnext",
	    (json_int_t)usage->view.uidnext, "sessions", "life",
	    (json_int_t)usage->sessions.life, "count",
	    (json_int_t)usage->sessions.count, "guesses", "window",
	    pc_record_from_log(&usage->guesses), "hashes",
	    pc_record_from_hashes(usage->guess, usage->guess_count),
	    "last_uses", from_last_uses(usage));

	if (object == NULL || usage->refused_logins.count == 0 ||
	    json_object_set_new(object, "refused_logins",
		pc_record_from_log(&usage->refused_logins)) == 0)
		return object;
	json_decref(object);
	return NULL;
}

static int
to_logins(const json_t *object, struct pt_usage *out, struct pt_err *err)
{
	static const char name[] = "logins";
	json_int_t at, total;
	json_t *window;

	if (pc_record_unpack(object, err, "{s:I, s:I, s:o}", "at", &at, "total",
		&total, "window", &window) != 0)
		return pt_err_prefix(err, name);
	if (pc_record_number(at, INT64_MAX, name, err) != 0 ||
	    pc_record_number(total, INT64_MAX, name, err) != 0)
		return -1;
	out->last_login_at = at;
	out->logins_total = (uint64_t)total;
	return pc_record_to_log(window, &out->logins, name, err);
}

static int
to_traffic(const json_t *object, struct pt_usage *out, enum pt_traffic which,
    const char *name, struct pt_err *err)
{
	json_int_t total;
	json_t *window;

	if (pc_record_unpack(object, err, "{s:I, s:o}", "total", &total,
		"window", &window) != 0)
		return pt_err_prefix(err, "%s", name);
	if (pc_record_number(total, INT64_MAX, name, err) != 0)
		return -1;
	out->traffic_total[which] = (uint64_t)total;
	return pc_record_to_log(window, &out->traffic[which], name, err);
}

static int
to_view(const json_t *object, struct pt_view *out, struct pt_err *err)
{
	static const char name[] = "view";
	json_int_t at, uidvalidity, uidnext;

	if (pc_record_unpack(object, err, "{s:I, s:I, s:I}", "checked_at", &at,
		"uidvalidity", &uidvalidity, "uidnext", &uidnext) != 0)
		return pt_err_prefix(err, name);
	if (pc_record_number(at, INT64_MAX, name, err) != 0 ||
	    pc_record_number(uidvalidity, UINT32_MAX, name, err) != 0 ||
	    pc_record_number(uidnext, UINT32_MAX, name, err) != 0)
		return -1;
	out->checked_at = at;
	out->uidvalidity = (uint32_t)uidvalidity;
	out->uidnext = (uint32_t)uidnext;
	return 0;
}

static int
to_sessions(
    const json_t *object, struct pt_open_sessions *out, struct pt_err *err)
{
	static const char name[] = "sessions";
	json_int_t life, count;

	if (pc_record_unpack(
		object, err, "{s:I, s:I}", "life", &life, "count", &count) != 0)
		return pt_err_prefix(err, name);
	if (pc_record_number(life, UINT32_MAX, name, err) != 0 ||
	    pc_record_number(count, UINT32_MAX, name, err) != 0)
		return -1;
	out->life = (uint32_t)life;
	out->count = (uint32_t)count;
	return 0;
}

static int
to_guesses(const json_t *object, struct pt_usage *out, struct pt_err *err)
{
	static const char name[] = "guesses";
	json_t *window, *hashes;

	if (pc_record_unpack(object, err, "{s:o, s:o}", "window", &window,
		"hashes", &hashes) != 0)
		return pt_err_prefix(err, name);
	if (pc_record_to_log(window, &out->guesses, name, err) != 0)
		return -1;
	return pc_record_to_hashes(
	    hashes, out->guess, PT_GUESSES_MAX, &out->guess_count, name, err);
}

static int
to_address(const char *text, unsigned char *out, struct pt_err *err)
{
	struct pt_network network;

	memset(out, 0, sizeof(network.bytes));
	if (text[0] == '\0')
		return 0;
	if (pt_network_parse(text, &network, err) != 0)
		return -1;
	memcpy(out, network.bytes, sizeof(network.bytes));
	return 0;
}

static int
to_last_use(const json_t *object, struct pt_last_use *out, struct pt_err *err)
{
	const char *protocol, *address;
	json_int_t password, at;
	unsigned bits;

	if (pc_record_unpack(object, err, "{s:I, s:I, s:s, s:s}", "password",
		&password, "at", &at, "protocol", &protocol, "address",
		&address) != 0 ||
	    pc_record_number(password, UINT32_MAX, "password", err) != 0 ||
	    pc_record_number(at, INT64_MAX, "at", err) != 0 ||
	    pt_external_protocols_parse(protocol, &bits, err) != 0)
		return -1;
	out->password = (uint32_t)password;
	out->at = at;
	out->protocol = (enum pt_protocol)bits;
	return to_address(address, out->address, err);
}

static int
to_last_uses(const json_t *list, struct pt_usage *out, struct pt_err *err)
{
	static const char name[] = "last_uses";
	size_t i;

	if (pc_record_check_list(list, PT_PASSWORDS_MAX, name, err) != 0)
		return -1;
	for (i = 0; i < json_array_size(list); i++) {
		if (to_last_use(
			json_array_get(list, i), &out->last_uses[i], err) != 0)
			return pt_err_prefix(err, name);
		out->last_use_count++;
	}
	return 0;
}

static int
compare_stored(
    const json_t *object, const struct pt_usage *usage, struct pt_err *err)
{
	unsigned char bytes[PT_USAGE_BYTES_MAX];
	struct pt_usage stored;
	size_t len = pt_usage_encode(usage, bytes, sizeof(bytes));

	if (len == 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "it has text that the state cannot hold");
	if (pt_usage_decode(bytes, len, &stored, err) != 0)
		return -1;
	return pc_record_compare(object, pc_record_from_usage(&stored), err);
}

int
pc_record_to_usage(
    const json_t *object, struct pt_usage *out, struct pt_err *err)
{
	json_t *refused = NULL;
	json_t *logins, *down, *up, *view, *sessions, *guesses, *last_uses;
	const char *kind, *login;
	json_int_t pop3_checked_at;
	struct pt_login parsed;

	if (pc_record_unpack(object, err,
		"{s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s?:o}",
		"postern", &kind, "login", &login, "logins", &logins, "down",
		&down, "up", &up, "pop3_checked_at", &pop3_checked_at, "view",
		&view, "sessions", &sessions, "guesses", &guesses, "last_uses",
		&last_uses, "refused_logins", &refused) != 0 ||
	    pc_record_login(login, &parsed, err) != 0 ||
	    pc_record_number(
		pop3_checked_at, INT64_MAX, "pop3_checked_at", err) != 0)
		return -1;
	pt_usage_init(out, &parsed);
	out->exists = true;
	out->pop3_checked_at = pop3_checked_at;
	if (to_logins(logins, out, err) != 0 ||
	    to_traffic(down, out, PT_TRAFFIC_DOWN, "down", err) != 0 ||
	    to_traffic(up, out, PT_TRAFFIC_UP, "up", err) != 0 ||
	    to_view(view, &out->view, err) != 0 ||
	    to_sessions(sessions, &out->sessions, err) != 0 ||
	    to_guesses(guesses, out, err) != 0 ||
	    to_last_uses(last_uses, out, err) != 0)
		return -1;
	if (refused != NULL && pc_record_to_log(refused, &out->refused_logins,
				   "refused_logins", err) != 0)
		return -1;
	return compare_stored(object, out, err);
}
