/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* The keys of a plan block. */

#include "core/base/attr.h"
#include "core/config/keys_private.h"
#include "core/config/plan.h"

/* A key and its field have one name, so that neither can go astray. */
#define PLAN(field)                                 \
	.name = #field, .section = PT_SECTION_PLAN, \
	.offset = offsetof(struct pt_plan, field)

static const struct pt_key keys[] = {
    {
	PLAN(protocols),
	.type = PT_KEY_FLAGS,
	.words = "imap pop3 smtp",
	.initial = "imap,pop3,smtp",
	.doc = "What an owner may switch on for mail programs.\n",
    },
    {
	PLAN(messages),
	.type = PT_KEY_WINDOWS,
	.initial = "unlimited",
	.doc = "How many messages a login may send.\n",
    },
    {
	PLAN(recipients),
	.type = PT_KEY_WINDOWS,
	.initial = "unlimited",
	.doc = "To how many recipients a login may send, those of all messages "
	       "added up.\n",
    },
    {
	PLAN(bytes),
	.type = PT_KEY_SIZE_WINDOWS,
	.initial = "unlimited",
	.doc = "How much mail a login may send, in bytes.\n"
	       "A message counts once, however many recipients it has.\n",
    },
    {
	PLAN(recipients_per_message),
	.type = PT_KEY_COUNT,
	.initial = "unlimited",
	.doc = "How many recipients one message may have.\n",
    },
    {
	PLAN(message_size),
	.type = PT_KEY_SIZE,
	.initial = "unlimited",
	.doc = "How large one message may be, in bytes.\n",
    },
    {
	PLAN(mail_check),
	.type = PT_KEY_SPAN,
	.initial = "5m",
	.doc = "How long a mail program waits from one look for new mail to "
	       "the next.\n",
    },
    {
	PLAN(imap_check),
	.type = PT_KEY_CHOICE,
	.words = "hold refuse off",
	.initial = "hold",
	.doc =
	    "What IMAP does before the next mail check is due:\n"
	    ".Cm hold\nshows no newer mail,\n.Cm refuse\nrefuses the login,\n"
	    ".Cm off\ndoes nothing.\n",
    },
    {
	PLAN(check_burst),
	.type = PT_KEY_SPAN,
	.initial = "1m",
	.doc = "IMAP logins that follow a mail check within this time belong "
	       "to it, because\n"
	       "mail programs open several connections at once.\n"
	       "For\n.Va imap_check No =\n.Cm refuse .\n",
    },
    {
	PLAN(penalty),
	.type = PT_KEY_PENALTY,
	.initial = "unlimited",
	.doc = "A tighter limit for who sends very much:\n"
	       ".Qq 4/1h for 2d after 90/1d\n"
	       "permits 4 messages an hour for two days once 90 were sent "
	       "within a day.\n",
    },
    {
	PLAN(penalty_extend),
	.type = PT_KEY_BOOL,
	.initial = "no",
	.doc = "Whether a message that is refused under the\n.Va penalty\n"
	       "makes it last from then on anew.\n",
    },
    {
	PLAN(client_addresses),
	.type = PT_KEY_RATE,
	.initial = "unlimited",
	.doc = "From how many client addresses a login may send, such as\n"
	       ".Ql 10/1h .\nIPv6 addresses count by their first 64 bits.\n"
	       "At most 32 are known at a time.\n",
    },
    {
	PLAN(new_recipients),
	.type = PT_KEY_RATE,
	.initial = "unlimited",
	.doc = "To how many recipients a login may send that it has never "
	       "written to before,\nsuch as\n.Ql 100/1d .\n",
    },
    {
	PLAN(warn_at),
	.type = PT_KEY_COUNT,
	.initial = "unlimited",
	.doc = "Tell the owner, once, when so many percent of a window of a "
	       "day or longer are\nused up, from 1 to 99, such as 80.\n",
    },
    {
	PLAN(logins),
	.type = PT_KEY_WINDOWS,
	.initial = "unlimited",
	.doc = "How often mail programs may log in.\n",
    },
    {
	PLAN(logins_factor),
	.type = PT_KEY_COUNT,
	.initial = "10",
	.doc = "Block external access when mail programs try to log in so many "
	       "times more\noften than\n.Va logins\nallows, from 2 on.\n",
    },
    {
	PLAN(sessions),
	.type = PT_KEY_COUNT,
	.initial = "15",
	.doc = "How many IMAP and POP3 sessions an account may have open.\n",
    },
    {
	PLAN(download),
	.type = PT_KEY_SIZE_WINDOWS,
	.initial = "unlimited",
	.doc = "How much mail programs may fetch, in bytes.\n",
    },
    {
	PLAN(upload),
	.type = PT_KEY_SIZE_WINDOWS,
	.initial = "unlimited",
	.doc = "How much mail programs may store by IMAP, in bytes.\n",
    },
    {
	PLAN(block_after_refusals),
	.type = PT_KEY_RATE,
	.initial = "50/1h",
	.doc = "Block external access when more than so many messages were "
	       "refused for a\n"
	       "sending limit.\n",
    },
    {
	PLAN(guesses),
	.type = PT_KEY_RATE,
	.initial = "100/1h",
	.doc = "Block external access after so many wrong passwords.\n"
	       "The same wrong password counts once.\n"
	       "A stranger who knows a login can bring that about.\n"
	       "What shuts out a guessing address sooner, such as fail2ban, "
	       "guards against it;\nor name `guesses` in `observe`: 24 random "
	       "letters are not guessed.\n",
    },
    {
	PLAN(bounce_min),
	.type = PT_KEY_RATE,
	.initial = "25/1d",
	.doc = "Block external access as cracked when so many recipients of "
	       "mail that the\naccount really sent bounced, and\n"
	       ".Va bounce_share\nis reached as well.\n",
    },
    {
	PLAN(bounce_share),
	.type = PT_KEY_COUNT,
	.initial = "30",
	.doc = "The bounces that prove it, in percent of the recipients that "
	       "the account\nsent to in the period of\n.Va bounce_min ,\n"
	       "from 1 to 100.\n",
    },
    {
	PLAN(unused_after),
	.type = PT_KEY_SPAN,
	.initial = "60d",
	.doc = "Block external access that was not used for so long.\n"
	       "A mail program uses it when it logs in, looks for mail or "
	       "transfers some, and as\nlong as it stays logged in.\n",
    },
    {
	PLAN(activation_delay),
	.type = PT_KEY_SPAN,
	.initial = "0s",
	.doc = "How long it takes until external access that was switched on "
	       "works.\n",
    },
    {
	PLAN(password_change_ends),
	.type = PT_KEY_BOOL,
	.initial = "no",
	.doc = "Whether a change of the main password, as\n"
	       ".Ql posternctl password-changed\ntells it, ends all app "
	       "passwords of the account.\n",
    },
    {
	PLAN(on_block),
	.type = PT_KEY_CHOICE,
	.words = "none hold-queue",
	.initial = "none",
	.doc = "What happens to mail that an account already has in the queue "
	       "of Postfix when\nit is blocked as cracked, or its sending is "
	       "locked:\n.Cm hold-queue\nputs it on hold; see\n"
	       ".Sq posternctl queue\nin\n.Xr posternctl 8 .\n",
    },
    {
	PLAN(observe),
	.type = PT_KEY_FLAGS,
	.words = "penalty client_addresses new_recipients "
		 "block_after_refusals guesses bounce_min logins_factor "
		 "unused_after",
	.initial = "none",
	.doc = "Keys of this plan that are only watched: what they would do is "
	       "logged, and is\nnot done.\n",
    },
    {
	PLAN(plan_delay),
	.type = PT_KEY_SPAN,
	.initial = "0s",
	.doc = "How long it takes until a change to this plan takes effect.\n",
    },
};

const struct pt_key_table pt_key_table_plan = {keys, PT_ARRAY_LEN(keys)};
