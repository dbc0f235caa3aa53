#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# postern-textfile.sh [FILE]: writes what Postern has counted where the node
# exporter of Prometheus reads it. FILE is replaced in one step. If the state
# cannot be read, the old file stays, and the age of that file tells
# (node_textfile_mtime_seconds). Run it each minute, as root or as the user
# postern: by postern-textfile.timer, or by a line for cron:
#
#   * * * * * root /usr/local/sbin/postern-textfile
#
# It is copied to that place, without .sh.

set -eu

file=${1:-/var/lib/prometheus/node-exporter/postern.prom}

# The exporter reads *.prom only, so it does not see this one.
new=$(mktemp "$file.XXXXXX")
trap 'rm -f "$new"' EXIT
trap 'exit 1' HUP INT TERM
posternctl stats --openmetrics >"$new"
chmod 644 "$new"
mv "$new" "$file"
trap - EXIT
