/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The maps of sender { maps }: tables outside Postern that say which logins
 * own a sender address, in the form of Postfix's smtpd_sender_login_maps.
 *
 *	file:/PATH                       a text file, "address login,login"
 *	lmdb:/PATH                       what postmap(1) makes: PATH.lmdb, or
 *	                                 PATH if it ends so already
 *	socketmap:unix:/PATH:NAME        Sendmail's socketmap protocol, as
 *	socketmap:inet:HOST:PORT:NAME    Postfix speaks it
 *
 * Lookups go as Postfix does them (smtpd_sender_login_maps, canonical order
 * of mail_addr_find): the address whole, without its tag, "@domain"; each in
 * all maps in the order listed, and the first answer counts, whether it names
 * the login or not.  A server is asked for the address whole only.  Logins in
 * an answer are separated by commas or blanks; a bare local part gets
 * default_domain; what can be no login owns nothing.
 *
 * Files and tables are read into memory.  One that changes is read again; one
 * that cannot be read any more, or has a bad line, leaves the old contents in
 * force, see pt_maps_complaint().  A server that does not answer, or not with
 * yes or no, is PT_OWNED_UNKNOWN, never a yes, and later maps are not asked.
 *
 * Threads: all functions but open and close may be called by any thread at any
 * time.  A lookup in a socketmap may wait, at most PT_MAPS_WAIT_MS in all.
 * Any lookup may read a large file again, which takes less than a second.
 */
#ifndef PT_MAPS_MAPS_H
#define PT_MAPS_MAPS_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/login.h"
#include "core/config/config.h"
#include "core/rules/sender.h"

#define PT_MAPS_WAIT_MS   3000
#define PT_MAPS_LOGIN_MAX 32 /* logins of one answer that are shown */

struct pt_maps;

/*
 * Opens the maps of a configuration, which may be freed afterwards.
 * PT_ERR_CONFIG (a bad line as FILE:LINE) or PT_ERR_UNAVAILABLE only for what
 * is wrong now with files, tables and names of hosts; a server that is down is
 * no error here.  No maps configured: *out is NULL, which all functions take
 * for "nobody owns it".
 */
int
pt_maps_open(
    const struct pt_config *config, struct pt_maps **out, struct pt_err *err);

void
pt_maps_close(struct pt_maps *maps);

/*
 * A file or table could not be read again: what is wrong with it, once each
 * time; for the log.  false: there is nothing new to say.
 */
bool
pt_maps_complaint(struct pt_maps *maps, struct pt_err *err);

/* Does the login own the address?  err is filled for PT_OWNED_UNKNOWN. */
enum pt_owned
pt_maps_owns(struct pt_maps *maps, const struct pt_login *login,
    const struct pt_login *address, struct pt_err *err);

/* Where the answer about an address comes from, and who owns it. */
struct pt_maps_answer {
	const char *map; /* as configured; lives as long as the maps */
	char key[PT_LOGIN_MAX + 1]; /* that was found in it */
	unsigned count;
	struct pt_login owners[PT_MAPS_LOGIN_MAX];
};

/*
 * Who owns the address, for people: the first PT_MAPS_LOGIN_MAX of them.
 * PT_OWNED_NO if no map knows it, and *out is untouched.
 */
enum pt_owned
pt_maps_owners(struct pt_maps *maps, const struct pt_login *address,
    struct pt_maps_answer *out, struct pt_err *err);

#endif
