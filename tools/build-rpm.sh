#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# build-rpm.sh ARCHIVE DIRECTORY [OPTION...]
#
# Builds the source package and the binary ones out of an archive of `make dist`
# and puts them into DIRECTORY, with the options for rpmbuild if there are any.
# Prints their names; what rpmbuild says goes to DIRECTORY/log.
# Where rpm lacks what Fedora's packagers take for granted, as on Debian,
# packaging/rpm/macros.debian helps out, and nobody looks for build
# requirements, because rpm knows nothing of Debian's packages.

set -eu

if [ $# -lt 2 ]; then
	echo "usage: build-rpm.sh ARCHIVE DIRECTORY [OPTION...]" >&2
	exit 64
fi
if ! command -v rpmbuild >/dev/null; then
	echo "cannot build packages: rpmbuild is missing;" \
		"run: sudo tools/install-deps.sh rpm" >&2
	exit 1
fi
archive=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2

top=$out/work
rm -rf "$top" "$out"/*.rpm
mkdir -p "$top/SOURCES" "$top/tmp"
cp "$archive" "$top/SOURCES/"
tree=$(basename "$archive" .tar.gz)
take() {
	tar -xzOf "$archive" "$tree/$1" >"$2"
}
take packaging/rpm/postern.spec "$top/postern.spec"
take packaging/sysusers/postern.conf "$top/SOURCES/postern-sysusers.conf"

if [ -z "$(rpm --eval '%{?_unitdir}')" ]; then
	take packaging/rpm/macros.debian "$top/macros"
	set -- --nodeps "--load=$top/macros" "$@"
fi

echo "building; the log is $out/log" >&2
# What rpmbuild runs that fails stays where _tmppath is.
if ! rpmbuild -ba --define "_topdir $top" --define "_tmppath $top/tmp" "$@" \
	"$top/postern.spec" >"$out/log" 2>&1 </dev/null; then
	tail -n 30 "$out/log" >&2
	echo "cannot build packages; all of it is in $out/log" >&2
	exit 1
fi
mv "$top"/SRPMS/*.rpm "$top"/RPMS/*/*.rpm "$out"
rm -rf "$top"
ls "$out"/*.rpm
