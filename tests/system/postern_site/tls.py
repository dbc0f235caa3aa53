# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""TLS as a client that trusts the test's own self-signed certificate."""

import ssl


def wrap(link):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(link)
