#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""root_life.py: what becomes of the packages, from their first day to the last.

Run by run.py in a fresh root.
"""

from postern_package import (apt, files, mail, network, places, report, site,
                             units)


def arrive(told):
    """Postern first, Postfix later, Dovecot last."""
    with told.check("it installs where there is no Postfix yet", True):
        apt.install("postern", "postern-milter")
        places.no_folder_without_postfix()
    with told.check("no build dependency came with it"):
        places.no_compiler()
    with told.check("the user, the state and their modes"):
        places.user_and_state()
    with told.check("Postfix comes later: the folder of the sockets is made",
                    True):
        apt.install("postfix", "ssl-cert")
        places.folder()
    with told.check("the folder comes again: daemons start that need it"):
        places.folder_again()
    with told.check("the plugin installs with this release's Dovecot", True):
        apt.install("dovecot-imapd", "dovecot-pop3d", "dovecot-postern")
    with told.check("files, owners and modes are what they should be"):
        files.check_all()
    with told.check("postern.conf is a conffile, and observes"):
        files.conffiles()
    with told.check("units of the same names at other places are named"):
        places.units_elsewhere()


def run(told):
    for name, function in units.CHECKS:
        with told.check(name):
            function()
    here = site.Site()
    with told.check("the daemons start as their units say", True):
        here.start_daemons()
    with told.check("Dovecot and Postfix work with Postern's lines", True):
        here.start_servers()
    for name, function in mail.CHECKS:
        with told.check(name):
            function(here)
    return here


def leave(told, here):
    with told.check("a later version keeps configuration and state", True):
        places.upgrade(here)
    with told.check("after it, the daemons go on where they were"):
        mail.still_full(here)
    with told.check("the daemons end when they are told to"):
        here.stop()
    with told.check("removed: configuration and state stay", True):
        places.remove(here)
    with told.check("Dovecot and Postfix work without it"):
        places.without(here)
    with told.check("installed again: everything is as before"):
        places.again(here)
    with told.check("purged: nothing is left but the user", True):
        places.purge()


def main(told):
    network.up()
    arrive(told)
    here = run(told)
    leave(told, here)


report.main(main)
