/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* A site with Dovecot, as doveconf prints it, for the tests of the doctor. */
#ifndef PT_TESTS_CTL_DOVECOT_FIXTURE_H
#define PT_TESTS_CTL_DOVECOT_FIXTURE_H

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "ctl/doctor_dovecot.h"
#include "tests/unit/support/testing.h"

#define SITE_FILE "/etc/postern/postern.conf"

/* A site with webmail, a master user, and sieve, by doveconf -n of 2.3.19. */
static const char site_23[] =
    "# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf\n"
    "# OS: Linux 6.1.0 x86_64 Debian 12.11 \n"
    "auth_cache_size = 10 M\n"
    "auth_master_user_separator = *\n"
    "auth_mechanisms = plain login\n"
    "mail_location = maildir:~/mail\n"
    "mail_plugins = quota\n"
    "mail_uid = @UID@\n"
    "namespace inbox {\n"
    "  inbox = yes\n"
    "  location = \n"
    "}\n"
    "passdb {\n"
    "  args = /etc/dovecot/masters\n"
    "  driver = passwd-file\n"
    "  master = yes\n"
    "  result_success = continue\n"
    "}\n"
    "passdb {\n"
    "  driver = postern\n"
    "  result_failure = return-fail\n"
    "  result_internalfail = return-fail\n"
    "}\n"
    "passdb {\n"
    "  args = scheme=SHA512-CRYPT /etc/dovecot/users\n"
    "  driver = passwd-file\n"
    "}\n"
    "plugin {\n"
    "  postern_session_socket = @DIR@/session.sock\n"
    "  sieve = file:~/sieve;active=~/.dovecot.sieve\n"
    "}\n"
    "protocols = \" imap lmtp sieve pop3\"\n"
    "ssl = required\n"
    "ssl_cert = </etc/dovecot/private/dovecot.pem\n"
    "userdb {\n"
    "  driver = prefetch\n"
    "  result_success = continue\n"
    "}\n"
    "userdb {\n"
    "  args = /etc/dovecot/users\n"
    "  driver = passwd-file\n"
    "}\n"
    "protocol lmtp {\n"
    "  mail_plugins = quota sieve\n"
    "}\n"
    "protocol imap {\n"
    "  mail_plugins = quota imap_quota postern imap_postern\n"
    "}\n"
    "protocol pop3 {\n"
    "  mail_plugins = quota postern pop3_postern\n"
    "  pop3_lock_session = yes\n"
    "}\n";

/* The same site by doveconf -n of 2.4.1. */
static const char site_24[] =
    "# 2.4.1-4 (7d8c0e5759): /etc/dovecot/dovecot.conf\n"
    "dovecot_config_version = 2.4.0\n"
    "auth_cache_size = 10 M\n"
    "auth_mechanisms = plain login\n"
    "dovecot_storage_version = 2.4.0\n"
    "mail_driver = maildir\n"
    "mail_path = ~/mail\n"
    "mail_plugins {\n"
    "  quota = yes\n"
    "}\n"
    "mail_uid = @UID@\n"
    "postern_session_socket = @DIR@/session.sock\n"
    "protocols {\n"
    "  imap = yes\n"
    "  lmtp = yes\n"
    "  pop3 = yes\n"
    "}\n"
    "ssl = required\n"
    "passdb masters {\n"
    "  driver = passwd-file\n"
    "  master = yes\n"
    "  result_success = continue\n"
    "  passwd_file_path = /etc/dovecot/masters\n"
    "}\n"
    "passdb postern {\n"
    "  result_failure = return-fail\n"
    "  result_internalfail = return-fail\n"
    "}\n"
    "passdb passwd-file {\n"
    "  passwd_file_path = /etc/dovecot/users\n"
    "}\n"
    "userdb prefetch {\n"
    "  result_success = continue\n"
    "}\n"
    "userdb passwd-file {\n"
    "  passwd_file_path = /etc/dovecot/users\n"
    "}\n"
    "protocol imap {\n"
    "  mail_plugins {\n"
    "    imap_postern = yes\n"
    "    imap_quota = yes\n"
    "    postern = yes\n"
    "  }\n"
    "}\n"
    "protocol pop3 {\n"
    "  mail_plugins {\n"
    "    pop3_postern = yes\n"
    "    postern = yes\n"
    "  }\n"
    "  pop3_lock_session = yes\n"
    "}\n";

struct dovecot_fixture {
	char dir[128];
	char socket[160];
	const char *domain; /* default_domain */
	int fd;
};

struct diagnosis {
	char *text;
	unsigned problems;
};

static inline void
make_file(const struct dovecot_fixture *f, const char *name)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

static inline void
make_dir(const struct dovecot_fixture *f, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static inline int
dovecot_set_up(void **state)
{
	static struct dovecot_fixture fixture;
	struct dovecot_fixture *f = &fixture;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct pt_text text;

	test_make_dir(f->dir, sizeof(f->dir));
	make_dir(f, "auth");
	make_dir(f, "doveadm");
	make_dir(f, "settings");
	make_file(f, "auth/libauthdb_postern.so");
	make_file(f, "doveadm/lib10_doveadm_postern_plugin.so");
	make_file(f, "settings/libpostern_settings.so");
	make_file(f, "lib50_postern_plugin.so");
	make_file(f, "lib55_imap_postern_plugin.so");
	make_file(f, "lib55_pop3_postern_plugin.so");
	pt_text_init(&text, f->socket, sizeof(f->socket));
	pt_text_addf(&text, "%s/session.sock", f->dir);
	assert_int_equal(
	    pt_text_copy(address.sun_path, sizeof(address.sun_path), f->socket),
	    0);
	f->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(f->fd >= 0);
	assert_int_equal(
	    bind(f->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(f->fd, 64), 0);
	f->domain = "example.com";
	*state = f;
	return 0;
}

static inline int
dovecot_tear_down(void **state)
{
	struct dovecot_fixture *f = *state;

	(void)close(f->fd);
	test_remove_dir(f->dir);
	return 0;
}

/* "text" with the first "from" made "to", and all @DIR@ and @UID@ filled in. */
static inline char *
write_site(const struct dovecot_fixture *f, const char *text, const char *from,
    const char *to)
{
	const char *at = from == NULL ? NULL : strstr(text, from);
	char *out;
	size_t len;
	FILE *file = open_memstream(&out, &len);

	assert_non_null(file);
	if (from != NULL)
		assert_non_null(at);
	while (*text != '\0') {
		if (text == at) {
			assert_true(fputs(to, file) >= 0);
			text += strlen(from);
		} else if (strncmp(text, "@DIR@", 5) == 0) {
			assert_true(fputs(f->dir, file) >= 0);
			text += 5;
		} else if (strncmp(text, "@UID@", 5) == 0) {
			assert_true(fprintf(file, "%u", geteuid()) > 0);
			text += 5;
		} else {
			assert_int_not_equal(fputc(*text++, file), EOF);
		}
	}
	assert_int_equal(fclose(file), 0);
	return out;
}

static inline void
examine(const struct dovecot_fixture *f, char *text, const char *listen,
    struct diagnosis *out)
{
	char address[256];
	char *addresses[] = {address};
	struct pt_network trusted;
	struct pt_plan plan = {.name = "free", .mail_check = {true, 300}};
	struct pt_config config = {
	    .require_tls = true,
	    .plan_count = 1,
	    .plans = &plan,
	    .session_listen = {listen[0] == '\0' ? 0 : 1, addresses},
	    .network_count = 1,
	    .networks = &trusted,
	};
	struct pc_call call = {
	    .config = &config, .config_file = SITE_FILE, .now = TEST_NOW};
	struct pc_doctor doctor = {.call = &call};
	struct pc_dovecot dovecot = {0};
	struct pt_err err;
	FILE *stream;
	size_t len;

	(void)snprintf(address, sizeof(address), "%s", listen);
	(void)snprintf(config.default_domain, sizeof(config.default_domain),
	    "%s", f->domain);
	assert_int_equal(pt_network_parse("192.0.2.0/24", &trusted, &err), 0);
	assert_int_equal(pc_dovecot_parse(text, &dovecot, &err), 0);
	(void)snprintf(
	    dovecot.module_dir, sizeof(dovecot.module_dir), "%s", f->dir);
	stream = open_memstream(&out->text, &len);
	assert_non_null(stream);
	call.out = pc_output_new(stream, PC_FORMAT_TAB, TEST_NOW);
	assert_non_null(call.out);
	pc_doctor_begin(&doctor);
	pc_doctor_dovecot_examine(&doctor, &dovecot);
	assert_int_equal(pc_output_end(call.out, &err), 0);
	pc_output_free(call.out);
	assert_int_equal(fclose(stream), 0);
	pc_dovecot_clear(&dovecot);
	out->problems = doctor.problems;
}

static inline void
examine_change(const struct dovecot_fixture *f, bool is_24, const char *from,
    const char *to, struct diagnosis *out)
{
	char listen[200];

	(void)snprintf(listen, sizeof(listen), "unix:%s", f->socket);
	examine(
	    f, write_site(f, is_24 ? site_24 : site_23, from, to), listen, out);
}

/* The line of the report with these words; it must be of that level. */
static inline const char *
find(const struct diagnosis *diagnosis, const char *level, const char *what)
{
	const char *found = strstr(diagnosis->text, what);
	const char *line = found;

	if (found == NULL) {
		fail_msg("\"%s\" is not in: %s", what, diagnosis->text);
		return "";
	}
	while (line > diagnosis->text && line[-1] != '\n')
		line--;
	if (strncmp(line, level, strlen(level)) != 0)
		fail_msg("not a %s: %s", level, line);
	return line;
}

#endif
