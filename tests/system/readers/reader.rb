#!/usr/bin/env ruby
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# reader.rb: reads From values, a line of hex digits each, with the mail gem,
# and prints what it sees as a line of JSON: [[address, name], ...].

require 'json'
require 'mail'

$stdout.sync = true
$stdin.each_line do |line|
  value = [line.chomp].pack('H*').force_encoding('UTF-8')
  begin
    field = Mail.new("From:#{value}\r\nSubject: x\r\n\r\nx\r\n")[:from]
    # A header that it cannot parse it keeps as text.
    seen = field.respond_to?(:addrs) ? field.addrs : []
    seen = seen.map { |a| [a.address.to_s, a.display_name.to_s] }
    puts JSON.generate(seen.map { |a| a.map(&:scrub) })
  rescue StandardError
    puts '[]'
  end
end
