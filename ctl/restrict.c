/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/restrict.h"

#include <string.h>

#define SEPARATORS   ", \t\r\n"
#define POLICY       "check_policy_service"
#define CLASSES_DEEP 3

/* The length of the word at "at": to its last brace, or to a separator. */
static size_t
word_length(const char *at)
{
	size_t depth = 0;
	size_t len;

	for (len = 0; at[len] != '\0'; len++) {
		if (at[len] == '{')
			depth++;
		else if (at[len] == '}' && depth > 0)
			depth--;
		else if (depth == 0 && strchr(SEPARATORS, at[len]) != NULL)
			break;
	}
	return len;
}

bool
pc_restrict_next(const char **list, char *buf, size_t cap)
{
	const char *at = *list + strspn(*list, SEPARATORS);
	size_t len = word_length(at);
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_text_add_bytes(&text, at, len);
	*list = at + len;
	return len > 0;
}

/* What is between the braces of a word, without blanks at its ends. */
static void
strip_braces(char *word)
{
	size_t len = strlen(word);

	if (len < 2 || word[0] != '{' || word[len - 1] != '}')
		return;
	memmove(word, word + 1, len - 2);
	len -= 2;
	while (len > 0 && strchr(SEPARATORS, word[len - 1]) != NULL)
		len--;
	word[len] = '\0';
	len = strspn(word, SEPARATORS);
	memmove(word, word + len, strlen(word + len) + 1);
}

/* The value in "name=value", also as "{ name = value }"; or NULL. */
static const char *
attribute_value(char *word, const char *name)
{
	size_t len;
	const char *value;

	strip_braces(word);
	len = strcspn(word, "= \t");
	value = strchr(word, '=');
	if (value == NULL || strlen(name) != len ||
	    memcmp(word, name, len) != 0)
		return NULL;
	value++;
	return value + strspn(value, " \t");
}

void
pc_restrict_attribute(const char *word, const char *name, char *buf, size_t cap)
{
	char inner[PC_RESTRICT_WORD_MAX];
	char part[PC_RESTRICT_WORD_MAX];
	const char *at = inner;
	const char *value;
	struct pt_text text;

	buf[0] = '\0';
	pt_text_init(&text, inner, sizeof(inner));
	pt_text_add(&text, word);
	strip_braces(inner);
	/* The first word is the endpoint. */
	if (!pc_restrict_next(&at, part, sizeof(part)))
		return;
	while (pc_restrict_next(&at, part, sizeof(part))) {
		value = attribute_value(part, name);
		if (value != NULL)
			(void)pt_text_copy(buf, cap, value);
	}
}

void
pc_restrict_endpoint(const char *word, char *buf, size_t cap)
{
	char inner[PC_RESTRICT_WORD_MAX];
	char part[PC_RESTRICT_WORD_MAX];
	const char *at = inner;
	struct pt_text text;

	buf[0] = '\0';
	pt_text_init(&text, inner, sizeof(inner));
	pt_text_add(&text, word);
	strip_braces(inner);
	if (pc_restrict_next(&at, part, sizeof(part)))
		(void)pt_text_copy(buf, cap, part);
}

void
pc_restrict_parse_policy(const char *word, struct pc_policy *out)
{
	struct pt_text text;

	memset(out, 0, sizeof(*out));
	pt_text_init(&text, out->text, sizeof(out->text));
	pt_text_add(&text, word);
	pc_restrict_endpoint(word, out->endpoint, sizeof(out->endpoint));
	pc_restrict_attribute(
	    word, "timeout", out->timeout, sizeof(out->timeout));
	pc_restrict_attribute(word, "default_action", out->default_action,
	    sizeof(out->default_action));
}

static void
note_before(const char *word, struct pc_before *before)
{
	static const char *const all[] = {"permit", "reject", "defer"};
	size_t i;

	if (strcmp(word, "permit_sasl_authenticated") == 0)
		before->sasl = true;
	else if (strcmp(word, "permit_mynetworks") == 0)
		before->mynetworks = true;
	for (i = 0; i < PT_ARRAY_LEN(all); i++) {
		if (strcmp(word, all[i]) == 0)
			before->everybody = true;
	}
}

void
pc_restrict_each_policy(const char *list, pc_restrict_fn *fn, void *arg)
{
	struct pc_before before = {false, false, false};
	char word[PC_RESTRICT_WORD_MAX];
	struct pc_policy policy;

	while (pc_restrict_next(&list, word, sizeof(word))) {
		if (strcmp(word, POLICY) != 0) {
			note_before(word, &before);
			continue;
		}
		if (!pc_restrict_next(&list, word, sizeof(word)))
			return;
		pc_restrict_parse_policy(word, &policy);
		if (!fn(&policy, &before, arg))
			return;
	}
}

bool
pc_restrict_has(const char *list, const char *word)
{
	char at[PC_RESTRICT_WORD_MAX];

	while (pc_restrict_next(&list, at, sizeof(at))) {
		if (strcmp(at, word) == 0)
			return true;
	}
	return false;
}

static void
add_word(struct pt_text *out, const char *word)
{
	if (out->len > 0)
		pt_text_add(out, ", ");
	pt_text_add(out, word);
}

/* Once over the list; was there any class? */
static bool
expand_once(const char *list, const char *classes,
    const struct pc_settings *main, struct pt_text *out)
{
	char word[PC_RESTRICT_WORD_MAX];
	const char *value;
	bool any = false;

	while (pc_restrict_next(&list, word, sizeof(word))) {
		value = NULL;
		if (pc_restrict_has(classes, word))
			value = pc_settings_get(main, word);
		if (value != NULL)
			any = true;
		add_word(out, value != NULL ? value : word);
	}
	return any;
}

void
pc_restrict_expand(
    const char *list, const struct pc_settings *main, struct pt_text *out)
{
	const char *classes =
	    pc_settings_get(main, "smtpd_restriction_classes");
	char buf[PC_RESTRICT_LIST_MAX];
	struct pt_text text;
	int i;

	if (classes == NULL)
		classes = "";
	pt_text_init(&text, buf, sizeof(buf));
	pt_text_add(&text, list);
	for (i = 0; i < CLASSES_DEEP; i++) {
		pt_text_init(out, out->at, out->cap);
		if (!expand_once(buf, classes, main, out))
			return;
		pt_text_init(&text, buf, sizeof(buf));
		pt_text_add(&text, out->at);
	}
}

void
pc_restrict_put_first(
    const char *list, const char *policy, const char *gone, struct pt_text *out)
{
	char word[PC_RESTRICT_WORD_MAX];
	struct pc_policy wanted;
	struct pc_policy found;

	pc_restrict_parse_policy(policy, &wanted);
	pt_text_addf(out, POLICY " %s", policy);
	while (pc_restrict_next(&list, word, sizeof(word))) {
		if (strcmp(word, POLICY) != 0) {
			add_word(out, word);
			continue;
		}
		if (!pc_restrict_next(&list, word, sizeof(word)))
			return;
		pc_restrict_parse_policy(word, &found);
		if (strcmp(found.endpoint, wanted.endpoint) == 0 ||
		    (gone != NULL && strcmp(found.endpoint, gone) == 0))
			continue;
		add_word(out, POLICY);
		pt_text_addf(out, " %s", word);
	}
}
