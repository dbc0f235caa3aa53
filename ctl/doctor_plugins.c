/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* doctor: the plugins of imap and pop3, and the modules on the disk. */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl/doctor_dovecot.h"

#define LINES_MAX (PC_DOVECOT_LIST_MAX + 128)

/* The lines that load both plugins for the protocol. */
static void
write_plugins(const struct pc_dovecot *dovecot, const char *protocol,
    const char *list, char *buf, size_t cap)
{
	char own[32];
	struct pt_text text;

	snprintf(own, sizeof(own), "%s_postern", protocol);
	pt_text_init(&text, buf, cap);
	pt_text_addf(&text, "protocol %s {\n", protocol);
	if (dovecot->is_24) {
		pt_text_addf(&text,
		    "  mail_plugins {\n    postern = yes\n    %s = yes\n  }\n",
		    own);
	} else {
		pt_text_add(&text, "  mail_plugins =");
		/* What is there stays. */
		if (list[0] != '\0')
			pt_text_addf(&text, " %s", list);
		if (!pc_dovecot_list_has(list, "postern"))
			pt_text_add(&text, " postern");
		if (!pc_dovecot_list_has(list, own))
			pt_text_addf(&text, " %s", own);
		pt_text_add(&text, "\n");
	}
	pt_text_add(&text, "}");
}

static void
check_protocol(struct pc_doctor *doctor, const struct pc_dovecot *dovecot,
    const char *protocol)
{
	char list[PC_DOVECOT_LIST_MAX];
	char lines[LINES_MAX];
	char what[256];
	char own[32];
	struct pt_text text;

	snprintf(own, sizeof(own), "%s_postern", protocol);
	pt_text_init(&text, list, sizeof(list));
	pc_dovecot_list(dovecot, protocol, "mail_plugins", "", &text);
	if (pc_dovecot_list_has(list, "postern") &&
	    pc_dovecot_list_has(list, own)) {
		pc_doctor_say(doctor, PC_LEVEL_OK, protocol, NULL,
		    "loads the plugins postern and %s", own);
		return;
	}
	write_plugins(dovecot, protocol, list, lines, sizeof(lines));
	snprintf(what, sizeof(what),
	    "does not load the plugin%s %s: open sessions are not counted, "
	    "held or ended",
	    pc_dovecot_list_has(list, "postern") ? "" : "s postern and", own);
	pc_dovecot_say(doctor, PC_LEVEL_PROBLEM, protocol, lines, what);
}

static void
check_lock(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	static const char lines[] = "protocol pop3 {\n"
				    "  pop3_lock_session = yes\n"
				    "}";

	if (strcmp(pc_dovecot_protocol_get(
		       dovecot, "pop3", "pop3_lock_session", "no"),
		"yes") == 0)
		pc_doctor_say(doctor, PC_LEVEL_OK, "pop3", NULL,
		    "has one session a mailbox at a time");
	else
		pc_dovecot_say(doctor, PC_LEVEL_PROBLEM, "pop3", lines,
		    "lets several sessions of one mailbox stand side by side: "
		    "pop3_lock_session must be yes");
}

/* Plugins that a process loads without any use for them. */
static void
check_others(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	static const char *const others[] = {"lmtp", "lda", "doveadm"};
	char list[PC_DOVECOT_LIST_MAX];
	struct pt_text text;
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(others); i++) {
		pt_text_init(&text, list, sizeof(list));
		pc_dovecot_list(dovecot, others[i], "mail_plugins", "", &text);
		if (!pc_dovecot_list_has(list, "postern") &&
		    !pc_dovecot_list_has(list, "imap_postern") &&
		    !pc_dovecot_list_has(list, "pop3_postern"))
			continue;
		pc_doctor_say(doctor, PC_LEVEL_NOTE, others[i], NULL,
		    "loads a plugin of Postern, which does nothing there: "
		    "name it under protocol imap and protocol pop3 only");
	}
}

static bool
is_file(const char *dir, const char *name)
{
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
check_module(struct pc_doctor *doctor, const char *dir, const char *name)
{
	static const struct pc_fix install = {
	    "a shell, in Postern's source", "make && sudo make install"};

	if (is_file(dir, name))
		return true;
	pc_doctor_say(doctor, PC_LEVEL_PROBLEM, "modules", &install,
	    "there is no %s/%s", dir, name);
	return false;
}

/*
 * Modules of auth and doveadm are looked for in the compiled-in directory
 * only, whatever mail_plugin_dir says.
 */
static void
check_modules(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	const char *fixed = dovecot->module_dir;
	const char *dir = pc_dovecot_get(dovecot, "mail_plugin_dir", fixed);
	bool has_imap = pc_dovecot_serves(dovecot, "imap");
	bool has_pop3 = pc_dovecot_serves(dovecot, "pop3");
	const struct {
		bool wanted;
		const char *dir;
		const char *name;
	} modules[] = {
	    {true, fixed, "auth/libauthdb_postern.so"},
	    {true, fixed, "doveadm/lib10_doveadm_postern_plugin.so"},
	    {dovecot->is_24, fixed, "settings/libpostern_settings.so"},
	    {has_imap || has_pop3, dir, "lib50_postern_plugin.so"},
	    {has_imap, dir, "lib55_imap_postern_plugin.so"},
	    {has_pop3, dir, "lib55_pop3_postern_plugin.so"},
	};
	bool all = true;
	size_t i;

	if (fixed[0] == '\0')
		return;
	for (i = 0; i < PT_ARRAY_LEN(modules); i++) {
		if (modules[i].wanted &&
		    !check_module(doctor, modules[i].dir, modules[i].name))
			all = false;
	}
	if (all)
		pc_doctor_say(doctor, PC_LEVEL_OK, "modules", NULL,
		    "Postern's modules lie in %s", fixed);
}

void
pc_doctor_plugins(struct pc_doctor *doctor, const struct pc_dovecot *dovecot)
{
	if (pc_dovecot_serves(dovecot, "imap"))
		check_protocol(doctor, dovecot, "imap");
	if (pc_dovecot_serves(dovecot, "pop3")) {
		check_protocol(doctor, dovecot, "pop3");
		check_lock(doctor, dovecot);
	}
	check_others(doctor, dovecot);
	check_modules(doctor, dovecot);
}
