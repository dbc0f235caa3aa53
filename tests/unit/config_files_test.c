/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* postern.conf as files: include(), conf.d, and what cannot be read. */

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/config/config.h"
#include "core/config/keys.h"
#include "tests/unit/support/testing.h"

#define PATH_MAX_HERE 300
#define EXAMPLE       "packaging/examples/postern.conf"

static char dir[200];

/* What the tests below create, so that it can be taken away again. */
static const char *const files[] = {"postern.conf", "more.conf", "loop.conf",
    "conf.d/10-a.conf", "conf.d/20-b.conf", "conf.d/.hidden.conf",
    "conf.d/README", "big.conf", "fifo.conf"};

static const char *
path_of(const char *name)
{
	static char path[PATH_MAX_HERE];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
write_file(const char *name, const char *text)
{
	test_write_file(path_of(name), text);
}

static int
setup(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s/postern-XXXXXX",
	    base == NULL ? "/tmp" : base);
	if (mkdtemp(dir) == NULL)
		return -1;
	return mkdir(path_of("conf.d"), 0700);
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < PT_ARRAY_LEN(files); i++)
		(void)unlink(path_of(files[i]));
	(void)rmdir(path_of("conf.d"));
	return rmdir(dir);
}

static struct pt_config *
load(void)
{
	struct pt_config *config = NULL;
	struct pt_err err = {0};

	if (pt_config_load(path_of("postern.conf"), &config, &err) != 0)
		fail_msg("refused: %s", err.text);
	return config;
}

/* The error must be DIR/NAME followed by "rest". */
static void
expect_error(const char *name, const char *rest)
{
	struct pt_config *config = NULL;
	char expected[PATH_MAX_HERE + 300];
	struct pt_err err = {0};

	(void)snprintf(expected, sizeof(expected), "%s%s", path_of(name), rest);
	assert_int_equal(
	    pt_config_load(path_of("postern.conf"), &config, &err), -1);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, PT_ERR_CONFIG);
	assert_null(config);
}

static void
test_config_conf_d_later_file_wins_and_adds_plans(void **state)
{
	struct pt_config *config;

	(void)state;
	write_file("postern.conf",
	    "mode = enforce\nlog_level = error\nplan free { }\n");
	write_file("conf.d/20-b.conf", "log_level = debug\nplan gold { }\n");
	write_file("conf.d/10-a.conf",
	    "log_level = warn\nhelp_url = \"https://a.example\"\n");
	write_file("conf.d/.hidden.conf", "nonsense\n");
	write_file("conf.d/README", "nonsense\n");
	config = load();
	assert_int_equal(config->mode, PT_MODE_ENFORCE);
	assert_int_equal(config->log_level, 7);
	assert_string_equal(config->help_url, "https://a.example");
	assert_int_equal(config->plan_count, 2);
	assert_non_null(pt_config_plan(config, "gold"));
	pt_config_free(config);
}

static void
test_config_conf_d_later_list_replaces_earlier(void **state)
{
	struct pt_config *config;

	(void)state;
	write_file("postern.conf",
	    "trusted_networks = { ::1, 127.0.0.1 }\n"
	    "sender { several = owned alias_domains = { \"a.b = c.d\" } }");
	write_file("conf.d/10-a.conf", "trusted_networks = { 192.0.2.0/24 }\n"
				       "sender { alias_domains = { } }");
	config = load();
	assert_int_equal(config->network_count, 1);
	assert_true(pt_network_has(config->networks, 1, "192.0.2.1"));
	assert_int_equal(config->sender.alias_count, 0);
	assert_int_equal(config->sender.several, PT_SEVERAL_OWNED);
	pt_config_free(config);
}

static void
test_config_conf_d_error_names_its_file(void **state)
{
	(void)state;
	write_file("postern.conf", "plan free { }\n");
	write_file("conf.d/10-a.conf", "# fine\n");
	write_file("conf.d/20-b.conf", "\nmode = on\n");
	expect_error("conf.d/20-b.conf",
	    ":2: mode: \"on\" is none of: observe, enforce");
	write_file("conf.d/20-b.conf", "\nplan free { }\n");
	expect_error("conf.d/20-b.conf",
	    ":2: plan \"free\" is given twice, here and in a line or file "
	    "that was read before");
	write_file("conf.d/20-b.conf", "sender { maps = \"x\" }");
	expect_error("conf.d/20-b.conf",
	    ":1: maps: \"x\" is no map that Postern can read: write "
	    "file:/PATH, lmdb:/PATH, socketmap:unix:/PATH:NAME or "
	    "socketmap:inet:HOST:PORT:NAME");
}

static void
test_config_include_is_relative_to_its_file(void **state)
{
	struct pt_config *config;

	(void)state;
	write_file("postern.conf",
	    "plan free {\n include(\"more.conf\")\n sessions = 3\n}\n"
	    "include('conf.d/README')\nmode = enforce\n");
	write_file("more.conf", "messages = { 7/1m } # shared\n");
	write_file("conf.d/README", "include(\"20-b.conf\")");
	write_file("conf.d/20-b.conf", "log_level = warn\n");
	config = load();
	assert_int_equal(config->mode, PT_MODE_ENFORCE);
	assert_int_equal(config->log_level, 4);
	assert_true(config->plans[0].messages.at[0].limit == 7);
	assert_true(config->plans[0].sessions.value == 3);
	pt_config_free(config);
}

static void
test_config_include_errors_name_right_line(void **state)
{
	(void)state;
	write_file("postern.conf",
	    "plan free {\n\ninclude(\"more.conf\")\n\n x = 1\n}\n");
	write_file("more.conf", "\n\n\n\n\n\n\nmessages = { }\n");
	expect_error("postern.conf", ":5: unknown key \"x\"");
	write_file("more.conf", "\n\nmessages = { 5 }\n");
	expect_error("more.conf",
	    ":3: messages: \"5\" is not a window: write a number, \"/\" and a "
	    "span, such as \"15/1h\"");
	write_file("more.conf", "}\nplan x {\n");
	expect_error("more.conf", ":1: \"}\" closes nothing");
}

static void
test_config_include_without_end_refused(void **state)
{
	(void)state;
	write_file("postern.conf", "include(\"loop.conf\")\n");
	write_file("loop.conf", "\ninclude(\"loop.conf\")\n");
	expect_error("loop.conf", ":2: files are included more than 10 deep");
	/* Wide instead of deep: the number of files is bounded, too. */
	write_file(
	    "loop.conf", "include(\"more.conf\") include(\"more.conf\")");
	write_file("more.conf",
	    "include(\"fifo.conf\") include(\"fifo.conf\")\n"
	    "include(\"fifo.conf\") include(\"fifo.conf\")");
	write_file(
	    "fifo.conf", "include(\"loop.conf\") include(\"loop.conf\")");
	expect_error("loop.conf", ":1: files are included more than 10 deep");
}

static void
test_config_include_many_refused(void **state)
{
	static const char line[] = "include(\"more.conf\")\n";
	char text[300 * sizeof(line)] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		memcpy(text + len, line, sizeof(line));
		len += sizeof(line) - 1;
	}
	write_file("postern.conf", text);
	write_file("more.conf", "");
	expect_error("postern.conf", ":257: more than 256 files are included");
}

static void
test_config_unreadable_file_named(void **state)
{
	struct pt_config *config = NULL;
	char expected[PATH_MAX_HERE + 100];
	struct pt_err err;

	(void)state;
	assert_int_equal(
	    pt_config_load(path_of("absent.conf"), &config, &err), -1);
	(void)snprintf(expected, sizeof(expected),
	    "cannot read %s: No such file or directory",
	    path_of("absent.conf"));
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, PT_ERR_CONFIG);

	assert_int_equal(pt_config_load(path_of("conf.d"), &config, &err), -1);
	assert_non_null(strstr(err.text, ": Is a directory"));

	assert_int_equal(mkfifo(path_of("fifo.conf"), 0600), 0);
	assert_int_equal(
	    pt_config_load(path_of("fifo.conf"), &config, &err), -1);
	assert_non_null(strstr(err.text, ": it is not a file"));
}

static void
test_config_included_absent_file_names_both(void **state)
{
	char rest[PATH_MAX_HERE + 100];

	(void)state;
	write_file("postern.conf", "\ninclude(\"absent.conf\")\n");
	(void)snprintf(rest, sizeof(rest),
	    ":2: cannot read %s: No such file or directory",
	    path_of("absent.conf"));
	expect_error("postern.conf", rest);
}

static void
test_config_size_up_to_1_mib_accepted(void **state)
{
	struct pt_config *config = NULL;
	struct pt_err err;
	size_t size = (size_t)1 << 20;
	char *text = malloc(size + 2);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', size + 1);
	text[size + 1] = '\0';
	write_file("big.conf", text);
	assert_int_equal(
	    pt_config_load(path_of("big.conf"), &config, &err), -1);
	assert_non_null(strstr(err.text, ": it is larger than 1 MiB"));
	assert_int_equal(pt_config_parse("t.conf", text, &config, &err), -1);
	assert_non_null(strstr(err.text, ": it is larger than 1 MiB"));
	text[size] = '\0';
	write_file("big.conf", text);
	assert_int_equal(pt_config_load(path_of("big.conf"), &config, &err), 0);
	pt_config_free(config);
	free(text);
}

static void
test_config_nul_byte_named_with_its_line(void **state)
{
	FILE *file = fopen(path_of("postern.conf"), "w");

	(void)state;
	assert_non_null(file);
	assert_int_equal(fwrite("mode = observe\n\0\n", 1, 17, file), 17);
	assert_int_equal(fclose(file), 0);
	expect_error(
	    "postern.conf", ":2: there is a NUL byte: this is not a text file");
}

/* The example is read from the root of the tree, where tests are run. */
static void
test_config_example_shows_every_key_with_its_default(void **state)
{
	struct pt_config *config = NULL;
	struct pt_config *defaults = NULL;
	struct pt_plan plan;
	struct pt_err err;
	static char text[16384];
	char line[300];
	bool differs;
	FILE *file = fopen(EXAMPLE, "r");

	(void)state;
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(pt_config_parse(EXAMPLE, text, &config, &err), 0);
	assert_int_equal(config->mode, PT_MODE_OBSERVE);
	pt_config_free(config);
	assert_int_equal(pt_config_parse("t.conf", "", &defaults, &err), 0);
	pt_plan_defaults(&plan, "free");
	for (size_t i = 0; i < pt_key_count(); i++) {
		assert_int_equal(
		    pt_config_format_key(defaults, &plan, pt_key_at(i), line,
			sizeof(line), &differs),
		    0);
		assert_false(differs);
		/* Where it is installed decides about the directories. */
		if (strcmp(pt_key_at(i)->name, "templates") == 0)
			(void)snprintf(line, sizeof(line), "#templates = {");
		if (strstr(text, line) == NULL)
			fail_msg("not in " EXAMPLE ": %s", line);
	}
	pt_config_free(defaults);
}

#define FILES_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FILES_TEST(test_config_conf_d_later_file_wins_and_adds_plans),
	    FILES_TEST(test_config_conf_d_later_list_replaces_earlier),
	    FILES_TEST(test_config_conf_d_error_names_its_file),
	    FILES_TEST(test_config_include_is_relative_to_its_file),
	    FILES_TEST(test_config_include_errors_name_right_line),
	    FILES_TEST(test_config_include_without_end_refused),
	    FILES_TEST(test_config_include_many_refused),
	    FILES_TEST(test_config_unreadable_file_named),
	    FILES_TEST(test_config_included_absent_file_names_both),
	    FILES_TEST(test_config_size_up_to_1_mib_accepted),
	    FILES_TEST(test_config_nul_byte_named_with_its_line),
	    cmocka_unit_test(
		test_config_example_shows_every_key_with_its_default),
	};

	return cmocka_run_group_tests_name("config_files", tests, NULL, NULL);
}
