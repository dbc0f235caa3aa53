/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "policyd/decide.h"

#include <string.h>

#include "core/base/network.h"
#include "core/base/text.h"
#include "core/rules/clients.h"
#include "core/rules/quota.h"
#include "core/rules/strangers.h"

bool
pd_decide_is_free(const struct pd_record *record)
{
	return !pd_request_has_login(record) ||
	       !pd_stage_is_judged(pd_request_stage(record));
}

static void
defer(struct pd_case *c, enum pt_reason_id reason)
{
	c->effects = (struct pt_message_effects){.activity_changed = false};
	c->is_wanted = false;
	c->verdict = (struct pt_verdict){
	    .code = PT_VERDICT_DEFER,
	    .reason = reason,
	};
}

static bool
parse_login(struct pd_case *c)
{
	struct pt_err err;

	return !c->request.login.cut &&
	       pt_login_parse(c->request.login.at, c->request.login.len,
		   c->config->default_domain, &c->login, &err) == 0;
}

static uint32_t
hash_of(const struct pd_text *id, uint64_t serial)
{
	return id->len > 0
		   ? pt_charge_hash(id->at, id->len)
		   : pt_charge_hash((const char *)&serial, sizeof(serial));
}

bool
pd_decide_begin(struct pd_case *c, const struct pd_record *record,
    const struct pt_config *config, int64_t now, uint64_t serial)
{
	const struct pd_request *request = &c->request;
	const struct pd_text *id;

	c->config = config;
	c->now = now;
	pd_request_read(record, &c->request);
	if (!parse_login(c)) {
		c->message = (struct pt_message){.stage = PT_MESSAGE_LOOK};
		defer(c, PT_REASON_LOGIN_INVALID);
		return false;
	}
	/* The queue id is what the milter knows, too. */
	id =
	    request->queue_id.len > 0 ? &request->queue_id : &request->instance;
	c->message = (struct pt_message){
	    .stage = request->stage == PD_STAGE_END ? PT_MESSAGE_CHARGE
						    : PT_MESSAGE_LOOK,
	    .hash = hash_of(id, serial),
	    .attempt = hash_of(&request->instance, serial),
	    .sender = request->sender.at,
	    .sender_len = request->sender.len,
	    .recipients = 1,
	    .size = request->size,
	    .encrypted = request->encrypted,
	};
	return true;
}

bool
pd_decide_wants_signals(const struct pt_account *account, void *arg)
{
	const struct pd_case *c = arg;

	return pt_message_wants_signals(c->config, account, c->now);
}

/* What costs a hash each, and most messages do without. */
static void
fill_signals(struct pd_case *c)
{
	const struct pd_text *recipient = &c->request.recipient;
	struct pt_address client;

	c->is_wanted = true;
	client = pt_address_parse(c->request.client_address.at);
	c->message.client = pt_clients_hash(c->key, &client);
	if (recipient->len == 0)
		return;
	c->recipient = pt_strangers_hash(c->key, recipient->at, recipient->len);
	/* The end of a message names its recipient if it is the only one. */
	if (c->message.named_count == 0) {
		c->message.named = &c->recipient;
		c->message.named_count = 1;
		if (c->message.nameless > 0)
			c->message.nameless--;
	}
}

void
pd_decide_update(struct pt_records *records, void *arg)
{
	struct pd_case *c = arg;

	c->is_wanted = false;
	if (records->signals != NULL)
		fill_signals(c);
	c->verdict =
	    pt_message_judge(c->config, records->account, records->activity,
		records->signals, &c->message, c->now, &c->effects);
	records->activity_changed = c->effects.activity_changed;
	records->signals_changed = c->effects.signals_changed;
}

void
pd_decide_fail(struct pd_case *c)
{
	defer(c, PT_REASON_UNAVAILABLE);
}

size_t
pd_decide_answer(const struct pd_case *c, char *buf)
{
	struct pt_reply_facts facts;
	struct pt_text text;
	char reply[PT_REPLY_MAX];

	if (!pd_decide_is_against(c) || c->config->mode == PT_MODE_OBSERVE) {
		memcpy(buf, PD_ANSWER_DUNNO, PD_ANSWER_DUNNO_LEN + 1);
		return PD_ANSWER_DUNNO_LEN;
	}
	facts = (struct pt_reply_facts){
	    .login = c->request.login.at,
	    .sender = c->request.sender.at,
	    .help_url = c->config->help_url,
	    .now = c->now,
	};
	pt_reason_smtp_reply(&c->verdict, &facts, reply, sizeof(reply));
	pt_text_init(&text, buf, PD_ANSWER_MAX);
	pt_text_add(&text, "action=");
	pt_text_add(&text, reply);
	pt_text_add(&text, "\n\n");
	return text.len;
}
