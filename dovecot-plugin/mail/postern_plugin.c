/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The module lib50_postern_plugin.so: mail_plugins = ... postern. */
#include "dovecot-plugin/compat.h"

#include <mail-storage-hooks.h>
#include <module-dir.h>

#include "dovecot-plugin/mail/hold.h"
#include "dovecot-plugin/mail/session.h"

DP_EXPORT extern const char *postern_plugin_version;
DP_EXPORT void
postern_plugin_init(struct module *module);
DP_EXPORT void
postern_plugin_deinit(void);

static struct mail_storage_hooks hooks = {
    .mail_user_created = dp_session_user_created,
    .mailbox_allocated = dp_hold_mailbox_allocated,
};

const char *postern_plugin_version = DOVECOT_ABI_VERSION;

void
postern_plugin_init(struct module *module)
{
	mail_storage_hooks_add(module, &hooks);
}

void
postern_plugin_deinit(void)
{
	mail_storage_hooks_remove(&hooks);
}
