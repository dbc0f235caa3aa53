#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# lint-format.sh CLANG-FORMAT check|write FILE...
#
# Only version 14 is asked: other versions write the same configuration
# differently, and a tree that is right for one would be wrong for the next.

set -eu

program=$1
mode=$2
shift 2

version=$("$program" --version 2>/dev/null |
	sed -n 's/.*version \([0-9]*\)\..*/\1/p') || version=
if [ "$version" != 14 ]; then
	echo "skipped: the format is judged by clang-format 14," \
		"and $program here is ${version:+version }${version:-missing}"
	exit 0
fi
[ $# -gt 0 ] || exit 0

case $mode in
check)
	if ! "$program" --dry-run -Werror "$@"; then
		echo "some files are not formatted; run: make format" >&2
		exit 1
	fi
	;;
write) "$program" -i "$@" ;;
*)
	echo "usage: lint-format.sh CLANG-FORMAT check|write FILE..." >&2
	exit 64
	;;
esac
