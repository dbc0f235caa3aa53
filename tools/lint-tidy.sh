#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# lint-tidy.sh CLANG-TIDY FILE FLAG...
#
# Says nothing about a clean file. clang-tidy itself reports "N warnings
# generated" for system headers even with --quiet; that line is taken out.

set -u

program=$1
file=$2
shift 2

output=$("$program" --quiet "$file" -- "$@" 2>&1)
status=$?
if [ $status -ne 0 ]; then
	printf '%s\n' "$output" | grep -v ' warnings\{0,1\} generated\.$'
	exit 1
fi
exit 0
