/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What the commands of the table run, and how those that change an account read
 * their command line; each in the cmd_*.c of its concern.
 */
#ifndef PC_HANDLERS_H
#define PC_HANDLERS_H

#include "ctl/command.h"

/* cmd_account.c */
pc_command_fn pc_cmd_account_show;
pc_command_fn pc_cmd_account_list;
pc_prepare_fn pc_order_account_delete;

/* cmd_set.c */
pc_prepare_fn pc_order_set;

/* cmd_access.c */
pc_prepare_fn pc_order_enable;
pc_prepare_fn pc_order_disable;
pc_prepare_fn pc_order_block;
pc_prepare_fn pc_order_unblock;
pc_prepare_fn pc_order_password_changed;

/* cmd_password.c */
pc_prepare_fn pc_order_password_create;
pc_command_fn pc_cmd_password_list;
pc_prepare_fn pc_order_password_revoke;

/* cmd_client_config.c */
pc_command_fn pc_cmd_client_config;

/* cmd_sending.c */
pc_prepare_fn pc_order_lock;
pc_prepare_fn pc_order_unlock;
pc_prepare_fn pc_order_grant;
pc_prepare_fn pc_order_reset;

/* cmd_sender.c, cmd_sender_check.c */
pc_prepare_fn pc_order_sender_add;
pc_prepare_fn pc_order_sender_remove;
pc_command_fn pc_cmd_sender_list;
pc_command_fn pc_cmd_sender_check;

/* cmd_quota.c, cmd_explain.c */
pc_command_fn pc_cmd_quota;
pc_command_fn pc_cmd_explain;

/* cmd_queue.c */
pc_command_fn pc_cmd_queue_list;
pc_command_fn pc_cmd_queue_hold;
pc_command_fn pc_cmd_queue_release;
pc_command_fn pc_cmd_queue_apply;

/* cmd_watch.c */
pc_command_fn pc_cmd_watch;

/* cmd_history.c, cmd_top.c, cmd_stats.c */
pc_command_fn pc_cmd_history;
pc_command_fn pc_cmd_top;
pc_command_fn pc_cmd_stats;

/* cmd_would.c */
pc_command_fn pc_cmd_would;

/* cmd_report.c */
pc_command_fn pc_cmd_report;

/* cmd_batch.c */
pc_command_fn pc_cmd_batch;

/* cmd_notice.c, cmd_notice_preview.c */
pc_command_fn pc_cmd_notice_list;
pc_command_fn pc_cmd_notice_retry;
pc_command_fn pc_cmd_notice_drop;
pc_command_fn pc_cmd_notice_preview;

/* cmd_config.c */
pc_command_fn pc_cmd_check_config;
pc_command_fn pc_cmd_config;

/* cmd_sweep.c */
pc_command_fn pc_cmd_sweep;

/* cmd_doctor.c */
pc_command_fn pc_cmd_doctor;

/* cmd_init.c, cmd_backup.c, cmd_dump.c, cmd_load.c */
pc_command_fn pc_cmd_init;
pc_command_fn pc_cmd_backup;
pc_command_fn pc_cmd_dump;
pc_command_fn pc_cmd_load;

#endif
