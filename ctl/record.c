/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/record.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/text.h"

static const char *const kind_names[] = {
    [PC_RECORD_DUMP] = "dump",
    [PC_RECORD_ACCOUNT] = "account",
    [PC_RECORD_ACTIVITY] = "activity",
    [PC_RECORD_USAGE] = "usage",
    [PC_RECORD_SIGNALS] = "signals",
    [PC_RECORD_HISTORY] = "history",
};

json_t *
pc_record_header(int64_t now)
{
	return json_pack("{s:s, s:i, s:I, s:s}", "postern", "dump", "version",
	    PC_RECORD_VERSION, "at", (json_int_t)now, "by", POSTERN_VERSION);
}

int
pc_record_kind(
    const json_t *object, enum pc_record_kind *out, struct pt_err *err)
{
	const char *name =
	    json_string_value(json_object_get(object, "postern"));
	size_t i;

	for (i = 0; name != NULL && i < PT_ARRAY_LEN(kind_names); i++) {
		if (strcmp(name, kind_names[i]) == 0) {
			*out = (enum pc_record_kind)i;
			return 0;
		}
	}
	return pt_err_set(
	    err, PT_ERR_INPUT, "this is no object that a dump consists of");
}

int
pc_record_check_header(const json_t *object, struct pt_err *err)
{
	enum pc_record_kind kind;
	json_int_t version;

	if (pc_record_kind(object, &kind, err) != 0 || kind != PC_RECORD_DUMP)
		return pt_err_set(
		    err, PT_ERR_INPUT, "this is not the first line of a dump");
	version = json_integer_value(json_object_get(object, "version"));
	if (version > PC_RECORD_VERSION)
		return pt_err_set(err, PT_ERR_NEWER,
		    "this dump was written by a later version of Postern "
		    "(dump version %lld, this one reads up to %d); load it "
		    "with that one or a later one",
		    (long long)version, PC_RECORD_VERSION);
	if (version < 1)
		return pt_err_set(
		    err, PT_ERR_INPUT, "this dump does not say its version");
	return 0;
}

json_int_t
pc_record_clamp(uint64_t number)
{
	return number > INT64_MAX ? INT64_MAX : (json_int_t)number;
}

int
pc_record_unpack(
    const json_t *object, struct pt_err *err, const char *format, ...)
{
	json_error_t error;
	struct pt_text text;
	char shown[128];
	va_list args;
	int rc;

	va_start(args, format);
	rc = json_vunpack_ex(
	    (json_t *)(uintptr_t)object, &error, JSON_STRICT, format, args);
	va_end(args);
	if (rc == 0)
		return 0;
	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, error.text, strlen(error.text));
	return pt_err_set(err, PT_ERR_INPUT, "%s", shown);
}

int
pc_record_login(const char *text, struct pt_login *out, struct pt_err *err)
{
	if (pt_login_parse(text, strlen(text), NULL, out, err) != 0)
		return pt_err_prefix(err, "login");
	if (strcmp(out->text, text) != 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "login: it is not written as Postern writes it (%s)",
		    out->text);
	return 0;
}

int
pc_record_text(char *dst, size_t cap, const char *text, const char *name,
    struct pt_err *err)
{
	if (pt_text_copy(dst, cap, text) == 0)
		return 0;
	return pt_err_set(
	    err, PT_ERR_INPUT, "%s: longer than %zu bytes", name, cap - 1);
}

int
pc_record_number(
    json_int_t number, json_int_t max, const char *name, struct pt_err *err)
{
	if (number >= 0 && number <= max)
		return 0;
	return pt_err_set(err, PT_ERR_INPUT, "%s: %lld is out of range", name,
	    (long long)number);
}

int
pc_record_compare(const json_t *object, json_t *stored, struct pt_err *err)
{
	const char *name;
	json_t *value;
	int rc = 0;

	if (stored == NULL)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot check it: out of memory");
	json_object_foreach(stored, name, value)
	{
		if (rc == 0 &&
		    json_equal(json_object_get(object, name), value) == 0)
			rc = pt_err_set(err, PT_ERR_INPUT,
			    "%s: not what the state could hold", name);
	}
	/* Nor may there be more than the state would give back. */
	if (rc == 0 && json_object_size(object) != json_object_size(stored))
		rc = pt_err_set(
		    err, PT_ERR_INPUT, "it has members that tell nothing");
	json_decref(stored);
	return rc;
}
