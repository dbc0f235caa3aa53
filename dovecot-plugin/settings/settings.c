/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Tells Dovecot 2.4's config process which settings Postern's modules have,
 * so that it accepts them in dovecot.conf.
 */
#include "dovecot-plugin/compat.h"

#if DP_DOVECOT_24

extern const char *postern_settings_version;
extern const struct setting_parser_info *postern_settings_set_infos[];

DP_EXPORT const char *postern_settings_version = DOVECOT_ABI_VERSION;

DP_EXPORT const struct setting_parser_info *postern_settings_set_infos[] = {
    &dp_settings_info,
    NULL,
};

#endif
