/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * What each command has to tell, column by column: the one place in which that
 * is said, for the output of every format and for posternctl(8), which lists
 * the columns of each command.  Each table ends with a row without a name.
 */
#ifndef PC_COLUMNS_H
#define PC_COLUMNS_H

#include "ctl/output.h"

/* columns_account.c */
extern const struct pc_column pc_columns_settings[];
extern const struct pc_column pc_columns_accounts[];
extern const struct pc_column pc_columns_change[];
extern const struct pc_column pc_columns_issue[];
extern const struct pc_column pc_columns_passwords[];

/* columns_sending.c */
extern const struct pc_column pc_columns_quota[];
extern const struct pc_column pc_columns_queue[];
extern const struct pc_column pc_columns_senders[];
extern const struct pc_column pc_columns_top[];
extern const struct pc_column pc_columns_would[];
extern const struct pc_column pc_columns_would_summary[];

/* columns_general.c */
extern const struct pc_column pc_columns_init[];
extern const struct pc_column pc_columns_explain[];
extern const struct pc_column pc_columns_history[];
extern const struct pc_column pc_columns_stats[];
extern const struct pc_column pc_columns_report[];
extern const struct pc_column pc_columns_batch[];
extern const struct pc_column pc_columns_sweep[];
extern const struct pc_column pc_columns_dry_sweep[];
extern const struct pc_column pc_columns_check[];
extern const struct pc_column pc_columns_config[];
extern const struct pc_column pc_columns_doctor[];
extern const struct pc_column pc_columns_load[];
extern const struct pc_column pc_columns_backup[];
extern const struct pc_column pc_columns_notices[];
extern const struct pc_column pc_columns_noticed[];

#endif
