/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The commands; their names and parameters are in plugin.c. */
#ifndef DP_DOVEADM_COMMANDS_H
#define DP_DOVEADM_COMMANDS_H

struct doveadm_cmd_context;

/* change.c */
void
dp_command_enable(struct doveadm_cmd_context *cctx);

void
dp_command_disable(struct doveadm_cmd_context *cctx);

void
dp_command_create(struct doveadm_cmd_context *cctx);

void
dp_command_revoke(struct doveadm_cmd_context *cctx);

void
dp_command_changed(struct doveadm_cmd_context *cctx);

/* show.c */
void
dp_command_status(struct doveadm_cmd_context *cctx);

void
dp_command_list(struct doveadm_cmd_context *cctx);

#endif
