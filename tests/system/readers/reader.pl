#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# reader.pl MODULE: reads From values, a line of hex digits each, with
# Email::Address::XS or Mail::Address, and prints what it sees as a line of
# JSON: [[address, name], ...].

use strict;
use warnings;
use JSON::PP ();
use Encode ();

# This module leaves the backslashes where they are.
sub plain {
	my $text = shift // '';
	$text =~ s/\\(.)/$1/gs;
	return $text;
}

my $module = shift // '';
my %readers = (
	'Email::Address::XS' => sub {
		map { [ $_->address // $_->original // '', $_->phrase // '' ] }
		    Email::Address::XS->parse($_[0]);
	},
	'Mail::Address' => sub {
		map { [ $_->address // '', plain($_->phrase) . ' ' .
		    plain($_->comment) ] } Mail::Address->parse($_[0]);
	},
);
my $read = $readers{$module} or die "usage: reader.pl MODULE\n";
eval "require $module; 1" or die $@;

$| = 1;
my $json = JSON::PP->new->ascii;
while (my $line = <STDIN>) {
	chomp $line;
	my $value = pack 'H*', $line;
	my $text = eval { Encode::decode('UTF-8', $value, Encode::FB_CROAK) }
	    // Encode::decode('ISO-8859-1', pack('H*', $line));
	$text =~ s/\r?\n(?=[ \t])//g;
	local $SIG{__WARN__} = sub { };
	my @seen = eval { $read->($text) };
	print $json->encode(\@seen), "\n";
}
