/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Commands of doveadm, and therefore methods of its HTTP API, where "postern
 * password create" is posternPasswordCreate.
 */

#include "dovecot-plugin/doveadm/request.h"

#include <module-dir.h>

#include "core/base/attr.h"
#include "dovecot-plugin/doveadm/commands.h"

#define PARAM(letter, word, kind, how)                                 \
	{                                                              \
		.short_opt = (letter), .name = (word), .type = (kind), \
		.flags = (how)                                         \
	}

#define USER     PARAM('u', "user", CMD_PARAM_STR, CMD_PARAM_FLAG_POSITIONAL)
#define PROTOCOL PARAM('p', "protocol", CMD_PARAM_ARRAY, CMD_PARAM_FLAG_NONE)
#define LABEL    PARAM('l', "label", CMD_PARAM_STR, CMD_PARAM_FLAG_NONE)
#define EXPIRES  PARAM('e', "expires", CMD_PARAM_STR, CMD_PARAM_FLAG_NONE)
#define NETWORK  PARAM('w', "network", CMD_PARAM_ARRAY, CMD_PARAM_FLAG_NONE)
#define NOTE     PARAM('n', "note", CMD_PARAM_STR, CMD_PARAM_FLAG_NONE)
#define ID       PARAM('i', "id", CMD_PARAM_INT64, CMD_PARAM_FLAG_POSITIONAL)

#define WISH_USAGE                                                           \
	"[--protocol <imap|pop3|smtp>] [--label <text>] [--expires <time>] " \
	"[--network <network>] [--note <text>] <user>"

static const struct doveadm_cmd_param user_params[] = {USER, {.name = NULL}};

static const struct doveadm_cmd_param note_params[] = {
    USER, NOTE, {.name = NULL}};

static const struct doveadm_cmd_param wish_params[] = {
    USER, PROTOCOL, LABEL, EXPIRES, NETWORK, NOTE, {.name = NULL}};

static const struct doveadm_cmd_param revoke_params[] = {
    USER, ID, NOTE, {.name = NULL}};

/* Not const, because Dovecot 2.3 registers what it may write to. */
static struct doveadm_cmd_ver2 commands[] = {
    {
	.name = "postern enable",
	.usage = WISH_USAGE,
	.cmd = dp_command_enable,
	.parameters = wish_params,
    },
    {
	.name = "postern disable",
	.usage = "[--note <text>] <user>",
	.cmd = dp_command_disable,
	.parameters = note_params,
    },
    {
	.name = "postern status",
	.usage = "<user>",
	.cmd = dp_command_status,
	.parameters = user_params,
    },
    {
	.name = "postern password create",
	.usage = WISH_USAGE,
	.cmd = dp_command_create,
	.parameters = wish_params,
    },
    {
	.name = "postern password list",
	.usage = "<user>",
	.cmd = dp_command_list,
	.parameters = user_params,
    },
    {
	.name = "postern password revoke",
	.usage = "[--note <text>] <user> <id>",
	.cmd = dp_command_revoke,
	.parameters = revoke_params,
    },
    {
	.name = "postern password changed",
	.usage = "[--note <text>] <user>",
	.cmd = dp_command_changed,
	.parameters = note_params,
    },
};

DP_EXPORT const char *doveadm_postern_plugin_version = DOVECOT_ABI_VERSION;

DP_EXPORT void
doveadm_postern_plugin_init(struct module *module);

void
doveadm_postern_plugin_init(struct module *module)
{
	size_t i;

	(void)module;
	for (i = 0; i < PT_ARRAY_LEN(commands); i++)
		doveadm_cmd_register_ver2(&commands[i]);
}

DP_EXPORT void
doveadm_postern_plugin_deinit(void);

void
doveadm_postern_plugin_deinit(void)
{
}
