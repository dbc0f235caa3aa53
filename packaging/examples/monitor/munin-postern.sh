#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# A plugin for munin-node: messages, blocks, mail sessions, notices and the size
# of the state, from "posternctl stats", and logins from "doveadm stats dump"
# where the metrics of Postern's plugin are switched on (dovecot-*-metrics.conf)
# and root asks. Copy it to /etc/munin/plugins/postern, without .sh, and
# munin-node.conf to /etc/munin/plugin-conf.d/postern.
#
#%# family=auto
#%# capabilities=autoconf

set -u

tab=$(printf '\t')

# Rows of "program TAB name TAB reason TAB count", and those of doveadm; both
# have a heading.
stats() {
	posternctl -f tab stats
}

logins() {
	doveadm -f tab stats dump 2>/dev/null | grep '^postern_login_'
}

# sum ROWS NAME [PROGRAM...]: of all reasons; without PROGRAM, of the state.
sum() {
	printf '%s\n' "$1" | awk -F "$tab" -v name="$2" -v programs="${3-}" '
		BEGIN { n = split(programs, p, " ")
			for (i = 1; i <= n; i++) wanted[p[i]] = 1 }
		$2 == name && (n == 0 ? $1 == "" : $1 in wanted) { s += $4 }
		END { printf "%.0f\n", s }'
}

# Of all protocols; the rows have names such as postern_login_imap_ok.
sum_logins() {
	printf '%s\n' "$1" | awk -F "$tab" -v result="$2" '
		$2 == "duration" && $1 ~ ("^postern_login_[a-z0-9]+_" result "$") {
			s += $3 }
		END { printf "%.0f\n", s }'
}

# field NAME LABEL TYPE
field() {
	echo "$1.label $2"
	echo "$1.type $3"
	echo "$1.min 0"
}

# graph NAME TITLE UNIT
graph() {
	echo "multigraph postern_$1"
	echo "graph_title Postern: $2"
	echo "graph_vlabel $3"
	echo "graph_category mail"
	echo "graph_args --base 1000 -l 0"
}

config() {
	graph messages "messages of logins" "per \${graph_period}"
	echo "graph_period minute"
	field sent sent DERIVE
	field refused "deferred or refused" DERIVE
	field would "would have been refused" DERIVE
	graph blocks "accounts blocked" "per \${graph_period}"
	echo "graph_period hour"
	field blocks "external access ended" DERIVE
	graph sessions "sessions of mail programs" "per \${graph_period}"
	echo "graph_period minute"
	field opened opened DERIVE
	field refused "not let in" DERIVE
	field ended "ended early" DERIVE
	graph notices "notices in the outbox" notices
	field waiting waiting GAUGE
	field given_up "given up" GAUGE
	echo "given_up.warning 0:0"
	graph state "pages of the state in use" bytes
	field accounts accounts GAUGE
	field activity activity GAUGE
	[ -n "$(logins)" ] || return 0
	graph logins "logins of mail programs" "per \${graph_period}"
	echo "graph_period minute"
	field ok "let in" DERIVE
	field refused "app password good, refused" DERIVE
	field mismatch "wrong password" DERIVE
}

fetch_state() {
	given_up=$(sum "$1" outbox_given_up)
	echo "multigraph postern_notices"
	echo "waiting.value $(($(sum "$1" outbox) - given_up))"
	echo "given_up.value $given_up"
	echo "multigraph postern_state"
	echo "accounts.value $(sum "$1" accounts_bytes)"
	echo "activity.value $(sum "$1" activity_bytes)"
}

fetch_logins() {
	echo "multigraph postern_logins"
	for result in ok refused mismatch; do
		echo "$result.value $(sum_logins "$1" $result)"
	done
}

fetch() {
	rows=$(stats) || exit 1
	echo "multigraph postern_messages"
	echo "sent.value $(sum "$rows" permitted 'policyd milter')"
	echo "refused.value $(sum "$rows" refused 'policyd milter')"
	echo "would.value $(sum "$rows" observed 'policyd milter')"
	# The milter decides blocks, these two complete them.
	echo "multigraph postern_blocks"
	echo "blocks.value $(sum "$rows" blocks 'policyd keeper')"
	echo "multigraph postern_sessions"
	echo "opened.value $(sum "$rows" sessions_opened policyd)"
	echo "refused.value $(sum "$rows" sessions_refused policyd)"
	echo "ended.value $(sum "$rows" sessions_ended policyd)"
	fetch_state "$rows"
	rows=$(logins)
	[ -z "$rows" ] || fetch_logins "$rows"
}

case ${1-} in
autoconf)
	if stats >/dev/null 2>&1; then
		echo yes
	else
		echo "no (posternctl stats does not work here)"
	fi
	;;
config) config ;;
*) fetch ;;
esac
