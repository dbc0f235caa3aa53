/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The accounts of the login benchmark: login and app password of account N,
 * made from its number, so that the program that fills the state and the one
 * that logs in agree.
 */
#ifndef TESTS_BENCH_AUTH_SECRET_H
#define TESTS_BENCH_AUTH_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "core/rules/password.h"

#define AUTH_LOGIN_MAX 32

/* The length of the text, without its NUL. */
size_t
auth_login(uint32_t account, char out[AUTH_LOGIN_MAX]);

/* 24 letters, without hyphens. */
void
auth_secret(uint32_t account, char out[PT_SECRET_TEXT_MAX]);

#endif
