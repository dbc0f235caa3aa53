/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: Postfix's settings through postconf. */

#include <stdbool.h>
#include <string.h>

#include "ctl/doctor.h"
#include "ctl/process.h"

#define PATH_CAP 256

static int
ask(const char *postconf, const char *dir, const char *option,
    struct pc_settings *out, struct pt_err *err)
{
	/* posix_spawn() wants char pointers that it does not write to. */
	char *argv[5] = {NULL};
	char *text;
	size_t n = 0;

	argv[n++] = (char *)(uintptr_t)postconf;
	if (dir != NULL) {
		argv[n++] = (char *)(uintptr_t) "-c";
		argv[n++] = (char *)(uintptr_t)dir;
	}
	argv[n++] = (char *)(uintptr_t)option;
	if (pc_process_read(argv, &text, err) != 0)
		return -1;
	return pc_settings_parse(text, out, err);
}

static int
ask_all(const char *postconf, const char *dir, struct pc_postfix *postfix,
    struct pt_err *err)
{
	/* References are replaced, as smtpd would do it. */
	if (ask(postconf, dir, "-x", &postfix->main, err) != 0 ||
	    ask(postconf, dir, "-d", &postfix->defaults, err) != 0 ||
	    ask(postconf, dir, "-F", &postfix->services, err) != 0 ||
	    ask(postconf, dir, "-Px", &postfix->options, err) != 0)
		return -1;
	postfix->queue_directory =
	    pc_settings_get(&postfix->main, "queue_directory");
	if (postfix->queue_directory == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "postconf does not name a queue_directory");
	return 0;
}

bool
pc_doctor_postfix_read(struct pc_doctor *doctor, struct pc_postfix *postfix)
{
	const char *dir = pc_call_option(doctor->call, "postfix-config");
	char postconf[PATH_CAP];
	struct pt_err err;

	memset(postfix, 0, sizeof(*postfix));
	if (!pc_process_find("postconf", postconf, sizeof(postconf))) {
		pc_doctor_say(doctor,
		    dir == NULL ? PC_LEVEL_NOTE : PC_LEVEL_PROBLEM, "postfix",
		    NULL,
		    "there is no postconf on this host: nothing of Postfix was "
		    "looked at");
		return false;
	}
	if (ask_all(postconf, dir, postfix, &err) == 0)
		return true;
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "postfix", NULL,
	    "cannot read the configuration of Postfix: %s", err.text);
	return false;
}

void
pc_doctor_postfix_clear(struct pc_postfix *postfix)
{
	pc_settings_clear(&postfix->main);
	pc_settings_clear(&postfix->defaults);
	pc_settings_clear(&postfix->services);
	pc_settings_clear(&postfix->options);
	postfix->queue_directory = NULL;
}
