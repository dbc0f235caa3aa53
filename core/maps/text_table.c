/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "core/maps/text_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/maps/entry.h"

#define LINE_MAX_BYTES (PT_MAP_VALUE_MAX + 2048)
#define BLANKS         " \t\r\v\f"

/* The logical line that is being put together. */
struct reader {
	const char *path;
	const char *default_domain;
	struct pt_map_index *index;
	unsigned number; /* of the physical line */
	unsigned first;  /* where the logical line began; 0: there is none */
	size_t len;
	char line[LINE_MAX_BYTES];
};

static int
refuse(const struct reader *reader, unsigned number, struct pt_err *err)
{
	if (err->kind != PT_ERR_UNAVAILABLE)
		err->kind = PT_ERR_CONFIG;
	return pt_err_prefix(err, "%s:%u", reader->path, number);
}

static int
refuse_line(const struct reader *reader, struct pt_err *err, const char *why)
{
	(void)pt_err_set(err, PT_ERR_CONFIG, "%s", why);
	return refuse(reader, reader->first, err);
}

/* Names the word that is wrong before the reason that is there already. */
static int
refuse_word(const struct reader *reader, struct pt_err *err, const char *what,
    const char *word, size_t len)
{
	struct pt_text text;
	char shown[128];

	pt_text_init(&text, shown, sizeof(shown));
	pt_text_add_escaped(&text, word, len);
	(void)pt_err_prefix(err, "\"%s\" is no %s", shown, what);
	return refuse(reader, reader->first, err);
}

static int
check_owners(
    const struct reader *reader, const char *at, size_t len, struct pt_err *err)
{
	const char *owner;
	size_t owner_len;
	struct pt_login login;

	if (!pt_map_owner_next(&at, &len, &owner, &owner_len))
		return refuse_line(reader, err, "there is no login in it");
	do {
		if (pt_login_parse(owner, owner_len, reader->default_domain,
			&login, err) != 0)
			return refuse_word(
			    reader, err, "login", owner, owner_len);
	} while (pt_map_owner_next(&at, &len, &owner, &owner_len));
	return 0;
}

static int
add_entry(struct reader *reader, const char *key, size_t key_len,
    const char *value, size_t value_len, struct pt_err *err)
{
	char folded[PT_MAP_KEY_MAX + 1];
	size_t len;
	int rc;

	if (check_owners(reader, value, value_len, err) != 0)
		return -1;
	rc = pt_map_key_fold(key, key_len, folded, &len, err);
	if (rc < 0)
		return refuse_word(reader, err, "address", key, key_len);
	if (rc == 0)
		return 0;
	rc =
	    pt_map_index_add(reader->index, folded, len, value, value_len, err);
	if (rc < 0)
		return refuse(reader, reader->first, err);
	if (rc > 0)
		return 0;
	(void)pt_err_set(err, PT_ERR_CONFIG,
	    "it is listed twice: join its logins in one line");
	return refuse_word(reader, err, "new address", key, key_len);
}

static int
end_line(struct reader *reader, struct pt_err *err)
{
	const char *line = reader->line;
	size_t len = reader->len;
	size_t key_len;
	size_t gap;

	if (reader->first == 0)
		return 0;
	while (len > 0 && strchr(BLANKS, line[len - 1]) != NULL)
		len--;
	reader->line[len] = '\0';
	key_len = strcspn(line, BLANKS);
	gap = strspn(line + key_len, BLANKS);
	if (key_len + gap == len)
		return refuse_line(reader, err,
		    "there is no login after the address, as in "
		    "\"info@example.com ann@example.com\"");
	if (line[0] == '"')
		return refuse_line(reader, err,
		    "quotation marks around an address are not read");
	if (line[key_len - 1] == ':')
		return refuse_line(reader, err,
		    "this is the form of an alias file: write no colon after "
		    "the address");
	if (add_entry(reader, line, key_len, line + key_len + gap,
		len - key_len - gap, err) != 0)
		return -1;
	reader->first = 0;
	return 0;
}

static int
take_line(struct reader *reader, const char *at, size_t len, struct pt_err *err)
{
	size_t blanks = 0;

	while (blanks < len && strchr(BLANKS, at[blanks]) != NULL &&
	       at[blanks] != '\0')
		blanks++;
	if (blanks == len || at[blanks] == '#')
		return 0;
	if (blanks == 0) {
		if (end_line(reader, err) != 0)
			return -1;
		reader->first = reader->number;
		reader->len = 0;
	} else if (reader->first == 0) {
		reader->first = reader->number;
		return refuse_line(reader, err,
		    "it begins with a blank, and there is no line before "
		    "that it could continue");
	}
	if (memchr(at, '\0', len) != NULL)
		return refuse_line(reader, err, "it has a NUL byte");
	if (len >= sizeof(reader->line) - reader->len)
		return refuse_line(reader, err, "it is too long");
	memcpy(reader->line + reader->len, at, len);
	reader->len += len;
	return 0;
}

int
pt_text_table_parse(const char *path, const char *text, size_t len,
    const char *default_domain, struct pt_map_index *index, struct pt_err *err)
{
	struct reader *reader = malloc(sizeof(*reader));
	const char *end;
	size_t n;
	int rc = 0;

	if (reader == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the map %s: out of memory", path);
	reader->path = path;
	reader->default_domain = default_domain;
	reader->index = index;
	reader->number = 0;
	reader->first = 0;
	reader->len = 0;
	while (rc == 0 && len > 0) {
		end = memchr(text, '\n', len);
		n = end == NULL ? len : (size_t)(end - text);
		reader->number++;
		rc = take_line(reader, text, n, err);
		n += end != NULL;
		text += n;
		len -= n;
	}
	if (rc == 0)
		rc = end_line(reader, err);
	free(reader);
	return rc;
}

/* At most the size that it had when it was opened. */
static int
read_all(int fd, char *buf, size_t size, size_t *len_out)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*len_out = len;
	return 0;
}

static int
read_file(const char *path, int fd, char **text_out, size_t *len_out,
    struct pt_err *err)
{
	struct stat st;
	char *text;

	if (fstat(fd, &st) != 0)
		return pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot read the map %s", path);
	if (!S_ISREG(st.st_mode))
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot read the map %s: it is no file", path);
	if ((uintmax_t)st.st_size > PT_TEXT_TABLE_MAX)
		return pt_err_set(err, PT_ERR_CONFIG,
		    "cannot read the map %s: it is larger than 64 MiB", path);
	text = malloc((size_t)st.st_size + 1);
	if (text == NULL)
		return pt_err_set(err, PT_ERR_UNAVAILABLE,
		    "cannot read the map %s: out of memory", path);
	if (read_all(fd, text, (size_t)st.st_size, len_out) != 0) {
		(void)pt_err_sys(err, PT_ERR_UNAVAILABLE, errno,
		    "cannot read the map %s", path);
		free(text);
		return -1;
	}
	*text_out = text;
	return 0;
}

int
pt_text_table_read(const char *path, const char *default_domain, int wait_ms,
    struct pt_map_index *index, struct pt_err *err)
{
	/* Without O_NONBLOCK, a FIFO would be waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	size_t len = 0;
	int rc;

	(void)wait_ms;
	if (fd < 0)
		return pt_err_sys(err, PT_ERR_CONFIG, errno,
		    "cannot read the map %s as the user of this program", path);
	rc = read_file(path, fd, &text, &len, err);
	(void)close(fd);
	if (rc != 0)
		return -1;
	rc = pt_text_table_parse(path, text, len, default_domain, index, err);
	free(text);
	return rc;
}
