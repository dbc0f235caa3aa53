/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#define _DEFAULT_SOURCE /* fchmod() and fchown() on a directory */

#include "policyd/session_listen.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/config/keys.h"
#include "core/config/listen.h"

static bool
is_default(const struct pt_strings *wanted)
{
	const struct pt_key *key =
	    pt_key_find(PT_SECTION_TOP, "session_listen");

	return wanted->count == 1 && strcmp(wanted->at[0], key->initial) == 0;
}

/* The directory of a Unix socket; false if it is none. */
static bool
directory_of(const char *text, char *dir, size_t cap)
{
	struct pt_listen address;
	struct pt_err err;
	char *slash;

	if (pt_listen_parse(text, &address, &err) != 0 || !address.is_unix ||
	    pt_text_copy(dir, cap, address.path) != 0)
		return false;
	slash = strrchr(dir, '/');
	if (slash == NULL || slash == dir)
		return false;
	*slash = '\0';
	return true;
}

/* As root; whatever fails is told when the socket cannot be bound. */
static void
make_directory(const char *text, const struct pt_owner *owner)
{
	char dir[PT_LISTEN_PATH_MAX + 1];
	int fd;

	if (!directory_of(text, dir, sizeof(dir)) || mkdir(dir, S_IRWXU) != 0)
		return;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fchown(fd, owner->uid, owner->gid) == 0)
		(void)fchmod(
		    fd, S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH);
	(void)close(fd);
}

static void
warn_closed(const char *text)
{
	char dir[PT_LISTEN_PATH_MAX + 1];
	struct pt_log_line line;
	struct stat st;

	if (!directory_of(text, dir, sizeof(dir)) || stat(dir, &st) != 0 ||
	    (st.st_mode & S_IXOTH) != 0)
		return;
	pt_log_begin(&line, PT_LOG_WARN, "session-socket-closed");
	pt_log_str(&line, "path", dir);
	pt_log_str(&line, "remedy",
	    "the mail processes of every user connect to session_listen: let "
	    "all pass its directory (chmod a+x)");
	pt_log_end(&line);
}

static void
warn_missing(const struct pt_err *err)
{
	struct pt_log_line line;

	pt_log_begin(&line, PT_LOG_WARN, "session-listen-failed");
	pt_log_str(&line, "error", err->text);
	pt_log_str(&line, "remedy",
	    "if the Dovecot plugin is used, make the directory (systemd: "
	    "RuntimeDirectory=postern, RuntimeDirectoryMode=0755); if not, "
	    "set session_listen = { }");
	pt_log_end(&line);
}

int
pd_session_listen_prepare(const struct pd_listeners *set,
    const struct pt_config *config, const struct pt_owner *owner,
    struct pd_listeners *fresh, struct pt_err *err)
{
	const struct pt_strings *wanted = &config->session_listen;
	size_t i;

	if (owner->is_set && is_default(wanted))
		make_directory(wanted->at[0], owner);
	if (pd_listeners_prepare(set, wanted, owner, fresh, err) != 0) {
		if (!is_default(wanted))
			return -1;
		warn_missing(err);
		return 0;
	}
	for (i = 0; i < wanted->count; i++)
		warn_closed(wanted->at[i]);
	return 0;
}
