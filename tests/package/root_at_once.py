#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""root_at_once.py: everything installed by one call of apt, and the package's
own test (autopkgtest) of it.

Run by run.py in a fresh root.
"""

from postern_package import apt, network, places, report

TEST = "packaging/deb/tests/send-mail"


def test():
    """Its own lines are shown when it fails; it counts as one check here."""
    apt.run(TEST)


def main(told):
    network.up()
    with told.check("Postern, Postfix and Dovecot install together", True):
        apt.install(*apt.NAMES, "postfix", "dovecot-imapd", "dovecot-pop3d",
                    "ssl-cert")
    # Before anything else, such as `postfix check`, makes folders for it.
    with told.check("the package's own test (autopkgtest) passes"):
        test()
    with told.check("the folder of the sockets is there then, too"):
        places.folder()


report.main(main)
