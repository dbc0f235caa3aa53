/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Settings for mail programs: whatever a login, a provider and a page are
 * called, the documents are well-formed XML with as many elements as without
 * any of it, or there is none.  Lines of the input are the login, the name and
 * the address of the page.
 */
#include "core/config/config.h"
#include "ctl/client_autoconfig.h"
#include "ctl/client_profile.h"
#include "tests/fuzz/fuzz.h"

#define ROOM      ((size_t)32 << 10)
#define DEPTH_MAX 8
#define NAME_MAX  40
#define PARTS     3

struct reader {
	const char *at;
	unsigned depth;
	char open[DEPTH_MAX][NAME_MAX];
	unsigned elements;
};

typedef int
document_fn(
    const struct pc_client *client, struct pt_text *out, struct pt_err *err);

/* Text of an element or an attribute, up to a mark. */
static void
read_text(struct reader *reader, const char *marks)
{
	static const char *const names[] = {
	    "amp;", "lt;", "gt;", "quot;", "apos;"};
	size_t i;

	for (; strchr(marks, *reader->at) == NULL; reader->at++) {
		fuzz_check(strchr("<>\"'", *reader->at) == NULL,
		    "what XML gives a meaning is escaped");
		if (*reader->at != '&')
			continue;
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (strncmp(reader->at + 1, names[i],
				strlen(names[i])) == 0)
				break;
		}
		fuzz_check(i < sizeof(names) / sizeof(names[0]),
		    "an ampersand begins an entity");
	}
}

/* Of a tag, without its attribute. */
static void
read_name(struct reader *reader, char out[NAME_MAX])
{
	size_t len = strcspn(reader->at, " />");

	fuzz_check(len > 0 && len < NAME_MAX, "a tag has a name of ours");
	memcpy(out, reader->at, len);
	out[len] = '\0';
	reader->at += len;
}

static void
read_end(struct reader *reader)
{
	char name[NAME_MAX];

	read_name(reader, name);
	fuzz_check(*reader->at == '>', "an end has no attribute");
	fuzz_check(reader->depth > 0 &&
		       strcmp(reader->open[reader->depth - 1], name) == 0,
	    "elements end in the order in which they began");
	reader->depth--;
}

static void
read_start(struct reader *reader)
{
	fuzz_check(reader->depth < DEPTH_MAX, "elements are not deep");
	read_name(reader, reader->open[reader->depth]);
	reader->elements++;
	if (*reader->at == ' ') {
		reader->at = strchr(reader->at, '"');
		fuzz_check(reader->at != NULL, "an attribute has a value");
		reader->at++;
		read_text(reader, "\"");
		reader->at++;
	}
	if (*reader->at == '/')
		reader->at++;
	else
		reader->depth++;
	fuzz_check(*reader->at == '>', "a tag ends");
}

/* How many elements there are. */
static unsigned
read_document(const char *text)
{
	struct reader reader = {.at = strstr(text, "\n<") + 1};

	/* Behind the declaration there may be a document type. */
	if (strncmp(reader.at, "<!DOCTYPE", 9) == 0)
		reader.at = strchr(reader.at, '\n') + 1;
	while (*reader.at == '<') {
		reader.at++;
		if (*reader.at == '/') {
			reader.at++;
			read_end(&reader);
		} else {
			read_start(&reader);
		}
		reader.at++;
		read_text(&reader, reader.depth > 0 ? "<" : "<\n");
		reader.at += *reader.at == '\n' ? 1 : 0;
	}
	fuzz_check(reader.depth == 0 && *reader.at == '\0',
	    "a document is one element");
	return reader.elements;
}

static unsigned
check_document(const struct pc_client *client, document_fn *write)
{
	static char room[ROOM];
	struct pt_err err = {.kind = PT_ERR_NONE};
	struct pt_text out;

	pt_text_init(&out, room, sizeof(room));
	if (write(client, &out, &err) == 0)
		return read_document(room);
	fuzz_check(err.kind == PT_ERR_INPUT, "a refusal is about a name");
	return 0;
}

/* Against the same with names that no document could stumble over. */
static void
check_all(const struct pc_client *client)
{
	static document_fn *const documents[] = {
	    pc_client_profile_add, pc_client_autoconfig_add};
	struct pc_client plain = *client;
	unsigned elements;
	struct pt_err err;
	size_t i;

	plain.provider = "x";
	fuzz_check(
	    pt_login_parse("a@b", 3, NULL, &plain.account.login, &err) == 0,
	    "a plain login is one");
	for (i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		elements = check_document(client, documents[i]);
		fuzz_check(elements == 0 ||
			       elements == check_document(&plain, documents[i]),
		    "a name adds no element");
	}
}

/* Line number i of the input, as a string. */
static void
copy_line(const char *at, size_t len, unsigned i, char *out, size_t cap)
{
	const char *end = at + len;
	const char *newline;
	struct pt_text text;

	pt_text_init(&text, out, cap);
	for (;; i--) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL)
			newline = end;
		if (i == 0 || newline == end)
			break;
		at = newline + 1;
	}
	if (i == 0)
		pt_text_add_bytes(&text, at, (size_t)(newline - at));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pc_client client;
	static struct pt_config config;
	static struct pt_plan plan;
	static char parts[PARTS][512];
	struct pt_err err;

	for (unsigned i = 0; i < PARTS; i++)
		copy_line(
		    (const char *)data, size, i, parts[i], sizeof(parts[i]));
	if (pt_login_parse(parts[0], strlen(parts[0]), "example.com",
		&client.account.login, &err) != 0)
		return 0;
	pt_plan_defaults(&plan, "free");
	client.plan = &plan;
	client.provider = parts[1];
	client.password = "abcd-efgh";
	client.allowed = PT_PROTOCOL_IMAP | PT_PROTOCOL_POP3 | PT_PROTOCOL_SMTP;
	client.offered = client.allowed;
	client.config = &config;
	(void)pt_text_copy(config.help_url, sizeof(config.help_url), parts[2]);
	check_all(&client);
	return 0;
}
