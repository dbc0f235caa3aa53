/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The passdb "postern": mail programs log in with an app password.  It goes
 * before the site's own passdb, with result_failure = return-fail and
 * result_internalfail = return-fail, so that nobody but a trusted network
 * reaches the main password.
 *
 *	2.3: driver = postern, args = config=/etc/postern/postern.conf
 *	2.4: passdb postern { postern_config = /etc/postern/postern.conf }
 *
 * There is no default_cache_key: what Dovecot caches would outlive a block.
 */
#include "dovecot-plugin/auth/login.h"

#include <module-dir.h>

#include "core/base/clock.h"
#include "dovecot-plugin/auth/answer.h"
#include "dovecot-plugin/auth/batch.h"
#include "dovecot-plugin/auth/guesses.h"
#include "dovecot-plugin/auth/mismatch.h"
#include "dovecot-plugin/auth/state.h"

/* The loader looks for these names. */
extern const char *authdb_postern_version;
void
authdb_postern_init(struct module *module);
void
authdb_postern_deinit(void);

DP_EXPORT const char *authdb_postern_version = DOVECOT_ABI_VERSION;

/* As root, before the rights are given up. */
#if DP_DOVECOT_24
static int
preinit(pool_t pool, struct event *event, struct passdb_module **module_r,
    const char **error_r)
{
	const struct dp_settings *set;

	if (settings_get(event, &dp_settings_info, 0, &set, error_r) < 0)
		return -1;
	dp_state_open(set->postern_config);
	settings_free(set);
	*module_r = p_new(pool, struct passdb_module, 1);
	return 0;
}
#else
static struct passdb_module *
preinit(pool_t pool, const char *args)
{
	static const char word[] = "config=";
	const char *file = "";

	if (strncmp(args, word, strlen(word)) == 0)
		file = args + strlen(word);
	else if (args[0] != '\0')
		e_error(auth_event,
		    "postern: passdb args are \"%s\", but only "
		    "config=FILE is known; %s is read",
		    args, PT_CONFIG_FILE);
	dp_state_open(file);
	return p_new(pool, struct passdb_module, 1);
}
#endif

static void
deinit(struct passdb_module *module ATTR_UNUSED)
{
	if (dp_state_store() != NULL) {
		dp_batch_flush();
		dp_mismatch_close();
		dp_guesses_flush();
	}
	dp_state_close();
}

/* From a mail program, for all that is known. */
static void
verify_mail_program(struct auth_request *request,
    const struct pt_address *address, verify_plain_callback_t *callback)
{
	enum pt_protocol protocol = dp_login_protocol(request);

	if (protocol == 0)
		dp_answer_other_service(request, callback);
	else if (dp_state_store() == NULL)
		dp_answer_unavailable(
		    request, protocol, callback, pt_clock_now());
	else
		dp_batch_add(dp_login_new(
		    dp_state_config(), request, protocol, address, callback));
}

/*
 * The master's password was proven.  Without a master the mark alone is no
 * proof of a password that we would take: an earlier passdb may have been
 * content with any, and OAuth tokens set it, too.
 */
static bool
is_master_login(const struct auth_request *request)
{
	return request->fields.skip_password_check &&
	       request->fields.master_user != NULL;
}

static void
verify_plain(struct auth_request *request, const char *password ATTR_UNUSED,
    verify_plain_callback_t *callback)
{
	const struct pt_config *config = dp_state_config();
	struct pt_address address = dp_login_address(request);

	if (is_master_login(request))
		callback(PASSDB_RESULT_OK, request);
	else if (config == NULL)
		dp_answer_unavailable(request, dp_login_protocol(request),
		    callback, pt_clock_now());
	else if (dp_login_is_trusted(config, &address))
		dp_answer_next(request, callback);
	else
		verify_mail_program(request, &address, callback);
}

/*
 * There are no credentials to give out.  But who looks an account up without
 * logging in (userdb static, LMTP proxy, doveadm auth lookup), masters, and
 * who is trusted must reach the site's own passdb.  For all others, mechanisms
 * that do not show us the password are refused.
 */
static void
lookup_credentials(
    struct auth_request *request, lookup_credentials_callback_t *callback)
{
	const struct pt_config *config = dp_state_config();
	struct pt_address address = dp_login_address(request);
	enum passdb_result result = PASSDB_RESULT_SCHEME_NOT_AVAILABLE;

	if (request->fields.mech_name == NULL || is_master_login(request) ||
	    (config != NULL && dp_login_is_trusted(config, &address)))
		result = PASSDB_RESULT_NEXT;
	else if (config == NULL)
		result = PASSDB_RESULT_INTERNAL_FAILURE;
	callback(result, NULL, 0, request);
}

static struct passdb_module_interface interface = {
    .name = "postern",
    .preinit = preinit,
    .deinit = deinit,
    .verify_plain = verify_plain,
    .lookup_credentials = lookup_credentials,
};

DP_EXPORT void
authdb_postern_init(struct module *module ATTR_UNUSED)
{
	passdb_register_module(&interface);
}

DP_EXPORT void
authdb_postern_deinit(void)
{
	passdb_unregister_module(&interface);
}
