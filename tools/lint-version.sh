#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# lint-version.sh PROGRAM VERSION COMMAND...
#
# Runs COMMAND if PROGRAM is of that version, which is Debian 12's. Formatters
# and analyzers of other versions judge the same tree differently: one has to
# be the judge. Elsewhere the step is skipped, and says so.

set -eu

program=$1
wanted=$2
shift 2

if ! command -v "$program" >/dev/null; then
	echo "cannot run $program: it is not installed;" \
		"run: sudo tools/install-deps.sh lint" >&2
	exit 1
fi
version=$("$program" --version |
	sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p' | head -n 1)
case $version. in
"$wanted".*) exec "$@" ;;
esac
echo "skipped: version $wanted of $program is the judge," \
	"and this is ${version:-unknown}"
