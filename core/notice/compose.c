/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/notice/compose.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "core/base/attr.h"
#include "core/base/hash.h"
#include "core/base/login.h"
#include "core/base/text.h"
#include "core/base/zone.h"
#include "core/notice/encode.h"
#include "core/notice/flow.h"
#include "core/notice/phrase.h"
#include "core/notice/placeholder.h"

#define LINE_MAX ((size_t)4 << 10)

/* Room for the values of placeholders. */
struct values {
	struct pt_placeholder_values by;
	char login[PT_LOGIN_MAX + 1];
	char provider[256];
	char time[PT_ZONE_TEXT_MAX];
	char until[PT_ZONE_TEXT_MAX];
	char used[32];
	char limit[32];
	char period[64];
	char figures[512];
	char protocols[32];
	char label[PT_PASSWORD_LABEL_MAX + 1];
};

static void
clean(char *buf, size_t cap, const char *value)
{
	struct pt_text text;

	pt_text_init(&text, buf, cap);
	pt_encode_clean(&text, value);
}

static void
name_protocols(unsigned protocols, char *buf, size_t cap)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
	    {PT_PROTOCOL_IMAP, "IMAP"},
	    {PT_PROTOCOL_POP3, "POP3"},
	    {PT_PROTOCOL_SMTP, "SMTP"},
	};
	struct pt_text text;
	size_t i;

	pt_text_init(&text, buf, cap);
	for (i = 0; i < PT_ARRAY_LEN(names); i++) {
		if ((protocols & names[i].bit) != 0)
			pt_text_addf(&text, "%s%s", text.len == 0 ? "" : ", ",
			    names[i].name);
	}
}

static void
set_times(
    const struct pt_compose *compose, enum pt_zone_date date, struct values *v)
{
	const struct pt_notice *notice = &compose->entry->notice;
	const char *zone = compose->account->timezone;

	if (!pt_zone_exists(zone))
		zone = compose->config->notice.timezone;
	pt_zone_format(zone, date, notice->at, v->time, sizeof(v->time));
	v->by.at[PT_PLACEHOLDER_TIME] = v->time;
	/* A time that has passed when it happened tells nobody anything. */
	if (notice->until <= notice->at)
		return;
	pt_zone_format(zone, date, notice->until, v->until, sizeof(v->until));
	v->by.at[PT_PLACEHOLDER_UNTIL] = v->until;
}

/* The period stands alone where nothing was counted ("unused"). */
static void
set_figures(const struct pt_figures *figures,
    const struct pt_template_language *language, struct values *v)
{
	struct pt_text text;
	const char *line;

	pt_text_init(&text, v->period, sizeof(v->period));
	pt_phrase_period(&text, &language->words, figures->seconds);
	v->by.at[PT_PLACEHOLDER_PERIOD] = v->period;
	if (figures->unit == PT_FIGURES_NONE ||
	    figures->unit >= PT_FIGURES_UNITS)
		return;
	pt_text_init(&text, v->used, sizeof(v->used));
	pt_phrase_amount(&text, figures->unit, figures->used);
	v->by.at[PT_PLACEHOLDER_USED] = v->used;
	pt_text_init(&text, v->limit, sizeof(v->limit));
	pt_phrase_amount(&text, figures->unit, figures->limit);
	v->by.at[PT_PLACEHOLDER_LIMIT] = v->limit;
	pt_text_init(&text, v->figures, sizeof(v->figures));
	line = language->figures[figures->unit];
	(void)pt_placeholder_fill(line, strlen(line), &v->by, &text);
	v->by.at[PT_PLACEHOLDER_FIGURES] = v->figures;
}

static void
set_values(const struct pt_compose *compose,
    const struct pt_template_language *language, struct values *v)
{
	const struct pt_notice_config *config = &compose->config->notice;
	const struct pt_outbox_entry *entry = compose->entry;

	memset(v, 0, sizeof(*v));
	clean(v->login, sizeof(v->login), entry->login.text);
	v->by.at[PT_PLACEHOLDER_LOGIN] = v->login;
	clean(v->provider, sizeof(v->provider),
	    config->name[0] != '\0' ? config->name
				    : pt_login_domain_of(&entry->login));
	v->by.at[PT_PLACEHOLDER_PROVIDER] = v->provider;
	v->by.at[PT_PLACEHOLDER_CONTACT] = config->from;
	v->by.at[PT_PLACEHOLDER_HELP_URL] = compose->config->help_url;
	name_protocols(
	    entry->notice.protocols, v->protocols, sizeof(v->protocols));
	v->by.at[PT_PLACEHOLDER_PROTOCOLS] = v->protocols;
	clean(v->label, sizeof(v->label), entry->notice.label);
	v->by.at[PT_PLACEHOLDER_LABEL] = v->label;
	set_times(compose, language->words.date, v);
	set_figures(&entry->notice.figures, language, v);
}

/* The lines of a text that have all their values. */
static void
fill_body(
    const char *body, const struct values *v, struct pt_flow *flow, bool *cut)
{
	char room[LINE_MAX];
	struct pt_text line;
	size_t len;

	while (*body != '\0') {
		len = strcspn(body, "\n");
		pt_text_init(&line, room, sizeof(room));
		if (pt_placeholder_fill(body, len, &v->by, &line))
			pt_flow_add(flow, line.at);
		*cut = *cut || line.cut;
		body += len;
		if (*body == '\n')
			body++;
	}
}

/* The address as a mailbox of RFC 5322; its local part may need quotes. */
static void
add_address(struct pt_text *out, const struct pt_login *login)
{
	static const char dot_atom[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "!#$%&'*+-/=?^_`{|}~.";
	const char *local = login->text;
	bool needs_quotes = local[0] == '.' || local[login->at - 1] == '.';
	size_t i;

	for (i = 0; i < login->at; i++) {
		if (((unsigned char)local[i] < 0x80 &&
			strchr(dot_atom, local[i]) == NULL) ||
		    (local[i] == '.' && local[i + 1] == '.'))
			needs_quotes = true;
	}
	if (!needs_quotes) {
		pt_text_add(out, login->text);
		return;
	}
	pt_text_add(out, "\"");
	for (i = 0; i < login->at; i++) {
		if (local[i] == '"' || local[i] == '\\')
			pt_text_add(out, "\\");
		pt_text_add_bytes(out, &local[i], 1);
	}
	pt_text_addf(out, "\"%s", local + login->at);
}

static void
add_from(struct pt_text *out, const struct pt_compose *compose,
    const struct pt_login *from)
{
	char name[256];

	pt_text_add(out, "From: ");
	clean(name, sizeof(name), compose->config->notice.name);
	if (name[0] == '\0') {
		add_address(out, from);
		pt_text_add(out, "\n");
		return;
	}
	pt_encode_phrase(out, name, strlen("From: "));
	pt_text_add(out, "\n <");
	add_address(out, from);
	pt_text_add(out, ">\n");
}

/* Names of days and months are English, whatever the locale. */
static void
add_date(struct pt_text *out, int64_t at)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)at;
	struct tm tm;

	if ((int64_t)t != at || gmtime_r(&t, &tm) == NULL || tm.tm_year < 0 ||
	    tm.tm_year > 8099)
		return;
	pt_text_addf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000\n",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
add_header(struct pt_text *out, const struct pt_compose *compose,
    const struct pt_login *from, const struct pt_template_language *language,
    const char *subject)
{
	const struct pt_outbox_entry *entry = compose->entry;

	add_from(out, compose, from);
	pt_text_add(out, "To: ");
	add_address(out, &entry->login);
	pt_text_add(out, "\nSubject: ");
	pt_encode_words(out, subject, strlen("Subject: "));
	pt_text_add(out, "\n");
	add_date(out, compose->now);
	pt_text_addf(out,
	    "Message-ID: <postern.%" PRIu64 ".%" PRId64 ".%016" PRIx64 "@%s>\n",
	    entry->id, entry->notice.at,
	    pt_hash(entry->login.text, entry->login.len),
	    pt_login_domain_of(from));
	pt_text_addf(out,
	    "Auto-Submitted: auto-generated\n"
	    "X-Auto-Response-Suppress: All\n"
	    "X-Postern-Notice: %s\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8; format=flowed\n"
	    "Content-Transfer-Encoding: quoted-printable\n"
	    "Content-Language: %s\n\n",
	    pt_template_name(pt_template_of(&entry->notice)), language->tag);
}

int
pt_compose_text(const struct pt_compose *compose,
    struct pt_compose_text *text_out, struct pt_err *err)
{
	enum pt_template_id id = pt_template_of(&compose->entry->notice);
	const char *wish = compose->language != NULL
			       ? compose->language
			       : compose->account->language;
	const struct pt_template_language *language =
	    pt_templates_find(compose->templates, wish);
	struct pt_text subject;
	struct pt_text body;
	struct values values;
	struct pt_flow flow;
	bool cut = false;

	if (id == PT_TEMPLATE_NOTICES)
		return pt_err_set(err, PT_ERR_INTERNAL,
		    "cannot write a notice: there is no text for its kind");
	set_values(compose, language, &values);
	pt_text_init(&subject, text_out->subject, sizeof(text_out->subject));
	(void)pt_placeholder_fill(language->texts[id].subject,
	    strlen(language->texts[id].subject), &values.by, &subject);
	pt_text_init(&body, text_out->body, sizeof(text_out->body));
	pt_flow_init(&flow, &body);
	fill_body(language->texts[id].body, &values, &flow, &cut);
	pt_flow_add(&flow, "");
	fill_body(
	    language->texts[PT_TEMPLATE_FOOTER].body, &values, &flow, &cut);
	pt_flow_end(&flow);
	text_out->body_len = body.len;
	text_out->language = language;
	if (!cut && !subject.cut && !body.cut)
		return 0;
	return pt_err_set(err, PT_ERR_CONFIG,
	    "cannot write a notice: text [%s] in \"%s\" grows too long: "
	    "shorten it",
	    pt_template_name(id), language->tag);
}

int
pt_compose(const struct pt_compose *compose, char *out, size_t *len_out,
    struct pt_err *err)
{
	const char *from_text = compose->config->notice.from;
	struct pt_compose_text text;
	struct pt_login from;
	struct pt_text mail;

	if (pt_login_parse(from_text, strlen(from_text), NULL, &from, err) != 0)
		return pt_err_prefix(err, "cannot use notice { from }");
	if (pt_compose_text(compose, &text, err) != 0)
		return -1;
	pt_text_init(&mail, out, PT_COMPOSE_MAX);
	add_header(&mail, compose, &from, text.language, text.subject);
	pt_encode_quoted(&mail, text.body, text.body_len);
	if (mail.cut)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot write a notice: the mail is larger than %zu bytes",
		    PT_COMPOSE_MAX - 1);
	*len_out = mail.len;
	return 0;
}
