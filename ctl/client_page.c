/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/client_page.h"

#include <sodium.h>
#include <string.h>

#include "core/base/zone.h"
#include "core/notice/encode.h"
#include "core/notice/flow.h"
#include "core/notice/phrase.h"
#include "core/notice/placeholder.h"
#include "core/notice/template.h"
#include "ctl/texts.h"

#define LINE_ROOM ((size_t)4 << 10)
#define PAGE_ROOM ((size_t)16 << 10)

/* Room for the values of placeholders. */
struct values {
	struct pt_placeholder_values by;
	char login[PT_LOGIN_MAX + 1];
	char provider[256];
	char label[PT_PASSWORD_LABEL_MAX + 1];
	char until[PT_ZONE_TEXT_MAX];
	char ports[3][8];
	char check[64];
	char recipients[32];
	char size[32];
	char limit[32];
	char period[64];
};

/* A page on its way: what is filled, and into what. */
struct page {
	const struct pc_client *client;
	const struct pt_template_language *language;
	struct values values;
	struct pt_text text;
	struct pt_flow flow;
	bool is_cut; /* a line was too long */
};

static void
set_clean(struct values *v, enum pt_placeholder id, char *room, size_t cap,
    const char *value)
{
	struct pt_text text;

	pt_text_init(&text, room, cap);
	pt_encode_clean(&text, value);
	v->by.at[id] = room;
}

static void
set_server(struct values *v, const struct pt_server *server,
    enum pt_placeholder id, char room[8])
{
	struct pt_text text;

	if (server == NULL)
		return;
	pt_text_init(&text, room, sizeof(v->ports[0]));
	pt_text_addf(&text, "%u", (unsigned)server->port);
	/* Host, port and encryption stand in a row. */
	v->by.at[id] = server->host;
	v->by.at[id + 1] = room;
	v->by.at[id + 2] =
	    server->security == PT_SERVER_TLS ? "SSL/TLS" : "STARTTLS";
}

static void
set_number(struct values *v, enum pt_placeholder id, char *room, size_t cap,
    const struct pt_limit *limit, enum pt_figures_unit unit)
{
	struct pt_text text;

	if (!limit->on)
		return;
	pt_text_init(&text, room, cap);
	pt_phrase_amount(&text, unit, limit->value);
	v->by.at[id] = room;
}

/* Looks are limited for POP3 always, for IMAP unless it is switched off. */
static void
set_check(struct page *page)
{
	const struct pt_plan *plan = page->client->plan;
	struct values *v = &page->values;
	unsigned limited = PT_PROTOCOL_POP3;
	struct pt_text text;

	if (plan->imap_check != PT_IMAP_CHECK_OFF)
		limited |= PT_PROTOCOL_IMAP;
	if (!plan->mail_check.on || (page->client->offered & limited) == 0)
		return;
	pt_text_init(&text, v->check, sizeof(v->check));
	pt_phrase_period(
	    &text, &page->language->words, (int64_t)plan->mail_check.value);
	v->by.at[PT_PLACEHOLDER_CHECK] = v->check;
}

/* What the plan permits to who sends. */
static void
set_limits(struct page *page)
{
	const struct pt_plan *plan = page->client->plan;
	struct values *v = &page->values;

	set_check(page);
	if ((page->client->offered & PT_PROTOCOL_SMTP) == 0)
		return;
	set_number(v, PT_PLACEHOLDER_RECIPIENTS, v->recipients,
	    sizeof(v->recipients), &plan->recipients_per_message,
	    PT_FIGURES_RECIPIENTS);
	set_number(v, PT_PLACEHOLDER_SIZE, v->size, sizeof(v->size),
	    &plan->message_size, PT_FIGURES_BYTES);
}

static void
set_values(struct page *page, bool has_code)
{
	const struct pc_client *client = page->client;
	const struct pt_account *account = &client->account;
	struct values *v = &page->values;
	const char *zone = account->timezone;

	set_clean(v, PT_PLACEHOLDER_LOGIN, v->login, sizeof(v->login),
	    account->login.text);
	set_clean(v, PT_PLACEHOLDER_PROVIDER, v->provider, sizeof(v->provider),
	    client->provider);
	set_clean(
	    v, PT_PLACEHOLDER_LABEL, v->label, sizeof(v->label), client->label);
	v->by.at[PT_PLACEHOLDER_CONTACT] = client->config->notice.from;
	v->by.at[PT_PLACEHOLDER_HELP_URL] = client->config->help_url;
	v->by.at[PT_PLACEHOLDER_PASSWORD] = client->password;
	if (has_code)
		v->by.at[PT_PLACEHOLDER_THUNDERBIRD] = "Thunderbird";
	set_server(v, pc_client_server(client, PT_PROTOCOL_IMAP),
	    PT_PLACEHOLDER_IMAP, v->ports[0]);
	set_server(v, pc_client_server(client, PT_PROTOCOL_POP3),
	    PT_PLACEHOLDER_POP3, v->ports[1]);
	set_server(v, pc_client_server(client, PT_PROTOCOL_SMTP),
	    PT_PLACEHOLDER_SMTP, v->ports[2]);
	set_limits(page);
	if (client->begins == 0)
		return;
	if (!pt_zone_exists(zone))
		zone = client->config->notice.timezone;
	pt_zone_format(zone, page->language->words.date, client->begins,
	    v->until, sizeof(v->until));
	v->by.at[PT_PLACEHOLDER_UNTIL] = v->until;
}

static void
add_line(struct page *page, const char *line, size_t len)
{
	char room[LINE_ROOM];
	struct pt_text text;

	pt_text_init(&text, room, sizeof(room));
	if (pt_placeholder_fill(line, len, &page->values.by, &text))
		pt_flow_add(&page->flow, text.at);
	page->is_cut = page->is_cut || text.cut;
	/* The app password may have stood there. */
	sodium_memzero(room, sizeof(room));
}

static bool
has_window(const char *line, size_t len)
{
	static const char *const names[] = {"{limit}", "{period}"};
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		at = strstr(line, names[i]);
		if (at != NULL && at < line + len)
			return true;
	}
	return false;
}

/* For each window of messages; none if nothing can be sent. */
static void
add_windows(struct page *page, const char *line, size_t len)
{
	const struct pt_windows *windows = &page->client->plan->messages;
	struct values *v = &page->values;
	struct pt_text text;
	size_t i;

	if ((page->client->offered & PT_PROTOCOL_SMTP) == 0)
		return;
	for (i = 0; i < windows->count; i++) {
		pt_text_init(&text, v->limit, sizeof(v->limit));
		pt_phrase_amount(
		    &text, PT_FIGURES_MESSAGES, windows->at[i].limit);
		v->by.at[PT_PLACEHOLDER_LIMIT] = v->limit;
		pt_text_init(&text, v->period, sizeof(v->period));
		pt_phrase_period(
		    &text, &page->language->words, windows->at[i].seconds);
		v->by.at[PT_PLACEHOLDER_PERIOD] = v->period;
		add_line(page, line, len);
	}
}

static void
add_lines(struct page *page, const char *at)
{
	size_t len;

	while (*at != '\0') {
		len = strcspn(at, "\n");
		if (has_window(at, len))
			add_windows(page, at, len);
		else
			add_line(page, at, len);
		at += len;
		at += *at == '\n' ? 1 : 0;
	}
	pt_flow_end(&page->flow);
}

static int
add_page(
    struct page *page, bool has_code, struct pt_text *out, struct pt_err *err)
{
	const struct pt_template_text *text =
	    &page->language->texts[PT_TEMPLATE_CLIENT_CONFIG];
	const char *login = page->client->account.login.text;
	char room[PAGE_ROOM];

	set_values(page, has_code);
	/* Who types what is shown must get in. */
	if (strcmp(page->values.login, login) != 0)
		return pt_err_set(err, PT_ERR_INPUT,
		    "cannot write the page: the login has a character that "
		    "cannot be shown, such as a mark that turns the direction "
		    "of writing");
	pt_text_init(&page->text, room, sizeof(room));
	pt_flow_init(&page->flow, &page->text);
	add_lines(page, text->body);
	pc_texts_add_plain(out, room);
	sodium_memzero(room, sizeof(room));
	if (!page->is_cut && !page->text.cut && !out->cut)
		return 0;
	return pt_err_set(err, PT_ERR_CONFIG,
	    "cannot write the page: text [%s] in \"%s\" grows too long: "
	    "shorten it",
	    pt_template_name(PT_TEMPLATE_CLIENT_CONFIG), page->language->tag);
}

int
pc_client_page_add(const struct pc_client *client, const char *language,
    bool has_code, struct pt_text *out, struct pt_err *err)
{
	struct page page = {.client = client};
	struct pt_templates *templates;
	int rc;

	if (pt_templates_open(client->config, &templates, err) != 0)
		return -1;
	rc = pc_texts_check_language(templates, language, err);
	if (rc == 0) {
		page.language = pt_templates_find(templates,
		    language == NULL ? client->account.language : language);
		rc = add_page(&page, has_code, out, err);
	}
	pt_templates_free(templates);
	return rc;
}
