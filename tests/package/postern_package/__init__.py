# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Helpers of the programs that are run inside a root of a release."""
