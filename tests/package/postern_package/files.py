# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The installed files: which package has what, owners, modes, conffiles."""

import os
import subprocess
from pathlib import Path

from . import apt

# What a postmaster looks for, and in which package it is found.
HOMES = {
    "postern": (
        "/etc/postern/postern.conf", "/usr/sbin/postern-policyd",
        "/usr/sbin/postern-keeper", "/usr/sbin/posternctl",
        "/usr/lib/sysusers.d/postern.conf", "/usr/lib/tmpfiles.d/postern.conf",
        "/usr/share/man/man5/postern.conf.5.gz",
        "/usr/share/man/man7/postern.7.gz",
        "/usr/share/man/man8/postern-policyd.8.gz",
        "/usr/share/man/man8/postern-keeper.8.gz",
        "/usr/share/man/man8/posternctl.8.gz",
        "/usr/share/postern/templates/en.txt",
        "/usr/share/postern/examples/plans/small.conf",
        "/usr/share/postern/examples/monitor/postern-textfile.sh",
        "/usr/share/postern/examples/senders",
    ),
    "postern-milter": (
        "/usr/sbin/postern-milter",
        "/usr/share/man/man8/postern-milter.8.gz",
        "/usr/share/postern/examples/postfix-milter.cf",
        "/usr/share/postern/examples/sendmail-milter.mc",
    ),
    "dovecot-postern": (
        "/usr/lib/dovecot/modules/auth/libauthdb_postern.so",
        "/usr/lib/dovecot/modules/lib50_postern_plugin.so",
        "/usr/lib/dovecot/modules/lib55_imap_postern_plugin.so",
        "/usr/lib/dovecot/modules/lib55_pop3_postern_plugin.so",
        "/usr/lib/dovecot/modules/doveadm/lib10_doveadm_postern_plugin.so",
        "/usr/share/man/man7/postern-dovecot.7.gz",
        "/usr/share/postern/examples/dovecot-2.3.conf",
        "/usr/share/postern/examples/dovecot-2.4.conf",
    ),
}
SETTINGS_24 = "/usr/lib/dovecot/modules/settings/libpostern_settings.so"


def listed(name):
    return set(apt.run("dpkg-query", "-L", name).splitlines())


def check_all():
    abi = Path("/usr/share/dovecot/dovecot-abi")
    assert not abi.exists(), "a root without build dependencies has no headers"
    for name, wanted in HOMES.items():
        missing = set(wanted) - listed(name)
        assert not missing, f"{name} lacks {missing}"
    is_24 = "dovecot-abi-2.4" in apt.field("dovecot-postern", "Depends")
    assert (SETTINGS_24 in listed("dovecot-postern")) == is_24
    for name in apt.NAMES:
        for path in map(Path, listed(name)):
            if path.is_symlink():
                continue
            status = path.stat()
            mode = 0o755 if path.is_dir() or path.parent.name == "sbin" \
                or path.suffix == ".sh" else 0o644
            assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) \
                == (0, 0, mode), f"{path}: {oct(status.st_mode)}"


def libraries():
    """Programs find every library; modules find the rest in Dovecot."""
    for name in ("postern-policyd", "postern-milter", "postern-keeper",
                 "posternctl"):
        said = subprocess.run(["ldd", f"/usr/sbin/{name}"], text=True,
                              capture_output=True, check=True).stdout
        assert "not found" not in said, said


def conffiles():
    libraries()
    for name, wanted in (("postern", ["/etc/postern/postern.conf"]),
                         ("postern-milter", []), ("dovecot-postern", [])):
        found = [line.split()[0] for line in
                 apt.field(name, "Conffiles").splitlines() if line.strip()]
        assert found == wanted, f"{name}: {found}"
    apt.run("posternctl", "check-config")
    mode = [line for line in apt.run("posternctl", "config").splitlines()
            if line.split()[:1] == ["mode"]]
    assert mode and "observe" in mode[0], mode
    assert os.access("/etc/postern/postern.conf", os.R_OK)
