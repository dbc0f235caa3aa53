/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The configuration: postern.conf and conf.d (*.conf) beside it, read with
 * libconfuse and checked whole.  A struct pt_config never changes after it
 * has been loaded; a reload makes a new one and the old is freed when nobody
 * uses it any more.
 *
 * Errors are PT_ERR_CONFIG with "FILE:LINE: what is wrong".
 */
#ifndef PT_CONFIG_CONFIG_H
#define PT_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/network.h"
#include "core/config/plan.h"

#ifndef POSTERN_SYSCONFDIR
#define POSTERN_SYSCONFDIR "/etc"
#endif
#define PT_CONFIG_FILE POSTERN_SYSCONFDIR "/postern/postern.conf"

enum pt_mode {
	PT_MODE_OBSERVE, /* 0: what is safe when nothing was said */
	PT_MODE_ENFORCE,
};

enum pt_sender_policy {
	PT_SENDER_REJECT,
	PT_SENDER_REWRITE,
};

enum pt_several {
	PT_SEVERAL_REJECT,
	PT_SEVERAL_OWNED,
};

/* A Sender (or Resent-Sender) field that the login does not own. */
enum pt_foreign_sender {
	PT_FOREIGN_SENDER_REJECT,
	PT_FOREIGN_SENDER_REMOVE, /* the field; the message goes on */
};

/* A display name that shows an address that the login does not own. */
enum pt_display_name {
	PT_DISPLAY_NAME_REJECT,
	PT_DISPLAY_NAME_ALLOW,
};

struct pt_strings {
	size_t count;
	char **at;
};

/* One entry of alias_domains: "example.com = example.net example.org". */
struct pt_alias_domain {
	char *domain; /* the login's domain, A-labels */
	struct pt_strings aliases;
};

struct pt_sender_config {
	enum pt_sender_policy policy;
	enum pt_several several;
	enum pt_foreign_sender foreign_sender;
	enum pt_display_name display_name;
	char subaddress[8];              /* "" switches tags off */
	struct pt_strings alias_domains; /* as written */
	struct pt_strings maps;
	size_t alias_count; /* alias_domains, parsed */
	struct pt_alias_domain *aliases;
};

struct pt_notice_config {
	char from[256];    /* "": no notices */
	char name[128];    /* of the provider, for texts and From; or "" */
	char copy[256];    /* who gets a copy of each; or "" */
	char command[512]; /* words separated by blanks */
	char timezone[64]; /* a name of the tz database */
	struct pt_strings languages;
	struct pt_strings templates;   /* directories, the first one wins */
	struct pt_windows max;         /* an account; at most one */
	struct pt_limit give_up_after; /* seconds */
};

/* What mail programs are told to use; "": nothing. */
struct pt_client_config {
	char name[128]; /* of the provider */
	char imap[300]; /* server.h reads these three */
	char pop3[300];
	char smtp[300];
	char url[256]; /* where the provider gives Apple profiles out */
};

struct pt_config {
	enum pt_mode mode;
	char state_dir[512];
	char default_domain[256]; /* lower-case A-labels, or "" */
	char default_plan[PT_PLAN_NAME_MAX + 1];
	bool require_tls;
	struct pt_strings trusted_texts;
	size_t network_count;
	struct pt_network *networks; /* trusted_networks, parsed */
	char help_url[256];
	struct pt_strings policy_listen;
	struct pt_strings session_listen;
	char milter_listen[256]; /* one, because libmilter has one; or "" */
	unsigned log_level;      /* enum pt_log_level */
	struct pt_limit history_keep;    /* seconds */
	struct pt_limit max_connections; /* of the policy listeners */
	struct pt_limit max_sessions;    /* of the session listeners */
	struct pt_sender_config sender;
	struct pt_notice_config notice;
	struct pt_client_config client;
	size_t plan_count;
	struct pt_plan *plans;
	size_t default_place; /* of default_plan among them */
};

/* Reads FILE and DIR(FILE)/conf.d (*.conf) in the order of their names. */
int
pt_config_load(
    const char *file, struct pt_config **config_out, struct pt_err *err);

/*
 * The same from memory, without conf.d; "name" stands in errors.  For tests,
 * fuzzing and posternctl.
 */
int
pt_config_parse(const char *name, const char *text,
    struct pt_config **config_out, struct pt_err *err);

/* NULL is allowed. */
void
pt_config_free(struct pt_config *config);

/* NULL if there is no plan of that name; "" is the default plan. */
const struct pt_plan *
pt_config_plan(const struct pt_config *config, const char *name);

struct pt_key;

/*
 * One key as a whole line "key = value"; differs_out says whether it differs
 * from the default.  "plan" is needed for PT_SECTION_PLAN only.
 */
int
pt_config_format_key(const struct pt_config *config, const struct pt_plan *plan,
    const struct pt_key *key, char *buf, size_t cap, bool *differs_out);

#endif
