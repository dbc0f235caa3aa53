#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# lint-man.sh PAGE...
#
# mandoc must have nothing to say. Whether it finds the pages that ours refer
# to depends on what else the machine has; lint-docs.py looks after our own.

set -u

[ $# -gt 0 ] || exit 0
command -v mandoc >/dev/null || {
	echo "cannot check the man pages: mandoc is not installed" >&2
	exit 1
}

# One stream at a time: together they break each other's lines.
findings=$(
	mandoc -T lint -W style "$@" 2>/dev/null |
		grep -v 'referenced manual not found'
	mandoc -T lint -W style "$@" 2>&1 >/dev/null |
		grep -v 'outdated mandoc.db'
)
[ -z "$findings" ] && exit 0
printf '%s\n' "$findings"
exit 1
