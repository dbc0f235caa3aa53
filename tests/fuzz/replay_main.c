/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Replays inputs through a fuzz target without libFuzzer:
 *
 *	fuzz_NAME [-v] FILE|DIRECTORY...
 *
 * A file NAME.hex holds its input as hexadecimal digits; blanks and line
 * ends are skipped, and '#' starts a comment.  Any other file is the input
 * itself.  In a directory, each file whose name starts with no '.' is an
 * input.  -v names each input first, to find the one that fails.
 *
 * Prints "N inputs replayed".  Exits with 1 if an argument cannot be read,
 * is a directory without inputs, or is no hexadecimal text.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_BYTES_MAX ((size_t)16 << 20)
#define PATH_BYTES_MAX  4096

struct input {
	unsigned char *at;
	size_t len;
};

static bool verbose;
static unsigned long replayed;

static bool
complain(const char *path, const char *reason)
{
	(void)fprintf(stderr, "cannot replay %s: %s\n", path, reason);
	return false;
}

static bool
read_file(const char *path, struct input *out)
{
	FILE *file = fopen(path, "rb");
	size_t cap = 0;

	out->at = NULL;
	out->len = 0;
	if (file == NULL)
		return complain(path, strerror(errno));
	while (out->len == cap && cap < INPUT_BYTES_MAX) {
		size_t more = cap == 0 ? 4096 : 2 * cap;
		unsigned char *grown = realloc(out->at, more);

		if (grown == NULL)
			break;
		out->at = grown;
		cap = more;
		out->len += fread(out->at + out->len, 1, cap - out->len, file);
	}
	if (ferror(file) != 0 || out->len == cap) {
		(void)fclose(file);
		free(out->at);
		return complain(path, "it is unreadable or too large");
	}
	(void)fclose(file);
	return true;
}

static int
digit_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* In place: two digits never take less room than their byte. */
static bool
decode_hex(struct input *input)
{
	bool in_comment = false;
	size_t digits = 0;

	for (size_t i = 0; i < input->len; i++) {
		unsigned char c = input->at[i];
		int value = digit_value(c);

		if (c == '\n')
			in_comment = false;
		else if (c == '#')
			in_comment = true;
		if (in_comment || c == '\n' || c == ' ' || c == '\t')
			continue;
		if (value == -1)
			return false;
		if (digits % 2 == 0)
			input->at[digits / 2] = (unsigned char)(value << 4);
		else
			input->at[digits / 2] |= (unsigned char)value;
		digits++;
	}
	input->len = digits / 2;
	return digits % 2 == 0;
}

/* In a block of just its size, so that reads beyond the input are seen. */
static bool
run_input(const char *path, const struct input *input)
{
	unsigned char *exact = malloc(input->len > 0 ? input->len : 1);

	if (exact == NULL)
		return complain(path, "out of memory");
	memcpy(exact, input->at, input->len);
	if (verbose)
		(void)fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(exact, input->len);
	free(exact);
	replayed++;
	return true;
}

static bool
replay_file(const char *path)
{
	size_t len = strlen(path);
	struct input input;
	bool ok;

	if (!read_file(path, &input))
		return false;
	if (len > 4 && strcmp(path + len - 4, ".hex") == 0 &&
	    !decode_hex(&input))
		ok = complain(path, "it is no hexadecimal text");
	else
		ok = run_input(path, &input);
	free(input.at);
	return ok;
}

static int
is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
replay_directory(const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, is_input, alphasort);
	bool ok = true;

	if (n == -1)
		return complain(path, strerror(errno));
	if (n == 0)
		ok = complain(path, "there is no input in it");
	for (int i = 0; i < n; i++) {
		char name[PATH_BYTES_MAX];
		int len = snprintf(
		    name, sizeof(name), "%s/%s", path, entries[i]->d_name);

		if (len < 0 || (size_t)len >= sizeof(name))
			ok = complain(path, "a name in it is too long");
		else if (!replay_file(name))
			ok = false;
		free(entries[i]);
	}
	free(entries);
	return ok;
}

static bool
replay(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return complain(path, strerror(errno));
	return S_ISDIR(st.st_mode) ? replay_directory(path) : replay_file(path);
}

int
main(int argc, char **argv)
{
	int first = 1;
	bool ok = true;

	if (argc > 1 && strcmp(argv[1], "-v") == 0) {
		verbose = true;
		first = 2;
	}
	if (first == argc) {
		(void)fprintf(
		    stderr, "usage: %s [-v] FILE|DIRECTORY...\n", argv[0]);
		return 64;
	}
	for (int i = first; i < argc; i++) {
		if (!replay(argv[i]))
			ok = false;
	}
	(void)printf("%lu inputs replayed\n", replayed);
	return ok ? 0 : 1;
}
