#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""build.py: builds the packages in a root that has what they say they need.

Twice, by different people at different places, and once more as the version
after that; what root_*.py installs is left in /srv/packages.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, "tools")

import runpy

from postern_package import apt, report

OUTPUT = Path("build/deb")
OTHER = Path("/var/tmp/quite/another/place")
NOBODY = 65534
LINTIAN = ("lintian", "--allow-root", "--pedantic", "--display-info",
           "--fail-on", "error,warning,info,pedantic", "--suppress-tags")
# What one lintian says and the other one does not know or does not want; so an
# override in the package would be wrong for one of them.
SUPPRESSED = {
    "bookworm": (
        # README.md says how to run the daemons without systemd. Policy asks
        # for no more, and later versions of lintian neither.
        "package-supports-alternative-init-but-no-init.d-script",
        # It is of Debian 13.
        "newer-standards-version",
    ),
    "trixie": (
        # The table of settings for Dovecot 2.4 calls nobody.
        "shared-library-lacks-prerequisites",
    ),
}
# Machine code can look like a misspelled word, another one with each compiler.
NO_WORDS = "spelling-error-in-binary"


def environment(**changes):
    kept = {name: os.environ[name] for name in ("PATH", "HOME")}
    return {**kept, "DEB_BUILD_OPTIONS": "nocheck parallel=2", **changes}


def as_nobody(folder, *words, **changes):
    """Another user, umask, locale, time zone, home; and no colours."""
    return subprocess.run(
        words, cwd=folder, stdin=subprocess.DEVNULL, check=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=apt.LIMIT_SECONDS,
        user=NOBODY, group=NOBODY, extra_groups=(), umask=0o027,
        env=environment(LC_ALL="C", TZ="Pacific/Kiritimati",
                        HOME="/nonexistent", DPKG_COLORS="never", **changes))


def built(folder):
    found = {path.name: path for path in folder.glob("*.deb")}
    assert found, f"nothing was built in {folder}"
    return found


def source_modes():
    for path in OUTPUT.glob("*.tar.*"):
        with tarfile.open(path) as archive:
            for member in archive:
                who = member.uid, member.gid, member.mode
                assert who in ((0, 0, 0o755), (0, 0, 0o644)), \
                    f"{path.name}: {member.name}: {who}"


def build_again():
    """The source package, unpacked and built elsewhere by somebody else."""
    shutil.rmtree(OTHER, ignore_errors=True)
    OTHER.mkdir(parents=True)
    os.chown(OTHER, NOBODY, NOBODY)
    (description,) = OUTPUT.glob("*.dsc")
    as_nobody(OTHER, "dpkg-source", "-x", description.resolve(), "tree")
    as_nobody(OTHER / "tree", "dpkg-buildpackage", "--no-sign", "-b")


def compare():
    ours, theirs = built(OUTPUT), built(OTHER)
    assert ours.keys() == theirs.keys(), f"{set(ours) ^ set(theirs)}"
    unlike = [name for name, path in ours.items()
              if path.read_bytes() != theirs[name].read_bytes()]
    assert not unlike, f"built twice, these differ: {unlike}"


def build_later():
    """One version later; only the changelog is new, and postern.conf."""
    new_entry = runpy.run_path("tools/build-deb.py")["new_entry"]
    (description,) = OUTPUT.glob("*.dsc")
    number = description.name.removeprefix("postern_").removesuffix(".dsc")
    new_entry(OTHER / "tree/debian/changelog", number[:-1] + "2",
              report.suite(), "Another version.")
    with open(OTHER / "tree/packaging/examples/postern.conf", "a") as conf:
        conf.write(apt.LATER_CONF)
    for path in (OTHER / "tree/debian/files", *OTHER.glob("*.deb")):
        path.unlink()
    as_nobody(OTHER / "tree", "dpkg-buildpackage", "--no-sign", "-b", "-nc",
              DEB_BUILD_OPTIONS="nocheck noautodbgsym")


def keep(folder, target):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, path in built(folder).items():
        if "-dbgsym_" not in name:
            shutil.copy(path, target)


def relations():
    """One state is for programs of one architecture."""
    for name in apt.NAMES:
        said = apt.run("dpkg-deb", "-f", apt.ours(name), "Multi-Arch").strip()
        assert said == "no", f"{name}: Multi-Arch: {said}"


def abi():
    tag = Path("/usr/share/dovecot/dovecot-abi").read_text().strip()
    wanted = apt.run("dpkg-deb", "-f", apt.ours("dovecot-postern"), "Depends")
    assert f"dovecot-abi-{tag}" in wanted.split(", "), wanted


def main(told):
    shutil.rmtree("/srv/packages", ignore_errors=True)
    with told.check("make deb builds with the declared dependencies", True):
        apt.run("make", "deb", env=environment(), umask=0o077)
        keep(OUTPUT, apt.FOLDER)
    with told.check("nothing in the source package is its builder's own"):
        source_modes()
    with told.check("lintian has nothing to say"):
        (changes,) = OUTPUT.glob("*.changes")
        said = apt.run(
            *LINTIAN, ",".join((NO_WORDS, *SUPPRESSED[report.suite()])),
            str(changes))
        assert not said, said
    with told.check("built again by somebody else: the same bytes"):
        build_again()
        compare()
    with told.check("the version after it is built", True):
        build_later()
        keep(OTHER, apt.LATER)
    with told.check("the plugin wants the Dovecot that it was built with"):
        abi()
    with told.check("the daemons want a plugin of their own architecture"):
        relations()


report.main(main)
