/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/client_qr.h"

#include <errno.h>
#include <qrencode.h>
#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>

#define QUIET 4
/* 133 columns of a terminal; phones read no more from a screen. */
#define VERSION_MAX 27

#define WHITE_ON_BLACK "\033[1;37;40m"
#define NO_COLOUR      "\033[0m"

/* What lies outside belongs to the quiet zone. */
static bool
is_light(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return (code->data[y * code->width + x] & 1) == 0;
}

static void
draw(struct pt_text *out, const QRcode *code)
{
	/* Nothing, the lower half, the upper half, all of it. */
	static const char *const blocks[] = {
	    " ", "\xe2\x96\x84", "\xe2\x96\x80", "\xe2\x96\x88"};
	int x;
	int y;

	for (y = -QUIET; y < code->width + QUIET; y += 2) {
		pt_text_add(out, WHITE_ON_BLACK);
		for (x = -QUIET; x < code->width + QUIET; x++)
			pt_text_add(
			    out, blocks[(is_light(code, x, y) ? 2 : 0) +
					(is_light(code, x, y + 1) ? 1 : 0)]);
		pt_text_add(out, NO_COLOUR "\n");
	}
}

/* A line that goes on in the next spoils the whole code. */
static int
check_width(const QRcode *code, unsigned columns, struct pt_err *err)
{
	unsigned wide = (unsigned)code->width + 2 * QUIET;

	if (columns == 0 || wide <= columns)
		return 0;
	return pt_err_set(err, PT_ERR_UNAVAILABLE,
	    "cannot draw a QR code: it is %u columns wide, and the terminal "
	    "has %u: make it wider, or its letters smaller",
	    wide, columns);
}

int
pc_client_qr_add(struct pt_text *out, const char *payload, unsigned columns,
    struct pt_err *err)
{
	QRcode *code;
	int rc;

	/* No screen is scratched: least correction makes larger modules. */
	errno = 0;
	code = QRcode_encodeString8bit(payload, 0, QR_ECLEVEL_L);
	if (code == NULL && errno != ERANGE)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot draw a QR code: out of memory");
	if (code == NULL || code->version > VERSION_MAX)
		rc = pt_err_set(err, PT_ERR_INPUT,
		    "cannot draw a QR code: what is to stand in it is too "
		    "long for one");
	else
		rc = check_width(code, columns, err);
	if (rc == 0)
		draw(out, code);
	if (code != NULL)
		sodium_memzero(
		    code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	if (rc == 0 && out->cut)
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "cannot draw a QR code: there is no room for it");
	return rc;
}
