/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * How a character beyond ASCII looks to somebody who reads an address.
 */
#ifndef PT_RULES_SHOWN_CHARACTER_H
#define PT_RULES_SHOWN_CHARACTER_H

#include <stdbool.h>
#include <stdint.h>

/* It takes no room. */
#define PT_SHOWN_NOTHING 0x110000U

/*
 * PT_SHOWN_NOTHING; or the ASCII that it is a form of, with ' ' for all that
 * separates; or itself.
 */
uint32_t
pt_shown_character(uint32_t character);

/* Does it turn the direction of letters round (LRO, RLO)? */
bool
pt_shown_character_turns(uint32_t character);

/* Of ASCII: does it end a word that could be a local part? */
bool
pt_shown_character_separates(uint32_t character);

#endif
