# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The loopback interface of a network namespace of our own."""

import fcntl
import socket
import struct

# An address that nobody has, and that is in no trusted network.
OUTSIDE = "192.0.2.1"

# <linux/sockios.h>, <linux/if.h>
_SIOCSIFADDR = 0x8916
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1


def up():
    """Lets 127.0.0.1 work, and OUTSIDE, as which mail programs come."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS,
                    struct.pack("16sh14x", b"lo", _IFF_UP))
        fcntl.ioctl(control, _SIOCSIFADDR,
                    struct.pack("16sHH4s8x8x", b"lo:1", socket.AF_INET, 0,
                                socket.inet_aton(OUTSIDE)))
