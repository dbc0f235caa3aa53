/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What postqueue -j and postcat -e tell of messages, whose senders are
 * strangers' words: what is taken for the id of a message could never be an
 * option or a path for the programs that get it as root, and a message has one
 * login or none.
 */
#include "ctl/queue_entry.h"
#include "tests/fuzz/fuzz.h"

static void
check_entry(const char *line, size_t len)
{
	struct pc_queue_entry entry;

	memset(&entry, 0x7f, sizeof(entry));
	if (!pc_queue_entry_parse(line, len, &entry))
		return;
	fuzz_check(pc_queue_is_id(entry.id, strlen(entry.id)),
	    "a message has the id of one");
	fuzz_check(strspn(entry.id,
		       "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		       "abcdefghijklmnopqrstuvwxyz") == strlen(entry.id) &&
		       strcmp(entry.id, "ALL") != 0,
	    "an id is neither an option nor a path nor all of them");
	fuzz_check(entry.queue[0] != '\0' && entry.sender[0] != '\0',
	    "a message lies somewhere and has a sender");
	fuzz_check(entry.arrived_at >= 0, "a message came after 1970");
}

static void
check_evidence(const struct pc_queue_evidence *evidence)
{
	struct pt_login again;
	struct pt_err err;

	if (evidence->proof != PC_QUEUE_LOGIN)
		return;
	fuzz_check(pt_login_parse(evidence->login.text, evidence->login.len,
		       NULL, &again, &err) == 0 &&
		       pt_login_equal(&again, &evidence->login),
	    "who sent it is a login");
}

/* With its end, if it has one. */
static void
take_line(struct pc_queue_evidence *evidence, const char *line, size_t len)
{
	enum pc_queue_proof before = evidence->proof;
	char id[PC_QUEUE_ID_MAX + 1];

	check_entry(line, len);
	if (pc_queue_evidence_begins(line, len, id)) {
		fuzz_check(pc_queue_is_id(id, strlen(id)),
		    "records begin with the id of a message");
		memset(evidence, 0, sizeof(*evidence));
		return;
	}
	pc_queue_evidence_take(evidence, line, len, "example.com");
	fuzz_check(
	    before != PC_QUEUE_UNCLEAR || evidence->proof == PC_QUEUE_UNCLEAR,
	    "what is not clear stays so");
	fuzz_check(
	    before != PC_QUEUE_LOGIN || evidence->proof != PC_QUEUE_NOBODY,
	    "a login is not forgotten");
	check_evidence(evidence);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pc_queue_evidence evidence = {PC_QUEUE_NOBODY, {0}};
	const char *at = (const char *)data;
	const char *newline;
	size_t len;

	while (size > 0) {
		newline = memchr(at, '\n', size);
		len = newline == NULL ? size : (size_t)(newline - at) + 1;
		take_line(&evidence, at, len);
		at += len;
		size -= len;
	}
	return 0;
}
