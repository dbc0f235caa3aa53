# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""RPM packages of the tree as it stands, built below build/ and not installed;
what is in them, and their scriptlets, which run against stand-ins."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import source_tree

TOP = source_tree.TOP
WORK = TOP / "build" / "rpm-test"
SPEC = TOP / "packaging" / "rpm" / "postern.spec"
MACROS = TOP / "packaging" / "rpm" / "macros.debian"
HELPER = "/usr/lib/systemd/systemd-update-helper"
# What scriptlets call.
STAND_INS = (Path(HELPER).name, "systemctl", "systemd-tmpfiles", "getent",
             "groupadd", "useradd")


def run(*words, **keywords):
    return subprocess.run(words, check=True, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=300,
                          **keywords).stdout


def said(*words):
    """What a program says, whatever it thinks of us."""
    return subprocess.run(words, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=300).stdout


def variable(name):
    """What the Makefile sets NAME to."""
    return re.search(rf"(?m)^{name} := (.*)$",
                     (TOP / "Makefile").read_text()).group(1)


def version():
    return variable("VERSION")


def prepare():
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "SOURCES").mkdir(parents=True)
    shutil.copy(TOP / "packaging/sysusers/postern.conf",
                WORK / "SOURCES/postern-sysusers.conf")
    # What `make dist` would write if the tree were committed as it stands.
    source_tree.write_archive(WORK / f"postern-{version()}.tar.gz",
                              f"postern-{version()}", 0)


def build(folder, *options, **environment):
    """{name: path} of the packages; "source" is the one of the source."""
    kept = {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        [TOP / "tools/build-rpm.sh", WORK / f"postern-{version()}.tar.gz",
         WORK / folder, *options], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=1200,
        env={**kept, **environment})
    if done.returncode != 0:
        raise AssertionError("the packages were not built:\n" + done.stderr)
    return {"source" if path.endswith(".src.rpm")
            else Path(path).name.rsplit("-", 2)[0]: path
            for path in done.stdout.split()}


def unpack(package, folder):
    """The files of PACKAGE below FOLDER."""
    with subprocess.Popen(["rpm2cpio", package], stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL) as source:
        subprocess.run(["cpio", "-idm", "--quiet"], stdin=source.stdout,
                       check=True, cwd=folder, timeout=60)


def expand(*definitions):
    """The spec as rpm reads it, with macros of another release."""
    options = [word for definition in definitions
               for word in ("--define", definition)]
    done = subprocess.run(
        ["rpmspec", f"--load={MACROS}", "--define", f"_topdir {WORK}",
         *options, "-P", SPEC], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=60)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"rpmspec says: {done.stderr}")
    return done.stdout


def section(spec, name):
    """The body of a section of the expanded SPEC, or None."""
    match = re.search(rf"(?ms)^%{name}\n(.*?)(?=^%[a-z])", spec)
    return match.group(1) if match else None


def calls(script, argument, failing=()):
    """What SCRIPT calls; of the stand-ins, FAILING say no.

    It must end well and say nothing, whatever they answer."""
    with tempfile.TemporaryDirectory() as folder:
        for name in STAND_INS:
            path = Path(folder, name)
            path.write_text(f'#!/bin/sh\necho "{name} $*" >>{folder}/calls\n'
                            f"exit {int(name in failing)}\n")
            path.chmod(0o755)
        done = subprocess.run(
            ["/bin/sh", "-c",
             script.replace(HELPER, f"{folder}/{Path(HELPER).name}"), "sh",
             str(argument)], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60, env={"PATH": f"{folder}:/usr/bin:/bin"})
        if done.returncode != 0 or done.stdout + done.stderr:
            raise AssertionError(f"exit status {done.returncode}; it says "
                                 f"{done.stdout}{done.stderr}")
        told = Path(folder, "calls")
        return told.read_text().splitlines() if told.exists() else []
