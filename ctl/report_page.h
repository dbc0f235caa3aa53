/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * A report as one page of HTML, which needs nothing from elsewhere and no
 * script, is light or dark as its reader's system is, and fits a telephone.
 */
#ifndef PC_REPORT_PAGE_H
#define PC_REPORT_PAGE_H

#include <stdio.h>

#include "ctl/report.h"

/* Whether it could be written, the stream tells. */
void
pc_report_page(FILE *out, const struct pc_report *report);

/* report_page_account.c: the part about one account. */
void
pc_report_page_account(FILE *out, const struct pc_report *report);

/* report_style.c: for <style>, in pieces; the last is NULL. */
extern const char *const pc_report_style[];

#endif
