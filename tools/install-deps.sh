#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# install-deps.sh build|demo|lint|coverage|check|deb|rpm|root|other
#
# Installs the Debian packages that a purpose needs, and only those that are
# missing. Nothing is removed for it, no service is started, and a mail server
# that was installed for the tests is not left enabled for the next boot.
# Exit codes: 0 all is there, 1 something is missing, 64 wrong call.

set -eu

build="gcc make libc6-dev pkg-config liblmdb-dev libconfuse-dev libsodium-dev
	libidn2-dev libuv1-dev libjansson-dev libqrencode-dev libmilter-dev
	dovecot-dev"
# openssl makes the certificates of the private mail servers.
# util-linux and mount give Dovecot a view of the file system of its own.
servers="python3 postfix postfix-lmdb dovecot-core dovecot-imapd dovecot-pop3d
	dovecot-lmtpd openssl procps util-linux mount"
# Mail programs that nobody here wrote, and a reader of QR codes.
clients="isync fetchmail mpop msmtp curl zbar-tools"
# Readers of addresses that nobody here wrote.
readers="perl libemail-address-xs-perl libmailtools-perl python3-gi
	gir1.2-gmime-3.0 ruby ruby-mail"
lint="python3 clang clang-tidy clang-format cppcheck mandoc shellcheck"
# util-linux has setarch, which gives ThreadSanitizer the addresses it wants,
# lmdb-utils mdb_load, which makes states of older versions from their text.
tests="libcmocka-dev libfaketime lmdb-utils $clients $readers"
check="libclang-rt-dev valgrind libc6-dbg"
# What packaging/deb/control asks for.
deb="$build build-essential debhelper libcmocka-dev pkgconf python3"
# binutils has readelf.
rpm="$build libcmocka-dev rpm rpmlint cpio binutils python3"
# What makes a root of the other release, and what is wanted inside.
root="debootstrap debian-archive-keyring util-linux mount"

case ${1-} in
build) wanted=$build ;;
demo) wanted="$build $servers" ;;
lint) wanted="$build $lint" ;;
coverage) wanted="$build python3 libcmocka-dev gcovr" ;;
check) wanted="$build $servers $tests $lint $check $rpm" ;;
deb) wanted=$deb ;;
rpm) wanted=$rpm ;;
root) wanted=$root ;;
other) wanted="$build $servers $tests" ;;
*)
	echo "usage: install-deps.sh" \
		"build|demo|lint|coverage|check|deb|rpm|root|other" >&2
	exit 64
	;;
esac

if ! command -v dpkg-query >/dev/null; then
	echo "this is not Debian: install what these packages hold, then go on:"
	# shellcheck disable=SC2086 # a list of words
	echo $wanted
	exit 0
fi

installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = \
		installed ]
}

missing=
for package in $wanted; do
	case "$missing " in *" $package "*) continue ;; esac
	installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
	echo "cannot go on: packages are missing:$missing" >&2
	echo "run as root: tools/install-deps.sh $1" >&2
	exit 1
fi

# Debian starts a service as soon as it is installed, unless this file says
# no. One that the administrator wrote stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap 'rm -f $policy' EXIT
	trap 'exit 1' HUP INT TERM
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
fi

apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
		"$@" </dev/null
}

echo "installing:$missing"
log=$(mktemp)
apt update >"$log" 2>&1 || echo "package lists could not be refreshed:" \
	"$(tail -n 1 "$log")"

# shellcheck disable=SC2086 # a list of words
if ! apt install -y --no-remove --no-install-recommends $missing \
	>"$log" 2>&1; then
	tail -n 20 "$log" >&2
	rm -f "$log"
	echo "cannot install the packages above; if apt would have to remove" \
		"one of yours (another mail server, say), use a container" \
		"or a virtual machine" >&2
	exit 1
fi
rm -f "$log"

for service in postfix dovecot; do
	case "$missing " in
	*" $service "* | *" $service-core "*)
		update-rc.d $service disable 2>/dev/null || :
		echo "installed $service for the tests only:" \
			"it is neither started nor enabled"
		;;
	esac
done
