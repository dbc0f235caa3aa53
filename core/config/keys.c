/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The keys outside of plan blocks; those inside are in keys_plan.c. */
#include "core/config/keys.h"

#include "core/base/attr.h"
#include "core/config/config.h"
#include "core/config/keys_private.h"

#ifndef POSTERN_DATADIR
#define POSTERN_DATADIR "/usr/share"
#endif

/* A key and its field have one name, so that neither can go astray. */
#define TOP(field)                                 \
	.name = #field, .section = PT_SECTION_TOP, \
	.offset = offsetof(struct pt_config, field)
#define SENDER(field)                                 \
	.name = #field, .section = PT_SECTION_SENDER, \
	.offset = offsetof(struct pt_config, sender.field)
#define NOTICE(field)                                 \
	.name = #field, .section = PT_SECTION_NOTICE, \
	.offset = offsetof(struct pt_config, notice.field)
#define CLIENT(field)                                 \
	.name = #field, .section = PT_SECTION_CLIENT, \
	.offset = offsetof(struct pt_config, client.field)
#define TEXT(field) \
	.type = PT_KEY_TEXT, .size = sizeof(((struct pt_config *)0)->field)

static const struct pt_key keys[] = {
    {
	TOP(mode),
	.type = PT_KEY_CHOICE,
	.words = "observe enforce",
	.initial = "observe",
	.doc = "With\n.Cm observe ,\nevery verdict about mail is worked out "
	       "and logged, and no mail is\n"
	       "refused; logins are judged all the same.\nWith\n"
	       ".Cm enforce ,\nverdicts are carried out.\n",
    },
    {
	TOP(state_dir),
	TEXT(state_dir),
	.initial = "/var/lib/postern",
	.doc = "The directory of the state, an absolute path.\n"
	       "A change needs a restart of the daemons, and of Dovecot.\n",
    },
    {
	TOP(default_domain),
	TEXT(default_domain),
	.initial = "",
	.doc = "The domain of a login that is a bare local part.\n"
	       "Without it, such a login is refused.\n",
    },
    {
	TOP(default_plan),
	TEXT(default_plan),
	.initial = "free",
	.doc = "The plan of every account that was given no other.\n"
	       "It must exist.\n",
    },
    {
	TOP(require_tls),
	.type = PT_KEY_BOOL,
	.initial = "yes",
	.doc = "Refuse logins of mail programs, and messages of a login, "
	       "over a connection that\n"
	       "is not encrypted, unless it comes from a trusted network.\n",
    },
    {
	.name = "trusted_networks",
	.section = PT_SECTION_TOP,
	.offset = offsetof(struct pt_config, trusted_texts),
	.type = PT_KEY_NETWORKS,
	.initial = "",
	.doc = "Where webmail runs.\n"
	       "Clients in these networks are exempt from access rules and "
	       "mail checks,\n"
	       "never from sending limits or a sending lock.\n",
    },
    {
	TOP(help_url),
	TEXT(help_url),
	.initial = "",
	.doc = "A page that tells owners what to do, http:// or https://.\n"
	       "It is added to replies where it helps.\n",
    },
    {
	TOP(policy_listen),
	.type = PT_KEY_LIST,
	.initial = "unix:/var/spool/postfix/postern/policy.sock",
	.doc = "Where\n.Xr postern-policyd 8\ntakes the policy requests of "
	       "Postfix; see\n"
	       ".Sx Listen addresses .\n",
    },
    {
	TOP(session_listen),
	.type = PT_KEY_LIST,
	.initial = "unix:/run/postern/session.sock",
	.doc = "Where\n.Xr postern-policyd 8\ntakes the reports of the "
	       "Dovecot plugin about mail\n"
	       "sessions; see\n.Sx Listen addresses .\n"
	       "Every mail user must be able to pass the directory of the "
	       "socket.\n"
	       "An empty list switches it off: nothing is held back then, and "
	       "open sessions\n"
	       "do not end.\n"
	       "If the default address cannot be listened at, that is only "
	       "logged, because\n"
	       "sites without the plugin need none.\n",
    },
    {
	TOP(milter_listen),
	TEXT(milter_listen),
	.initial = "unix:/var/spool/postfix/postern/milter.sock",
	.doc = "Where\n.Xr postern-milter 8\nlistens; see\n"
	       ".Sx Listen addresses .\nOne address: libmilter has no more.\n"
	       "A change needs a restart.\n",
    },
    {
	TOP(log_level),
	.type = PT_KEY_CHOICE,
	.words = "error=3 warn=4 info=6 debug=7",
	.initial = "info",
	.doc = "The least important lines that are still logged.\n"
	       "At\n.Cm info ,\neach refusal is a line; at\n.Cm debug ,\neach "
	       "verdict is.\n",
    },
    {
	TOP(max_connections),
	.type = PT_KEY_COUNT,
	.initial = "5000",
	.doc = "How many connections\n.Va policy_listen\nholds at a time, from "
	       "1 to\n"
	       "100000.\nFor one more, the one that was idle longest is "
	       "closed; Postfix opens it\nagain when it needs it.\n",
    },
    {
	TOP(max_sessions),
	.type = PT_KEY_COUNT,
	.initial = "20000",
	.doc = "How many mail sessions\n.Va session_listen\nholds at a time, "
	       "from 1 to 200000.\nOne more goes on, but nothing of it is "
	       "counted, held back or ended.\n",
    },
    {
	TOP(history_keep),
	.type = PT_KEY_SPAN,
	.initial = "400d",
	.doc = "How long the history of accounts is kept, and what was "
	       "counted hour by hour.\n",
    },
    {
	SENDER(policy),
	.type = PT_KEY_CHOICE,
	.words = "reject rewrite",
	.initial = "reject",
	.doc = "What happens to a message whose From or Sender header is not "
	       "owned by the\n"
	       "login:\n.Cm reject\nrefuses it,\n.Cm rewrite\nputs the login's "
	       "address there.\n",
    },
    {
	SENDER(several),
	.type = PT_KEY_CHOICE,
	.words = "reject owned",
	.initial = "reject",
	.doc = "A From header with several addresses: never, or if all are "
	       "owned.\n",
    },
    {
	SENDER(foreign_sender),
	.type = PT_KEY_CHOICE,
	.words = "reject remove",
	.initial = "reject",
	.doc = "A Sender or Resent-Sender header that the login does not "
	       "own:\n.Cm reject\nrefuses the message,\n.Cm remove\n"
	       "takes the field out.\n",
    },
    {
	SENDER(display_name),
	.type = PT_KEY_CHOICE,
	.words = "reject allow",
	.initial = "reject",
	.doc = "A display name that shows an address that the login does not "
	       "own, such as\n.Ql \\(dqceo@example.com\\(dq <me@example.com> ."
	       "\n",
    },
    {
	SENDER(subaddress),
	TEXT(sender.subaddress),
	.initial = "+",
	.doc = "Characters that begin a tag: with\n.Ql + ,\nann@example.com "
	       "also owns\n"
	       "ann+lists@example.com.\nUp to 7 of\n.Ql + - _ \\&. = # ~ \\&! "
	       "% .\n"
	       "Empty: tags are not owned.\n",
    },
    {
	SENDER(alias_domains),
	.type = PT_KEY_LIST,
	.initial = "",
	.doc =
	    "Domains in which a login owns its own local part, each item as\n"
	    ".Qq Ar domain No = Ar alias Op Ar alias ... .\n",
    },
    {
	SENDER(maps),
	.type = PT_KEY_LIST,
	.initial = "",
	.doc = "Tables of further addresses and the logins that own them, as "
	       "Postfix reads\nthem for\n.Va smtpd_sender_login_maps :\n"
	       ".Qq Cm file : Ns Ar /PATH\n"
	       "is a text file (what\n.Xr postmap 1\nreads),\n"
	       ".Qq Cm lmdb : Ns Ar /PATH\n"
	       "a table that\n.Xr postmap 1\nhas made,\n"
	       ".Qq Cm socketmap:unix : Ns Ar /PATH : Ns Ar NAME\nand\n"
	       ".Qq Cm socketmap:inet : Ns Ar HOST : Ns Ar PORT : Ns Ar NAME\n"
	       "ask a server.\n"
	       "The whole address is looked up in all of them in their order, "
	       "then the address\nwithout its tag, then\n"
	       ".Qq @ Ns Ar domain ;\nthe first answer counts.\n"
	       "A server is asked for whole addresses only.\n"
	       "A file that changes is read again within seconds; if that "
	       "fails, what was read\nbefore holds.\n"
	       "Answers of a server are remembered for 30 seconds, for 10 if "
	       "it has none.\n"
	       "When it does not answer in 3 seconds, the message is "
	       "deferred.\n"
	       "The user\n.Sy postern\nmust be able to read the files.\n",
    },
    {
	NOTICE(from),
	TEXT(notice.from),
	.initial = "",
	.doc = "The From address of notices to owners.\n",
    },
    {
	NOTICE(command),
	TEXT(notice.command),
	.initial = "/usr/sbin/sendmail -i -f <> --",
	.doc = "The program that sends a notice, an absolute path, and its "
	       "arguments,\n"
	       "separated by blanks.\nThe recipient is added as the last.\n",
    },
    {
	NOTICE(name),
	TEXT(notice.name),
	.initial = "",
	.doc = "The provider's name, for the texts of notices and beside the "
	       "From address.\n",
    },
    {
	NOTICE(copy),
	TEXT(notice.copy),
	.initial = "",
	.doc = "An address that gets a copy of every notice.\n",
    },
    {
	NOTICE(timezone),
	TEXT(notice.timezone),
	.initial = "UTC",
	.doc = "The time zone of notices, such as\n.Ql Europe/Riga ,\nfor "
	       "accounts that have none of their own.\n",
    },
    {
	NOTICE(templates),
	.type = PT_KEY_LIST,
	.initial = POSTERN_SYSCONFDIR "/postern/templates," POSTERN_DATADIR
				      "/postern/templates",
	.doc = "Directories with the texts of notices, a file a language "
	       "such as\n.Pa lv.txt .\nA text is taken from the first "
	       "directory that has it.\n",
    },
    {
	NOTICE(max),
	.type = PT_KEY_RATE,
	.initial = "10/1d",
	.doc = "How many notices an account gets.\nThat it was blocked is "
	       "always told.\n",
    },
    {
	NOTICE(give_up_after),
	.type = PT_KEY_SPAN,
	.initial = "3d",
	.doc = "How long a notice that the command does not take is tried "
	       "again.\n",
    },
    {
	NOTICE(languages),
	.type = PT_KEY_LIST,
	.initial = "en",
	.doc = "The languages in which notices exist, such as\n.Ql en .\n"
	       "The first is for accounts that chose none of them.\n",
    },
    {
	CLIENT(name),
	TEXT(client.name),
	.initial = "",
	.doc = "The provider's name, as mail programs show it.\n"
	       "Without it, the one of the notice block is used, or else the "
	       "domain of the\nlogin.\n",
    },
    {
	CLIENT(imap),
	TEXT(client.imap),
	.initial = "",
	.doc = "The server for IMAP, its name or\n"
	       ".Ar name Ns \\&: Ns Ar port ,\nas mail programs reach it "
	       "and as its certificate says.\n"
	       "Port 993 means TLS from the start, 143 means STARTTLS; without "
	       "a port, it is\n993.\n"
	       "Empty: there is none to tell.\n",
    },
    {
	CLIENT(pop3),
	TEXT(client.pop3),
	.initial = "",
	.doc = "The server for POP3, with port 995 or 110; without a port, it "
	       "is 995.\n",
    },
    {
	CLIENT(smtp),
	TEXT(client.smtp),
	.initial = "",
	.doc = "The server for sending, with port 587 (STARTTLS) or 465 (TLS); "
	       "without a\nport, it is 587.\n",
    },
    {
	CLIENT(url),
	TEXT(client.url),
	.initial = "",
	.doc = "A page that gives the profile for Apple's devices to who is "
	       "logged in there,\n"
	       "http:// or https://, for the QR code of\n"
	       ".Ql posternctl client-config LOGIN --mobileconfig --qr .\n",
    },
};

const struct pt_key_table pt_key_table_general = {keys, PT_ARRAY_LEN(keys)};
