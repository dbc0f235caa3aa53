/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "tests/bench/load_stats.h"

#include <inttypes.h>
#include <string.h>

#define DUNNO  "action=DUNNO\n\n"
#define PREFIX "action="

/* The last place of the table takes what does not fit elsewhere. */
static void
count_other(struct load_stats *s, const char *word, size_t len)
{
	struct load_action *a = s->others;
	struct load_action *last = &s->others[LOAD_STATS_ACTIONS - 1];

	if (len >= sizeof(a->word))
		len = sizeof(a->word) - 1;
	while (a < last && a->count > 0 &&
	       (strncmp(a->word, word, len) != 0 || a->word[len] != '\0'))
		a++;
	if (a == last) {
		word = "other";
		len = 5;
	}
	if (a->count == 0) {
		memcpy(a->word, word, len);
		a->word[len] = '\0';
	}
	a->count++;
}

/* Letters and digits only, so that any word can stand in JSON. */
static size_t
word_length(const char *text, size_t len)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_-.";
	size_t n = 0;

	while (n < len && text[n] != '\0' && strchr(allowed, text[n]) != NULL)
		n++;
	return n;
}

bool
load_stats_count(struct load_stats *s, const char *answer, size_t len)
{
	size_t prefix = strlen(PREFIX);

	s->answers++;
	if (len == strlen(DUNNO) && memcmp(answer, DUNNO, len) == 0) {
		s->dunno++;
		return true;
	}
	if (len <= prefix || memcmp(answer, PREFIX, prefix) != 0)
		s->errors++;
	else
		count_other(s, answer + prefix,
		    word_length(answer + prefix, len - prefix));
	return false;
}

bool
load_stats_all_dunno(const struct load_stats *s)
{
	return s->errors == 0 && s->dunno == s->answers;
}

static double
rate(const struct load_stats *s)
{
	if (s->measured_seconds <= 0)
		return 0;
	return (double)s->measured / s->measured_seconds;
}

static double
quantile_us(const struct load_stats *s, double share)
{
	return (double)bench_histogram_quantile(&s->latency, share) / 1000;
}

void
load_stats_print_text(const struct load_stats *s, FILE *to)
{
	const struct load_action *a;

	(void)fprintf(to,
	    "%.0f requests/s over %.2f s\n"
	    "latency us: p50 %.0f  p99 %.0f  p99.9 %.0f  max %.0f\n"
	    "generator: %.2f us of cpu a request\n"
	    "answers: %" PRIu64 "  errors: %" PRIu64 "  DUNNO: %" PRIu64,
	    rate(s), s->measured_seconds, quantile_us(s, 0.5),
	    quantile_us(s, 0.99), quantile_us(s, 0.999),
	    (double)s->latency.max_ns / 1000,
	    s->answers > 0 ? s->cpu_seconds * 1e6 / (double)s->answers : 0,
	    s->answers, s->errors, s->dunno);
	for (a = s->others; a < s->others + LOAD_STATS_ACTIONS; a++) {
		if (a->count > 0)
			(void)fprintf(to, "  %s: %" PRIu64, a->word, a->count);
	}
	(void)fputc('\n', to);
}

void
load_stats_print_json(const struct load_stats *s, FILE *to)
{
	const struct load_action *a;

	(void)fprintf(to,
	    "{\"rate\": %.1f, \"seconds\": %.3f, \"p50_us\": %.1f, "
	    "\"p99_us\": %.1f, \"p999_us\": %.1f, \"max_us\": %.1f, "
	    "\"cpu_seconds\": %.3f, \"answers\": %" PRIu64
	    ", \"errors\": %" PRIu64 ", \"actions\": {\"DUNNO\": %" PRIu64,
	    rate(s), s->measured_seconds, quantile_us(s, 0.5),
	    quantile_us(s, 0.99), quantile_us(s, 0.999),
	    (double)s->latency.max_ns / 1000, s->cpu_seconds, s->answers,
	    s->errors, s->dunno);
	for (a = s->others; a < s->others + LOAD_STATS_ACTIONS; a++) {
		if (a->count > 0)
			(void)fprintf(
			    to, ", \"%s\": %" PRIu64, a->word, a->count);
	}
	(void)fputs("}}\n", to);
}
