#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""test_rpm.py: builds the RPM packages twice, and looks at what came out.

Nothing is installed: rpm's own tools say what is in the packages, and the
scriptlets run against stand-ins of what they call. Needs no root. The last
line is "N passed, N failed", or "skipped: WHY". Exit codes: 0 all passed or
skipped, 1 something failed.
"""

import os
import re
import shutil
import sys
import tarfile
import tempfile
import time
import traceback
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]

import source_tree
from postern_package import report, rpm

PACKAGES = ("postern", "postern-milter", "dovecot-postern")
PROGRAMS = {"postern": ("postern-keeper", "postern-policyd", "posternctl"),
            "postern-milter": ("postern-milter",), "dovecot-postern": ()}
LIBRARIES = {
    "postern": {"libconfuse", "libidn2", "libjansson", "liblmdb",
                "libqrencode", "libsodium", "libuv"},
    "postern-milter": {"libconfuse", "libidn2", "liblmdb", "libmilter",
                       "libsodium"},
    "dovecot-postern": {"libconfuse", "libidn2", "liblmdb", "libsodium"},
}
# Units that the postmaster enables; what they start is stopped with them.
UNITS = {"postern": "postern-policyd.service postern-keeper.service "
                    "postern-queue.path",
         "postern-milter": "postern-milter.service"}
HELPER = "systemd-update-helper"

built, again = {}, {}


def names(pattern):
    return sorted(path.name for path in rpm.TOP.glob(pattern)
                  if path.is_file())


def home(name):
    """The package of a man page, a unit or an example."""
    if re.match(r"(postern|postfix|sendmail)-milter\.", name):
        return "postern-milter"
    return "dovecot-postern" if "dovecot" in name else "postern"


def ask(package, form, where=built):
    return rpm.run("rpm", "-qp", "--qf", form, where[package])


def dovecot_version():
    """The one whose headers are here, such as (2, 3, 19)."""
    text = Path("/usr/include/dovecot/config.h").read_text()
    return tuple(int(re.search(rf"DOVECOT_VERSION_{part} (\d+)", text).group(1))
                 for part in ("MAJOR", "MINOR", "MICRO"))


def build():
    for program in ("rpmbuild", "rpmlint", "cpio"):
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"{program} is not installed")
    print("building the packages, twice", flush=True)
    rpm.prepare()
    built.update(rpm.build("one"))
    # The unit tests ran in the first build.
    again.update(rpm.build("elsewhere", "--without=check", LC_ALL="C",
                           TZ="Pacific/Kiritimati"))


class Contents(unittest.TestCase):
    """Each path with its mode, its owner, and whether it is configuration (c,
    which an upgrade leaves alone: n), a manual (d) or the licence (l)."""

    maxDiff = None

    def check(self, package, *others):
        text = ask(package, "[%{FILEMODES:perms} %{FILEUSERNAME}:"
                   "%{FILEGROUPNAME} %{FILEFLAGS:fflags}- %{FILENAMES}\n]")
        found = [line for line in text.splitlines()
                 if "/usr/lib/.build-id" not in line]
        self.assertEqual(sorted([*self.common(package), *others]),
                         sorted(found))

    def common(self, package):
        """What there is of it in every package."""
        for name in PROGRAMS[package]:
            yield f"-rwxr-xr-x root:root - /usr/sbin/{name}"
        for page in (name.removesuffix(".in") for name in names("man/*.in")):
            if home(page) == package:
                yield ("-rw-r--r-- root:root d- /usr/share/man/"
                       f"man{page[-1]}/{page}.gz")
        for folder, place in (("systemd", "/usr/lib/systemd/system"),
                              ("examples", "/usr/share/postern/examples")):
            for name in names(f"packaging/{folder}/*"):
                if home(name) == package:
                    yield f"-rw-r--r-- root:root - {place}/{name}"

    def test_postern(self):
        share = "/usr/share/postern"
        self.check(
            "postern",
            "-rw-r--r-- root:root cn- /etc/postern/postern.conf",
            "-rw-r--r-- root:root - /usr/lib/sysusers.d/postern.conf",
            "-rw-r--r-- root:root - /usr/lib/tmpfiles.d/postern.conf",
            "-rw-r--r-- root:root l- /usr/share/licenses/postern/LICENSE",
            "drwx------ postern:postern - /var/lib/postern",
            *(f"-rw-r--r-- root:root d- /usr/share/doc/postern/{name}"
              for name in ("CHANGELOG.md", "README.Fedora.md", "README.md",
                           "selinux/postern.fc", "selinux/postern.te",
                           *(f"docs/{page}" for page in names("docs/*")))),
            *self.examples_in_folders(),
            *(f"-rw-r--r-- root:root - {share}/templates/{name}"
              for name in names("packaging/templates/*")),
            *(f"drwxr-xr-x root:root - {folder}" for folder in (
                "/etc/postern", "/usr/share/doc/postern",
                "/usr/share/doc/postern/docs",
                "/usr/share/doc/postern/selinux",
                "/usr/share/licenses/postern", share, f"{share}/examples",
                f"{share}/templates")))

    def examples_in_folders(self):
        for folder in set(re.findall(r"\$\(EXAMPLES_TO\)/(\w+)",
                                     (rpm.TOP / "Makefile").read_text())):
            place = f"/usr/share/postern/examples/{folder}"
            yield f"drwxr-xr-x root:root - {place}"
            for path in rpm.TOP.glob(f"packaging/examples/{folder}/*"):
                mode = "rwxr-xr-x" if os.access(path, os.X_OK) else "rw-r--r--"
                yield f"-{mode} root:root - {place}/{path.name}"

    def test_milter(self):
        self.check("postern-milter")

    def test_plugin(self):
        modules = re.findall(r"(?m)^\s*MODULE_(\S+\.so) :=",
                             (rpm.TOP / "Makefile").read_text())
        self.assertIn("settings/libpostern_settings.so", modules)
        self.check("dovecot-postern", *(
            f"-rwxr-xr-x root:root - /usr/lib64/dovecot/{name}"
            for name in modules if dovecot_version() >= (2, 4)
            or not name.startswith("settings/")))

    def test_source(self):
        self.assertEqual(
            [f"postern-{rpm.version()}.tar.gz", "postern-sysusers.conf",
             "postern.spec"], sorted(ask("source", "[%{FILENAMES}\n]").split()))

    def test_configuration_as_installed_is_good_and_only_observes(self):
        with tempfile.TemporaryDirectory() as folder:
            rpm.unpack(built["postern"], folder)
            told = rpm.run(f"{folder}/usr/sbin/posternctl", "-c",
                           f"{folder}/etc/postern/postern.conf", "config")
            for unit in Path(folder, "usr/lib/systemd/system").iterdir():
                for path in re.findall(r"(?m)^Exec\w+=\+?(/\S*postern\S*)",
                                       unit.read_text()):
                    self.assertTrue(Path(folder + path).is_file(), path)
        self.assertRegex(told, r"(?m)^mode\s+=\s+observe\b")
        self.assertIn("/usr/share/postern/templates", told)

    def test_programs_are_hardened(self):
        for package in PACKAGES:
            with tempfile.TemporaryDirectory() as folder:
                rpm.unpack(built[package], folder)
                for path in [*Path(folder).glob("usr/sbin/*"),
                             *Path(folder).glob("usr/lib64/dovecot/**/*.so")]:
                    told = rpm.run("readelf", "-hldW", path)
                    self.assertRegex(told, r"Type: +DYN", path.name)
                    self.assertIn("GNU_RELRO", told, path.name)
                    self.assertRegex(told, r"BIND_NOW|NOW", path.name)
                    self.assertNotIn("RUNPATH", told, path.name)


class Dependencies(unittest.TestCase):
    def of(self, package, what):
        """Without what every program has, and what rpm itself must know."""
        told = rpm.run("rpm", "-qp", f"--{what}", built[package]).splitlines()
        return {re.sub(r"^(lib\w+)\.so\..*", r"\1", line) for line in told
                if not re.match(r"rpmlib\(|rtld\(|ld-|libc\.so|/bin/sh", line)}

    def release(self):
        return ask("postern", "%{VERSION}-%{RELEASE}")

    def test_requires(self):
        major, minor, micro = dovecot_version()
        same = f"postern(x86-64) = {self.release()}"
        others = {
            "postern": {"systemd", f"config(postern) = {self.release()}"},
            "postern-milter": {"systemd", same},
            "dovecot-postern": {
                same, f"dovecot(x86-64) >= 1:{major}.{minor}.{micro}",
                f"dovecot(x86-64) < 1:{major}.{minor}.{micro + 1}"},
        }
        for package in PACKAGES:
            # From 4.19 on, rpm knows who owns the files.
            found = {name for name in self.of(package, "requires")
                     if not re.match(r"(user|group)\(postern\)", name)}
            self.assertEqual(LIBRARIES[package] | others[package], found)

    def test_provides_no_library(self):
        for package in PACKAGES:
            wanted = {f"{package} = {self.release()}",
                      f"{package}(x86-64) = {self.release()}"}
            if package == "postern":
                wanted.add(f"config(postern) = {self.release()}")
            found = {name for name in self.of(package, "provides")
                     if not re.match(r"(user|group)\(postern\)", name)}
            self.assertEqual(wanted, found)

    def test_build_needs_what_the_makefile_links_with(self):
        wanted = {f"pkgconfig({name})" for group in ("CORE", "POLICYD", "CTL",
                                                     "TEST")
                  for name in rpm.variable(f"{group}_PKGS").split()}
        found = set(ask("source", "[%{REQUIRENAME}\n]").split())
        self.assertEqual(wanted, {name for name in found
                                  if name.startswith("pkgconfig(")})
        self.assertLess({"dovecot-devel", "gcc", "make", "systemd-rpm-macros",
                         "sendmail-milter-devel"}, found)

    def plugin(self, headers):
        """What a plugin built with such headers wants."""
        spec = rpm.expand(f"dovecot_headers {headers}")
        return (re.findall(r"(?m)^Requires: +dovecot\S* (.*)$", spec),
                "libpostern_settings" in spec)

    def test_another_dovecot_is_another_range(self):
        # Fedora's config.h only includes the one of the architecture.
        for text, wanted in (("2 3 16", "2.3.17"), ("2 4 4", "2.4.5")):
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, "config.h").write_text(
                    '#include "config-64.h"\n')
                Path(folder, "config-64.h").write_text("".join(
                    f"#define DOVECOT_VERSION_{name} {number}\n" for
                    name, number in zip(("MAJOR", "MINOR", "MICRO"),
                                        text.split())))
                here = text.replace(" ", ".")
                self.assertEqual(
                    ([f">= 1:{here}", f"< 1:{wanted}"], "2.4" in here),
                    self.plugin(f"{folder}/config.h"))

    def test_without_headers_the_spec_can_be_read(self):
        self.assertEqual(([">= 1:0.0.0", "< 1:0.0.1"], False),
                         self.plugin("/nonexistent"))


class Scriptlets(unittest.TestCase):
    """What they call at the first installation, an upgrade and a removal."""

    def check(self, package, tag, argument, *wanted):
        script = ask(package, f"[%{{{tag}}}\n]")
        for failing in ((), (HELPER, "systemctl", "systemd-tmpfiles")):
            self.assertEqual(list(wanted),
                             rpm.calls(script, argument, failing))

    def test_units(self):
        for package, units in UNITS.items():
            removed = units.replace("queue.path",
                                    "queue.path postern-queue.service")
            for tag, argument, wanted in (
                    ("POSTIN", 1, [f"install-system-units {units}"]),
                    ("POSTIN", 2, []),
                    ("PREUN", 1, []),
                    ("PREUN", 0, [f"remove-system-units {removed}"]),
                    ("POSTUN", 0, []),
                    ("POSTUN", 1, [f"mark-restart-system-units {units}"])):
                with self.subTest(package=package, tag=tag, argument=argument):
                    self.check(package, tag, argument,
                               *(f"{HELPER} {call}" for call in wanted))

    def test_every_unit_to_enable_is_known(self):
        for path in rpm.TOP.glob("packaging/systemd/*"):
            self.assertEqual("[Install]" in path.read_text(),
                             path.name in UNITS[home(path.name)].split(),
                             path.name)

    def test_postfix_that_comes_gets_the_folder(self):
        self.assertEqual("postfix", ask("postern", "%{TRIGGERNAME}"))
        self.check("postern", "TRIGGERSCRIPTS", 1,
                   "systemd-tmpfiles --create /usr/lib/tmpfiles.d/postern.conf")

    def test_dovecot_gets_the_new_modules(self):
        self.check("dovecot-postern", "POSTIN", 1)
        self.check("dovecot-postern", "POSTIN", 2,
                   "systemctl try-reload-or-restart dovecot.service")
        for tag in ("PREIN", "PREUN", "POSTUN"):
            self.assertIn("(none)", ask("dovecot-postern", f"%{{{tag}}}"))

    def test_older_releases_make_the_user_beforehand(self):
        for release in ("fedora 41", "rhel 9", "rhel 10"):
            script = rpm.section(rpm.expand(release), "pre")
            self.assertEqual(
                ["getent group postern", "getent passwd postern"],
                rpm.calls(script, 1))
            self.assertEqual(
                ["getent group postern", "groupadd -r postern",
                 "getent passwd postern",
                 "useradd -r -g postern -d /var/lib/postern -s "
                 "/usr/sbin/nologin -c Postern, the guard of mail programs "
                 "postern"], rpm.calls(script, 1, ("getent",)))

    def test_newer_releases_leave_the_user_to_rpm(self):
        for release in ("fedora 42", "fedora 44", "rhel 11"):
            self.assertIsNone(rpm.section(rpm.expand(release), "pre"))


class Whole(unittest.TestCase):
    def test_built_at_another_place_the_payload_is_the_same(self):
        # What rpm itself adds, such as the spec with all macros expanded, has
        # the place in it.
        form = "%{PAYLOADDIGEST} %{BUILDTIME} %{BUILDHOST} %{OPTFLAGS}"
        self.assertEqual(built.keys(), again.keys())
        for name in built:
            self.assertRegex(ask(name, form), "^[0-9a-f]{64} [0-9]+ localhost")
            self.assertEqual(ask(name, form), ask(name, form, again), name)

    def test_rpmlint_has_nothing_to_say(self):
        told = rpm.said("rpmlint", "-c", rpm.TOP / "packaging/rpm/rpmlint.toml",
                        rpm.SPEC, *built.values())
        self.assertEqual([], re.findall(r"(?m)^.*: [EW]: .*$", told), told)
        self.assertRegex(told, r"4 packages and 1 specfiles checked")

    def test_changelog_begins_with_this_version(self):
        date, author, *_ = ask("postern", "%{CHANGELOGTIME:date}\n"
                               "%{CHANGELOGNAME}").split("\n")
        release = ask("postern", "%{VERSION}-%{RELEASE}")
        self.assertTrue(author.endswith(f"> - {release}"), author)
        self.assertTrue(release.startswith(f"{rpm.version()}-"), release)
        self.assertIn(" 12:00:00 ", date)


class Archive(unittest.TestCase):
    def test_without_git_dist_has_the_same_files(self):
        """Also where a repository around it knows nothing of them."""
        with tempfile.TemporaryDirectory() as folder:
            if shutil.which("git"):
                rpm.run("git", "init", "-q", folder)
                Path(folder, ".gitignore").write_text("tree/\n")
            tree = Path(folder, "tree")
            source_tree.copy(tree)
            rpm.run("make", "-s", "-C", tree, "dist")
            prefix = f"postern-{rpm.version()}/"
            with tarfile.open(tree / f"build/{prefix[:-1]}.tar.gz") as archive:
                found = [name.removeprefix(prefix)
                         for name in archive.getnames()]
        self.assertEqual(source_tree.names(), found)


def main():
    began = time.monotonic()
    try:
        build()
    except unittest.SkipTest as why:
        print(f"skipped: {why}")
        return 0
    except Exception:
        traceback.print_exc(file=sys.stdout)
        print("failed: rpm: building the packages\n0 passed, 1 failed")
        return 1
    print(f"built twice in {time.monotonic() - began:.0f} s", flush=True)
    results = report.Results("rpm")
    for group in (Contents, Dependencies, Scriptlets, Whole, Archive):
        unittest.defaultTestLoader.loadTestsFromTestCase(group)(results)
    shutil.rmtree(rpm.WORK, ignore_errors=True)
    for name in results.bad:
        print(f"failed: {name}")
    print(f"{results.passed} passed, {len(results.bad)} failed", flush=True)
    return 1 if results.bad else 0


if __name__ == "__main__":
    sys.exit(main())
