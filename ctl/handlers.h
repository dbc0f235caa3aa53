/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* What the commands of the table run; each in the cmd_*.c of its concern. */
#ifndef PC_HANDLERS_H
#define PC_HANDLERS_H

#include "ctl/command.h"

/* cmd_account.c */
pc_command_fn pc_cmd_account_show;
pc_command_fn pc_cmd_account_list;
pc_command_fn pc_cmd_account_delete;

/* cmd_set.c */
pc_command_fn pc_cmd_set;

/* cmd_access.c */
pc_command_fn pc_cmd_enable;
pc_command_fn pc_cmd_disable;
pc_command_fn pc_cmd_block;
pc_command_fn pc_cmd_unblock;
pc_command_fn pc_cmd_password_changed;

/* cmd_password.c */
pc_command_fn pc_cmd_password_create;
pc_command_fn pc_cmd_password_list;
pc_command_fn pc_cmd_password_revoke;

/* cmd_sending.c */
pc_command_fn pc_cmd_lock;
pc_command_fn pc_cmd_unlock;
pc_command_fn pc_cmd_grant;
pc_command_fn pc_cmd_reset;

/* cmd_sender.c, cmd_sender_check.c */
pc_command_fn pc_cmd_sender_add;
pc_command_fn pc_cmd_sender_remove;
pc_command_fn pc_cmd_sender_list;
pc_command_fn pc_cmd_sender_check;

/* cmd_quota.c, cmd_explain.c */
pc_command_fn pc_cmd_quota;
pc_command_fn pc_cmd_explain;

/* cmd_history.c, cmd_top.c, cmd_stats.c */
pc_command_fn pc_cmd_history;
pc_command_fn pc_cmd_top;
pc_command_fn pc_cmd_stats;

/* cmd_config.c */
pc_command_fn pc_cmd_check_config;
pc_command_fn pc_cmd_config;

/* cmd_doctor.c */
pc_command_fn pc_cmd_doctor;

/* cmd_init.c, cmd_backup.c, cmd_dump.c, cmd_load.c */
pc_command_fn pc_cmd_init;
pc_command_fn pc_cmd_backup;
pc_command_fn pc_cmd_dump;
pc_command_fn pc_cmd_load;

#endif
