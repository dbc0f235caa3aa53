/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: Dovecot's settings through doveconf. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/doctor_dovecot.h"
#include "ctl/process.h"

#define PATH_CAP    256
#define CONFIG_FILE "/etc/dovecot/dovecot.conf"
#define MODULE_DIR  "mail_plugin_dir"

/* The number at *at, which a dot ends; *at is set behind that. */
static bool
read_number(const char **at, uint64_t *out)
{
	size_t len = strspn(*at, "0123456789");
	char digits[8];

	if (len >= sizeof(digits) || (*at)[len] != '.')
		return false;
	memcpy(digits, *at, len);
	digits[len] = '\0';
	*at += len + 1;
	return pt_text_to_u64(digits, UINT32_MAX, out);
}

/* The first line is "# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf". */
static int
read_version(const char *text, struct pc_dovecot *out, struct pt_err *err)
{
	const char *at = text + strspn(text, "# ");
	struct pt_text version;
	uint64_t major;
	uint64_t minor;

	pt_text_init(&version, out->version, sizeof(out->version));
	pt_text_add_escaped(&version, at, strcspn(at, " \n"));
	if (text[0] != '#' || !read_number(&at, &major) ||
	    !read_number(&at, &minor))
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot read what doveconf printed: it does not begin with "
		    "a version");
	out->is_24 = major > 2 || (major == 2 && minor >= 4);
	if (major == 2 && minor >= 3)
		return 0;
	return pt_err_set(err, PT_ERR_CONFIG,
	    "Postern works with Dovecot 2.3 and 2.4, this is %s", out->version);
}

int
pc_dovecot_parse(char *text, struct pc_dovecot *out, struct pt_err *err)
{
	if (read_version(text, out, err) != 0) {
		free(text);
		return -1;
	}
	return pc_blocks_parse(text, &out->conf, err);
}

static int
ask(const char *doveconf, const char *file, const char *const *words,
    char **text_out, struct pt_err *err)
{
	/* posix_spawn() wants char pointers that it does not write to. */
	char *argv[8] = {NULL};
	size_t n = 0;

	argv[n++] = (char *)(uintptr_t)doveconf;
	if (file != NULL) {
		argv[n++] = (char *)(uintptr_t) "-c";
		argv[n++] = (char *)(uintptr_t)file;
	}
	for (; *words != NULL; words++)
		argv[n++] = (char *)(uintptr_t)*words;
	return pc_process_read(argv, text_out, err);
}

/* The compiled-in directory is the default of mail_plugin_dir. */
static int
ask_module_dir(
    const char *doveconf, struct pc_dovecot *dovecot, struct pt_err *err)
{
	static const char *const words[] = {"-d", MODULE_DIR, NULL};
	struct pc_blocks defaults;
	const char *dir;
	char *text;

	if (ask(doveconf, NULL, words, &text, err) != 0 ||
	    pc_blocks_parse(text, &defaults, err) != 0)
		return -1;
	dir = pc_blocks_get(&defaults, PC_BLOCKS_TOP, MODULE_DIR);
	if (dir != NULL)
		(void)pt_text_copy(
		    dovecot->module_dir, sizeof(dovecot->module_dir), dir);
	pc_blocks_clear(&defaults);
	return 0;
}

static int
ask_all(const char *doveconf, const char *file, struct pc_dovecot *dovecot,
    struct pt_err *err)
{
	static const char *const words[] = {"-n", NULL};
	char *text;

	if (ask(doveconf, file, words, &text, err) != 0 ||
	    pc_dovecot_parse(text, dovecot, err) != 0)
		return -1;
	return ask_module_dir(doveconf, dovecot, err);
}

bool
pc_doctor_dovecot_read(struct pc_doctor *doctor, struct pc_dovecot *dovecot)
{
	const char *file = pc_call_option(doctor->call, "dovecot-config");
	char doveconf[PATH_CAP];
	struct pt_err err;

	memset(dovecot, 0, sizeof(*dovecot));
	if (!pc_process_find("doveconf", doveconf, sizeof(doveconf)) ||
	    (file == NULL && access(CONFIG_FILE, F_OK) != 0)) {
		pc_doctor_say(doctor,
		    file == NULL ? PC_LEVEL_NOTE : PC_LEVEL_PROBLEM, "dovecot",
		    NULL,
		    "there is no Dovecot on this host: nothing of it was "
		    "looked at");
		return false;
	}
	if (ask_all(doveconf, file, dovecot, &err) == 0)
		return true;
	pc_dovecot_clear(dovecot);
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "dovecot", NULL,
	    "cannot read the configuration of Dovecot: %s", err.text);
	return false;
}

void
pc_dovecot_clear(struct pc_dovecot *dovecot)
{
	pc_blocks_clear(&dovecot->conf);
	memset(dovecot, 0, sizeof(*dovecot));
}
