/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Figures and notices, which accounts and activity have both, as JSON. */

#include <string.h>

#include "core/rules/figures.h"
#include "core/state/notice.h"
#include "ctl/record.h"

json_t *
pc_record_from_figures(const struct pt_figures *figures)
{
	const char *unit = pt_figures_name(figures->unit);

	return json_pack("{s:s, s:I, s:I, s:I}", "unit",
	    unit == NULL ? "" : unit, "used", pc_record_clamp(figures->used),
	    "limit", pc_record_clamp(figures->limit), "seconds",
	    (json_int_t)figures->seconds);
}

static int
to_unit(const char *name, enum pt_figures_unit *out, struct pt_err *err)
{
	const char *known;
	int i;

	*out = PT_FIGURES_NONE;
	if (name[0] == '\0')
		return 0;
	for (i = PT_FIGURES_NONE + 1; i < PT_FIGURES_UNITS; i++) {
		known = pt_figures_name((enum pt_figures_unit)i);
		if (known != NULL && strcmp(name, known) == 0) {
			*out = (enum pt_figures_unit)i;
			return 0;
		}
	}
	return pt_err_set(
	    err, PT_ERR_INPUT, "figures: not a unit that this version knows");
}

int
pc_record_to_figures(
    const json_t *object, struct pt_figures *out, struct pt_err *err)
{
	static const char name[] = "figures";
	json_int_t used, limit, seconds;
	const char *unit;

	if (pc_record_unpack(object, err, "{s:s, s:I, s:I, s:I}", "unit", &unit,
		"used", &used, "limit", &limit, "seconds", &seconds) != 0)
		return pt_err_prefix(err, name);
	if (pc_record_number(used, INT64_MAX, name, err) != 0 ||
	    pc_record_number(limit, INT64_MAX, name, err) != 0 ||
	    pc_record_number(seconds, INT64_MAX, name, err) != 0)
		return -1;
	out->used = (uint64_t)used;
	out->limit = (uint64_t)limit;
	out->seconds = seconds;
	return to_unit(unit, &out->unit, err);
}

const char *
pc_record_from_kind(unsigned char kind)
{
	const char *name = pt_notice_kind_name((enum pt_notice_kind)kind);

	return kind == PT_NOTICE_NONE || name == NULL ? "" : name;
}

int
pc_record_to_kind(const char *name, unsigned char *out, struct pt_err *err)
{
	const char *known;
	unsigned i;

	*out = PT_NOTICE_NONE;
	if (name[0] == '\0')
		return 0;
	for (i = PT_NOTICE_NONE + 1; i < PT_NOTICE_KINDS; i++) {
		known = pt_notice_kind_name((enum pt_notice_kind)i);
		if (known != NULL && strcmp(name, known) == 0) {
			*out = (unsigned char)i;
			return 0;
		}
	}
	return pt_err_set(
	    err, PT_ERR_INPUT, "notice: not of a kind that this version knows");
}
