/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/bench_number.h"

#include <errno.h>
#include <stdlib.h>

#define MAX_SECONDS 3600

bool
bench_number_count(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || text[0] == '-' ||
	    value < min || value > max)
		return false;
	*out = (uint32_t)value;
	return true;
}

bool
bench_number_seconds(const char *text, double *out)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' ||
	    !(value >= 0 && value <= MAX_SECONDS))
		return false;
	*out = value;
	return true;
}

bool
bench_number_seed(const char *text, uint64_t *out)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);

	if (end == text || *end != '\0')
		return false;
	*out = value;
	return true;
}
