/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * The app passwords, one after the other, ids ascending:
 *
 *	id		4 bytes
 *	protocols	1 byte: enum pt_protocol, or-ed; never 0
 *	created, expires	8 bytes each; expires 0: never
 *	ending		1 byte; 0: it lives
 *	ended		8 bytes, if it ended
 *	block reason	1 byte, if a block ended it
 *	networks	number (1 byte), then for each its address (16 bytes)
 *			and prefix length (1 byte)
 *	hash		32 bytes
 *	label		length (1 byte), text
 *
 * Numbers are little-endian.
 */
#include "core/state/password_codec.h"

#include <string.h>

_Static_assert(
    PT_PASSWORDS_BYTES_MAX <= UINT16_MAX, "the length of a field has 2 bytes");

static bool
has_host_bits(const struct pt_network *network)
{
	unsigned whole = network->bits / 8U;
	unsigned rest = network->bits % 8U;
	unsigned bits = 0;

	if (rest != 0) {
		bits = network->bytes[whole] & (0xffU >> rest);
		whole++;
	}
	for (unsigned i = whole; i < sizeof(network->bytes); i++)
		bits |= network->bytes[i];
	return bits != 0;
}

static bool
has_sound_networks(const struct pt_password *password)
{
	if (password->network_count > PT_PASSWORD_NETWORKS_MAX)
		return false;
	for (unsigned i = 0; i < password->network_count; i++) {
		const struct pt_network *network = &password->networks[i];

		if (network->bits > 128 || has_host_bits(network))
			return false;
	}
	return true;
}

static bool
has_sound_ending(const struct pt_password *password)
{
	enum pt_block_reason block = password->ending_block;

	if (password->ending == PT_ENDING_NONE)
		return password->ended_at == 0;
	if (password->ending == PT_ENDING_BLOCKED &&
	    (block == PT_BLOCK_NONE || pt_block_reason_name(block) == NULL))
		return false;
	return password->ended_at > 0 &&
	       pt_ending_name(password->ending) != NULL;
}

static bool
has_sound_protocols(const struct pt_password *password)
{
	return password->protocols != 0 &&
	       (password->protocols & ~PT_PROTOCOLS_KNOWN) == 0;
}

bool
pt_password_codec_is_sound(const struct pt_account *account)
{
	unsigned living = 0;
	uint32_t before = 0;

	if (account->password_count > PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX)
		return false;
	for (unsigned i = 0; i < account->password_count; i++) {
		const struct pt_password *password = &account->passwords[i];

		if (password->id <= before || !has_sound_protocols(password) ||
		    !has_sound_ending(password) ||
		    !has_sound_networks(password))
			return false;
		before = password->id;
		if (password->ending == PT_ENDING_NONE)
			living++;
	}
	return before <= account->last_password_id &&
	       living <= PT_PASSWORDS_MAX &&
	       account->password_count - living <= PT_TOMBSTONES_MAX;
}

static void
put_one(struct pt_bytes_writer *out, const struct pt_password *password)
{
	size_t label_len = strlen(password->label);

	pt_bytes_put_uint(out, password->id, 4);
	pt_bytes_put_uint(out, password->protocols, 1);
	pt_bytes_put_stamp(out, password->created_at);
	pt_bytes_put_stamp(out, password->expires_at);
	pt_bytes_put_uint(out, password->ending, 1);
	if (password->ending != PT_ENDING_NONE)
		pt_bytes_put_stamp(out, password->ended_at);
	if (password->ending == PT_ENDING_BLOCKED)
		pt_bytes_put_uint(out, password->ending_block, 1);
	pt_bytes_put_uint(out, password->network_count, 1);
	for (unsigned i = 0; i < password->network_count; i++) {
		const struct pt_network *network = &password->networks[i];

		pt_bytes_put_block(out, network->bytes, sizeof(network->bytes));
		pt_bytes_put_uint(out, network->bits, 1);
	}
	pt_bytes_put_block(out, password->hash, sizeof(password->hash));
	pt_bytes_put_uint(out, label_len, 1);
	pt_bytes_put_text(out, password->label, label_len);
}

void
pt_password_codec_put(
    struct pt_bytes_writer *out, const struct pt_account *account)
{
	if (!pt_password_codec_is_sound(account)) {
		out->bad = true;
		return;
	}
	for (unsigned i = 0; i < account->password_count; i++)
		put_one(out, &account->passwords[i]);
}

/* false: of an ending that is not known here nobody knows where it stops. */
static bool
take_ending(struct pt_bytes_reader *in, struct pt_password *out)
{
	unsigned ending = (unsigned)pt_bytes_take_uint(in, 1);
	unsigned block;

	if (pt_ending_name((enum pt_ending)ending) == NULL)
		return false;
	out->ending = (enum pt_ending)ending;
	if (out->ending != PT_ENDING_NONE)
		out->ended_at = pt_bytes_take_stamp(in);
	if (out->ending != PT_ENDING_BLOCKED)
		return true;
	block = (unsigned)pt_bytes_take_uint(in, 1);
	if (pt_block_reason_name((enum pt_block_reason)block) == NULL)
		return false;
	out->ending_block = (enum pt_block_reason)block;
	return true;
}

static void
take_networks(struct pt_bytes_reader *in, struct pt_password *out)
{
	unsigned count = (unsigned)pt_bytes_take_uint(in, 1);

	if (count > PT_PASSWORD_NETWORKS_MAX) {
		in->bad = true;
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		struct pt_network *network = &out->networks[i];

		pt_bytes_take_block(in, network->bytes, sizeof(network->bytes));
		network->bits = (unsigned char)pt_bytes_take_uint(in, 1);
	}
	out->network_count = count;
}

/* false: a later Postern wrote it. */
static bool
take_one(struct pt_bytes_reader *in, struct pt_password *out)
{
	memset(out, 0, sizeof(*out));
	out->id = (uint32_t)pt_bytes_take_uint(in, 4);
	out->protocols = (unsigned)pt_bytes_take_uint(in, 1);
	if ((out->protocols & ~PT_PROTOCOLS_KNOWN) != 0)
		return false;
	out->created_at = pt_bytes_take_stamp(in);
	out->expires_at = pt_bytes_take_stamp(in);
	if (!take_ending(in, out))
		return false;
	take_networks(in, out);
	pt_bytes_take_block(in, out->hash, sizeof(out->hash));
	pt_bytes_take_text(in, (size_t)pt_bytes_take_uint(in, 1), out->label,
	    sizeof(out->label));
	return true;
}

void
pt_password_codec_take(
    struct pt_bytes_reader *in, struct pt_account *out, bool *newer_out)
{
	while (in->at < in->end && !in->bad) {
		if (out->password_count ==
		    PT_PASSWORDS_MAX + PT_TOMBSTONES_MAX) {
			in->bad = true;
			return;
		}
		if (!take_one(in, &out->passwords[out->password_count])) {
			*newer_out = true;
			in->at = in->end;
			return;
		}
		out->password_count++;
	}
	if (!pt_password_codec_is_sound(out))
		in->bad = true;
}
