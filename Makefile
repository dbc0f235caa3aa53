# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
#
# Plain GNU make and pkg-config. `make help` lists the targets.
#
# Everything that is built lies under build/FLAVOUR/, so that flavours never
# mix: release (the default), debug, asan, tsan, clang, coverage, fuzz. Any
# other name gives a second release build beside the first, for trials.
#
#   make FLAVOUR=asan tests      build the unit tests with AddressSanitizer
#   make WERROR=1                warnings are errors (what `make check` uses)
#   make CC=clang-16 CFLAGS=-O3  a compiler and flags of your own
#   make V=1                     show each command
#
# Sources are found by wildcard: put a file into its folder, and it is built.
# Objects mirror the source path, header dependencies are automatic, and a
# change of flags rebuilds (build/FLAVOUR/flags remembers them).

VERSION := 0.1.0

FLAVOUR ?= release
B := build/$(FLAVOUR)

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
SBINDIR ?= $(PREFIX)/sbin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(DATADIR)/doc/postern
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d

ifeq ($(origin CC),default)
CC := $(if $(filter clang fuzz,$(FLAVOUR)),clang,gcc)
endif
AR ?= ar
INSTALL ?= install
PYTHON ?= /usr/bin/python3
PKG_CONFIG ?= pkg-config

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(or $(2),$@))

# ---- Libraries --------------------------------------------------------------

CORE_PKGS := lmdb libconfuse libsodium libidn2
POLICYD_PKGS := libuv
CTL_PKGS := jansson libqrencode
TEST_PKGS := cmocka
# libmilter comes without pkg-config on most systems.
MILTER_LIBS ?= -lmilter
BUILD_PKGS := $(CORE_PKGS) $(POLICYD_PKGS) $(CTL_PKGS)

# Errors are not shown here, because targets such as help or clean need no
# library; the rule of build/FLAVOUR/flags reports what is missing.
pkg = $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null)
PKG_CFLAGS := $(call pkg,--cflags,$(BUILD_PKGS))
CORE_LIBS := $(call pkg,--libs,$(CORE_PKGS))
POLICYD_LIBS := $(call pkg,--libs,$(POLICYD_PKGS))
CTL_LIBS := $(call pkg,--libs,$(CTL_PKGS))
TEST_LIBS := $(call pkg,--libs,$(TEST_PKGS))

# ---- Flags ------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef \
	-Wcast-align -Wwrite-strings

FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
SANITIZE := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all

# The sanitizers bring their own checked library calls; fortified ones would
# hide errors from them.
ifeq ($(FLAVOUR),debug)
FLAVOUR_FLAGS := -O0 -g3
else ifeq ($(FLAVOUR),asan)
FLAVOUR_FLAGS := $(SANITIZE) -fsanitize=address,undefined
else ifeq ($(FLAVOUR),tsan)
FLAVOUR_FLAGS := $(SANITIZE) -fsanitize=thread
else ifeq ($(FLAVOUR),fuzz)
FLAVOUR_FLAGS := $(SANITIZE) -fsanitize=fuzzer-no-link,address,undefined
else ifeq ($(FLAVOUR),coverage)
FLAVOUR_FLAGS := -O0 -g --coverage
else
FLAVOUR_FLAGS := -O2 -g $(FORTIFY)
endif

# Position-independent in the way of shared objects, too: the Dovecot plugin
# is made of the same core.
HARDENING := -fstack-protector-strong -fPIC
LINK_HARDENING := -Wl,-z,relro,-z,now

ALL_CPPFLAGS := -I. -D_POSIX_C_SOURCE=200809L \
	-DPOSTERN_VERSION=\"$(VERSION)\" -DPOSTERN_SYSCONFDIR=\"$(SYSCONFDIR)\" \
	-DPOSTERN_DATADIR=\"$(DATADIR)\" \
	$(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS := -std=c11 -pthread $(WARNINGS) $(FLAVOUR_FLAGS) $(HARDENING) \
	$(CFLAGS)$(if $(WERROR), -Werror)
ALL_LDFLAGS := -pthread $(FLAVOUR_FLAGS) $(LINK_HARDENING) \
	-Wl,--as-needed $(LDFLAGS)

# Dovecot's headers come with a file of shell variables instead of pkg-config.
# Without it (package dovecot-dev) everything but the plugin is built. In an
# instrumented flavour the plugin is left out: Dovecot is not instrumented.
DOVECOT_CONFIG ?= $(firstword $(wildcard /usr/lib/dovecot/dovecot-config \
	/usr/lib64/dovecot/dovecot-config))
dovecot_variable = $(if $(DOVECOT_CONFIG),$(shell . $(DOVECOT_CONFIG); \
	echo "$$$(1)"))
DOVECOT_INCLUDE := $(call dovecot_variable,dovecot_pkgincludedir)
DOVECOT_MODULES ?= $(call dovecot_variable,dovecot_moduledir)
# On Fedora, config.h only includes the one of the architecture.
DOVECOT_IS_24 := $(if $(DOVECOT_INCLUDE),$(filter-out 2.3,$(shell \
	echo DOVECOT_VERSION_MAJOR.DOVECOT_VERSION_MINOR | $(CC) -x c -E -P \
		-include $(DOVECOT_INCLUDE)/config.h - | tail -n 1 | tr -d ' ')))
# Dovecot is written in GNU C, and its headers are not ours to mend.
DOVECOT_CPPFLAGS := -isystem $(DOVECOT_INCLUDE) -DHAVE_CONFIG_H
DOVECOT_CFLAGS := -std=gnu11 -fvisibility=hidden

# ---- Sources ----------------------------------------------------------------

objects = $(patsubst %.c,$(B)/%.o,$(1))

CORE_SRC := $(wildcard core/*/*.c)
POLICYD_SRC := $(filter-out policyd/main.c,$(wildcard policyd/*.c))
KEEPER_SRC := $(filter-out keeper/main.c,$(wildcard keeper/*.c))
MILTER_SRC := $(filter-out milter/main.c,$(wildcard milter/*.c))
CTL_SRC := $(filter-out ctl/main.c,$(wildcard ctl/*.c))
# The part of the plugin that needs no Dovecot, and the rest.
PLUGIN_COMMON_SRC := $(wildcard dovecot-plugin/common/*.c)
PLUGIN_SRC := $(filter-out $(PLUGIN_COMMON_SRC),\
	$(wildcard dovecot-plugin/*/*.c))
SUPPORT_SRC := $(wildcard tests/unit/support/*.c)
UNIT_SRC := $(wildcard tests/unit/*_test.c)
# What a system test needs that no program of ours should be able to do.
SYSTEM_TOOL_SRC := $(wildcard tests/system/*.c)
PRELOAD_SRC := $(wildcard tests/system/preload/*.c)
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)

CORE_LIB := $(B)/libpostern.a
# The modules of a program without its main(), so that tests can link them.
POLICYD_LIB := $(if $(POLICYD_SRC),$(B)/policyd.a)
KEEPER_LIB := $(if $(KEEPER_SRC),$(B)/keeper.a)
MILTER_LIB := $(if $(MILTER_SRC),$(B)/milter.a)
CTL_LIB := $(if $(CTL_SRC),$(B)/ctl.a)
PLUGIN_LIB := $(if $(PLUGIN_COMMON_SRC),$(B)/dovecot-plugin.a)

# Module of Dovecot -> the folder of its sources. They lie below
# build/FLAVOUR/dovecot as they do below Dovecot's module directory.
MODULE_auth/libauthdb_postern.so := auth
MODULE_lib50_postern_plugin.so := mail
MODULE_lib55_imap_postern_plugin.so := imap
MODULE_lib55_pop3_postern_plugin.so := pop3
MODULE_doveadm/lib10_doveadm_postern_plugin.so := doveadm
# Dovecot 2.4 wants to know the settings of a plugin beforehand.
$(if $(DOVECOT_IS_24),$(eval \
	MODULE_settings/libpostern_settings.so := settings))
MODULE_NAMES := $(foreach v,$(filter MODULE_%,$(.VARIABLES)),\
	$(if $(filter file,$(origin $(v))),\
	$(if $(wildcard dovecot-plugin/$($(v))/*.c),$(v:MODULE_%=%))))
MODULES := $(if $(DOVECOT_INCLUDE),$(if \
	$(filter asan tsan fuzz coverage,$(FLAVOUR)),,\
	$(MODULE_NAMES:%=$(B)/dovecot/%)))

PROGRAMS := $(if $(wildcard policyd/main.c),$(B)/bin/postern-policyd) \
	$(if $(wildcard milter/main.c),$(B)/bin/postern-milter) \
	$(if $(wildcard keeper/main.c),$(B)/bin/postern-keeper) \
	$(if $(wildcard ctl/main.c),$(B)/bin/posternctl)

UNIT := $(UNIT_SRC:tests/unit/%_test.c=$(B)/tests/unit/%)
UNIT_POLICYD := $(filter $(B)/tests/unit/policyd_%,$(UNIT))
UNIT_MILTER := $(filter $(B)/tests/unit/milter_%,$(UNIT))
UNIT_KEEPER := $(filter $(B)/tests/unit/keeper_%,$(UNIT))
UNIT_CTL := $(filter $(B)/tests/unit/ctl_%,$(UNIT))
UNIT_PLUGIN := $(filter $(B)/tests/unit/dovecot_%,$(UNIT))
UNIT_CORE := $(filter-out $(UNIT_POLICYD) $(UNIT_MILTER) $(UNIT_KEEPER) \
	$(UNIT_CTL) $(UNIT_PLUGIN),$(UNIT))

FUZZ := $(FUZZ_SRC:tests/fuzz/%.c=$(B)/tests/fuzz/%)
SYSTEM_TOOLS := $(SYSTEM_TOOL_SRC:%.c=$(B)/%)
PRELOAD := $(PRELOAD_SRC:%.c=$(B)/%.so)
FUZZ_NAMES := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=%)

MKTABLES_SRC := $(wildcard tools/mktables*.c)
MKTABLES := $(if $(MKTABLES_SRC),$(B)/tools/mktables)
MAN := $(if $(MKTABLES),$(patsubst man/%.in,$(B)/man/%,$(wildcard man/*.in)))

# Lines such as `BENCH_load := load_main.c latency.c`, relative to tests/bench.
-include tests/bench/programs.mk
# The origin keeps variables of the environment out.
BENCH_NAMES := $(foreach v,$(filter BENCH_%,$(.VARIABLES)),\
	$(if $(filter file,$(origin $(v))),$(v:BENCH_%=%)))
BENCH := $(BENCH_NAMES:%=$(B)/tests/bench/%)
BENCH_SRC := $(sort $(foreach n,$(BENCH_NAMES),\
	$(addprefix tests/bench/,$(BENCH_$(n)))))

# ---- Build ------------------------------------------------------------------

.PHONY: all
all: $(CORE_LIB) $(PROGRAMS) $(MODULES) $(MAN) ## Build what is installed
	@$(if $(DOVECOT_INCLUDE),:,echo "the Dovecot plugin was left out:" \
		"Dovecot's headers (package dovecot-dev) are missing")

.PHONY: tests
tests: all $(UNIT) $(FUZZ) ## Build the unit tests and the fuzz replayers

.PHONY: FORCE
FORCE:

# What was built with -Werror is good without it too.
$(B)/flags: export COMPILE_LINE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)
$(B)/flags: FORCE
	@$(PKG_CONFIG) --exists --print-errors $(BUILD_PKGS) || { \
		echo "cannot build: libraries are missing;" \
			"run: sudo tools/install-deps.sh build" >&2; exit 1; }
	@mkdir -p $(@D)
	@printf '%s\n' "$$COMPILE_LINE" | cmp -s - $@ || \
		printf '%s -Werror\n' "$$COMPILE_LINE" | cmp -s - $@ || \
		printf '%s\n' "$$COMPILE_LINE" > $@

$(call objects,$(PLUGIN_SRC)): ALL_CPPFLAGS += $(DOVECOT_CPPFLAGS)
$(call objects,$(PLUGIN_SRC)): ALL_CFLAGS += $(DOVECOT_CFLAGS)

$(B)/%.o: %.c $(B)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The archive is made anew, so that a removed source leaves no member behind.
define archive
$(call say,AR)
@mkdir -p $(@D)
@rm -f $@
$(Q)$(AR) rcsD $@ $^
endef

$(CORE_LIB): $(call objects,$(CORE_SRC))
	$(archive)
$(B)/policyd.a: $(call objects,$(POLICYD_SRC))
	$(archive)
$(B)/milter.a: $(call objects,$(MILTER_SRC))
	$(archive)
$(B)/keeper.a: $(call objects,$(KEEPER_SRC))
	$(archive)
$(B)/ctl.a: $(call objects,$(CTL_SRC))
	$(archive)

$(B)/dovecot-plugin.a: $(call objects,$(PLUGIN_COMMON_SRC))
	$(archive)

define link
$(call say,LINK)
@mkdir -p $(@D)
$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LINK_LIBS) $(CORE_LIBS) $(LDLIBS)
endef

# What is left undefined is found in the process that loads the module.
define module_rule
$(B)/dovecot/$(1): $(call objects,$(wildcard \
		dovecot-plugin/$(MODULE_$(1))/*.c)) $(PLUGIN_LIB) $(CORE_LIB)
	$$(call say,LINK)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -shared $$(ALL_LDFLAGS) -Wl,--exclude-libs,ALL -o $$@ $$^ \
		$$(CORE_LIBS) $$(LDLIBS)
endef
$(foreach n,$(MODULE_NAMES),$(eval $(call module_rule,$(n))))

$(B)/bin/postern-policyd: LINK_LIBS = $(POLICYD_LIBS)
$(B)/bin/postern-policyd: $(B)/policyd/main.o $(POLICYD_LIB) $(CORE_LIB)
	$(link)
$(B)/bin/postern-milter: LINK_LIBS = $(MILTER_LIBS)
$(B)/bin/postern-milter: $(B)/milter/main.o $(MILTER_LIB) $(CORE_LIB)
	$(link)
$(B)/bin/postern-keeper: $(B)/keeper/main.o $(KEEPER_LIB) $(CORE_LIB)
	$(link)
$(B)/bin/posternctl: LINK_LIBS = $(CTL_LIBS)
$(B)/bin/posternctl: $(B)/ctl/main.o $(CTL_LIB) $(CORE_LIB)
	$(link)

# ---- Test programs ----------------------------------------------------------

SUPPORT := $(call objects,$(SUPPORT_SRC))

.PHONY: need-test-libraries
need-test-libraries:
	@$(PKG_CONFIG) --exists --print-errors $(TEST_PKGS) || { \
		echo "cannot build the tests: libraries are missing;" \
			"run: sudo tools/install-deps.sh check" >&2; exit 1; }

$(SUPPORT) $(call objects,$(UNIT_SRC)): | need-test-libraries
$(UNIT): LINK_LIBS = $(TEST_LIBS)
$(UNIT_POLICYD): LINK_LIBS = $(TEST_LIBS) $(POLICYD_LIBS)
$(UNIT_MILTER): LINK_LIBS = $(TEST_LIBS) $(MILTER_LIBS)
$(UNIT_CTL): LINK_LIBS = $(TEST_LIBS) $(CTL_LIBS)
$(UNIT_CORE): $(B)/tests/unit/%: $(B)/tests/unit/%_test.o $(SUPPORT) \
		$(CORE_LIB)
	$(link)
$(UNIT_POLICYD): $(B)/tests/unit/%: $(B)/tests/unit/%_test.o $(SUPPORT) \
		$(POLICYD_LIB) $(CORE_LIB)
	$(link)
$(UNIT_MILTER): $(B)/tests/unit/%: $(B)/tests/unit/%_test.o $(SUPPORT) \
		$(MILTER_LIB) $(CORE_LIB)
	$(link)
$(UNIT_KEEPER): $(B)/tests/unit/%: $(B)/tests/unit/%_test.o $(SUPPORT) \
		$(KEEPER_LIB) $(CORE_LIB)
	$(link)
$(UNIT_CTL): $(B)/tests/unit/%: $(B)/tests/unit/%_test.o $(SUPPORT) \
		$(CTL_LIB) $(CORE_LIB)
	$(link)

$(UNIT_PLUGIN): $(B)/tests/unit/%: $(B)/tests/unit/%_test.o $(SUPPORT) \
		$(PLUGIN_LIB) $(CORE_LIB)
	$(link)

# One source serves twice: with libFuzzer it searches, with replay_main.c it
# replays the corpus, which needs no clang.
ifeq ($(FLAVOUR),fuzz)
$(FUZZ): LINK_LIBS = -fsanitize=fuzzer $(POLICYD_LIBS) $(CTL_LIBS)
$(FUZZ): $(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(POLICYD_LIB) $(CTL_LIB) \
		$(CORE_LIB)
	$(link)
else
$(FUZZ): LINK_LIBS = $(POLICYD_LIBS) $(CTL_LIBS)
$(FUZZ): $(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o \
		$(B)/tests/fuzz/replay_main.o $(POLICYD_LIB) $(CTL_LIB) \
		$(CORE_LIB)
	$(link)
endif

$(SYSTEM_TOOLS): %: %.o $(CORE_LIB)
	$(link)

# What is put under a program for LD_PRELOAD takes its libraries from there.
$(PRELOAD): %.so: %.o
	$(call say,LINK)
	$(Q)$(CC) -shared $(ALL_LDFLAGS) -o $@ $^ -ldl

.PHONY: system-tools
system-tools: all $(SYSTEM_TOOLS) $(PRELOAD)

define bench_rule
$(B)/tests/bench/$(1): LINK_LIBS = $(NEEDS_$(1))
$(B)/tests/bench/$(1): $(call objects,$(addprefix tests/bench/,$(BENCH_$(1)))) \
		$(CORE_LIB)
	$$(link)
endef
$(foreach n,$(BENCH_NAMES),$(eval $(call bench_rule,$(n))))

# ---- Man pages --------------------------------------------------------------

$(B)/tools/mktables: LINK_LIBS = $(CTL_LIBS)
$(B)/tools/mktables: $(call objects,$(MKTABLES_SRC)) $(CTL_LIB) $(CORE_LIB)
	$(link)

# The tables of keys, reasons, commands and columns are printed by the code that
# uses them, so a man page cannot tell anything else than the programs do.
TABLES := keys reasons commands columns
$(TABLES:%=$(B)/man/tables/%): $(B)/man/tables/%: $(MKTABLES)
	@mkdir -p $(@D)
	$(Q)$(MKTABLES) $* > $@.new
	@mv $@.new $@

$(B)/man/%: man/%.in $(TABLES:%=$(B)/man/tables/%)
	$(call say,MAN)
	@mkdir -p $(@D)
	$(Q)sed -e 's/@VERSION@/$(VERSION)/g' -e 's|@DATADIR@|$(DATADIR)|g' \
		-e '/^@KEYS@$$/{' -e 'r $(B)/man/tables/keys' -e 'd' -e '}' \
		-e '/^@REASONS@$$/{' -e 'r $(B)/man/tables/reasons' -e 'd' -e '}' \
		-e '/^@COMMANDS@$$/{' -e 'r $(B)/man/tables/commands' -e 'd' -e '}' \
		-e '/^@COLUMNS@$$/{' -e 'r $(B)/man/tables/columns' -e 'd' -e '}' \
		$< > $@

# ---- Checks -----------------------------------------------------------------

# Root must not leave bytecode in a tree that belongs to somebody else.
export PYTHONDONTWRITEBYTECODE := 1
RUN_CHECKS = LINT_STEPS="$(LINT)" $(PYTHON) tools/run-checks.py

# After sudo, what was built belongs again to the person who called it.
GIVE_BACK = [ -z "$$SUDO_UID" ] || [ ! -d build ] || \
	chown -R "$$SUDO_UID:$$SUDO_GID" build

.PHONY: check
check: ## Everything: install what the tests need, build, test, lint (as root)
	@tools/install-deps.sh check
	@status=0; $(RUN_CHECKS) all || status=$$?; $(GIVE_BACK); exit $$status

.PHONY: check-both
check-both: ## The same, and the other of Debian 12 and 13 (what CI runs)
	@tools/install-deps.sh check
	@status=0; $(RUN_CHECKS) both || status=$$?; $(GIVE_BACK); exit $$status

.PHONY: check-other-release
check-other-release: ## Unit and system tests on the other Debian release
	@$(RUN_CHECKS) other

.PHONY: check-package
check-package: ## Debian packages built, installed, used, removed in clean roots
	@status=0; $(RUN_CHECKS) package || status=$$?; $(GIVE_BACK); exit $$status

.PHONY: check-rpm
check-rpm: ## RPM packages built twice, and what is in them
	@status=0; $(RUN_CHECKS) rpm || status=$$?; $(GIVE_BACK); exit $$status

.PHONY: check-unit
check-unit: ## Unit tests of FLAVOUR
	@$(RUN_CHECKS) --flavour $(FLAVOUR) unit

.PHONY: check-clang
check-clang: ## Build with clang, and its unit tests
	@$(RUN_CHECKS) clang

.PHONY: check-asan
check-asan: ## Unit tests with AddressSanitizer and UBSan
	@$(RUN_CHECKS) asan

.PHONY: check-tsan
check-tsan: ## Unit tests with ThreadSanitizer
	@$(RUN_CHECKS) tsan

.PHONY: check-valgrind
check-valgrind: ## Unit tests under valgrind
	@$(RUN_CHECKS) valgrind

.PHONY: check-fuzz
check-fuzz: ## Replay the fuzz corpus with AddressSanitizer and UBSan
	@$(RUN_CHECKS) fuzz

.PHONY: check-system
check-system: ## System tests against a private Postfix (as root)
	@status=0; $(RUN_CHECKS) --flavour $(FLAVOUR) system || status=$$?; \
		$(GIVE_BACK); exit $$status

FUZZ_SECONDS ?= 60
.PHONY: $(FUZZ_NAMES:%=fuzz-%)
$(FUZZ_NAMES:%=fuzz-%): fuzz-%: ## Search with libFuzzer for FUZZ_SECONDS=60
	@$(MAKE) FLAVOUR=fuzz build/fuzz/tests/fuzz/fuzz_$*
	@$(PYTHON) tests/fuzz/seeds.py tests/fuzz/corpus/$* build/fuzz/corpus/$*
	build/fuzz/tests/fuzz/fuzz_$* -max_total_time=$(FUZZ_SECONDS) \
		-timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
		-artifact_prefix=build/fuzz/corpus/$*- \
		$(patsubst %,-dict=%,$(wildcard tests/fuzz/$*.dict)) \
		build/fuzz/corpus/$*

# ---- Lint -------------------------------------------------------------------

C_FILES := $(wildcard core/*/*.[ch] policyd/*.[ch] milter/*.[ch] keeper/*.[ch] \
	ctl/*.[ch] tools/*.[ch] \
	dovecot-plugin/*.[ch] dovecot-plugin/*/*.[ch] \
	tests/*/*.[ch] tests/*/*/*.[ch])
TIDY_SRC := $(CORE_SRC) \
	$(wildcard policyd/*.c milter/*.c keeper/*.c ctl/*.c tools/*.c) \
	$(PLUGIN_COMMON_SRC) \
	$(SUPPORT_SRC) $(UNIT_SRC) $(SYSTEM_TOOL_SRC) $(PRELOAD_SRC) \
	$(wildcard tests/fuzz/*.c) $(BENCH_SRC)
SHELL_FILES := $(wildcard tools/*.sh tests/*/*.sh packaging/deb/*.postinst \
	packaging/deb/*.prerm packaging/deb/*.postrm packaging/examples/*/*.sh) \
	.ci/run

LINT := format-check tidy cppcheck man-lint shellcheck lint-tree lint-deps \
	lint-docs

.PHONY: lint
lint: ## All of the lint steps below
	@$(RUN_CHECKS) lint

CLANG_FORMAT ?= $(firstword $(shell command -v clang-format-14) clang-format)
CLANG_TIDY ?= $(firstword $(shell command -v clang-tidy-14) clang-tidy)
CPPCHECK ?= cppcheck

.PHONY: format-check
format-check: ## Is every C file as clang-format 14 would write it?
	@tools/lint-version.sh $(CLANG_FORMAT) 14 \
		$(CLANG_FORMAT) --dry-run -Werror $(C_FILES) || { \
		echo "some files are not formatted; run: make format" >&2; exit 1; }

.PHONY: format
format: ## Write every C file as clang-format 14 does
	@tools/lint-version.sh $(CLANG_FORMAT) 14 $(CLANG_FORMAT) -i $(C_FILES)

TIDY_STAMPS := $(TIDY_SRC:%=$(B)/tidy/%.ok)

.PHONY: tidy tidy-files
tidy: ## clang-tidy with the checks of .clang-tidy
	@tools/lint-version.sh $(CLANG_TIDY) 14 \
		$(MAKE) --no-print-directory tidy-files
tidy-files: $(TIDY_STAMPS)

# A stamp for each file, so that only what changed is looked at again.
$(B)/tidy/%.ok: % .clang-tidy tests/.clang-tidy tools/analyzer.h $(B)/flags
	$(call say,TIDY,$<)
	@mkdir -p $(@D)
	@tools/lint-tidy.sh "$(CLANG_TIDY)" $< $(ALL_CPPFLAGS) -std=c11 \
		$(if $(filter-out core/base/err.c,$<),-include tools/analyzer.h)
	@$(CC) $(ALL_CPPFLAGS) -std=c11 -MM -MP -MT $@ -MF $@.d $<
	@touch $@

.PHONY: cppcheck
cppcheck: ## cppcheck over programs, tools and tests
	@mkdir -p $(B)/cppcheck
	@tools/lint-version.sh $(CPPCHECK) 2.10 \
		$(CPPCHECK) --quiet --std=c11 --library=posix \
		--inline-suppr -j 2 --enable=warning,performance,portability \
		--suppressions-list=tools/cppcheck.txt \
		--cppcheck-build-dir=$(B)/cppcheck --error-exitcode=1 \
		-I. -D_POSIX_C_SOURCE=200809L -DPOSTERN_VERSION=\"$(VERSION)\" \
		-DPOSTERN_SYSCONFDIR=\"$(SYSCONFDIR)\" \
		-DPOSTERN_DATADIR=\"$(DATADIR)\" $(TIDY_SRC)

.PHONY: man-lint
man-lint: $(MAN) ## mandoc finds nothing to say about the man pages
	@tools/lint-man.sh $(MAN)

.PHONY: shellcheck
shellcheck: ## shellcheck over the scripts
	$(Q)shellcheck $(SHELL_FILES)

.PHONY: lint-tree
lint-tree: ## Sizes, licence lines, banned functions, stray paths
	@$(PYTHON) tools/lint-tree.py

.PHONY: lint-deps
lint-deps: $(CORE_LIB) $(POLICYD_LIB) $(MILTER_LIB) $(KEEPER_LIB) $(CTL_LIB)
lint-deps: $(PLUGIN_LIB) ## Who includes whom; names
	@$(PYTHON) tools/lint-deps.py $(CORE_LIB:%=%=pt_) \
		$(POLICYD_LIB:%=%=pd_) $(MILTER_LIB:%=%=pm_) \
		$(KEEPER_LIB:%=%=pk_) $(CTL_LIB:%=%=pc_) \
		$(PLUGIN_LIB:%=%=dp_)

.PHONY: lint-docs
lint-docs: $(MKTABLES) ## Man pages and README against the tables of the code
	@$(PYTHON) tools/lint-docs.py $(MKTABLES)

.PHONY: coverage
coverage: ## Which lines do the unit tests reach? Report in build/coverage
	@tools/install-deps.sh coverage
	@$(RUN_CHECKS) --flavour coverage unit
	gcovr --root . --object-directory build/coverage --filter 'core/' \
		--filter 'policyd/' --filter 'milter/' --filter 'keeper/' \
		--filter 'ctl/' --print-summary --txt build/coverage/coverage.txt

# ---- Show -------------------------------------------------------------------

.PHONY: bench
bench: all $(BENCH) ## Measure against null servers and a bare Dovecot
	@status=0; $(PYTHON) tests/bench/run.py $(B) || status=$$?; \
		$(PYTHON) tests/bench/run_dovecot.py $(B) || status=$$?; \
		$(PYTHON) tests/bench/run_milter.py $(B) || status=$$?; \
		$(PYTHON) tests/bench/run_load.py $(B) || status=$$?; \
		$(PYTHON) tests/bench/run_sweep.py $(B) || status=$$?; \
		exit $$status

.PHONY: demo
demo: ## Show Postern at work in a private Postfix and Dovecot (as root)
	@tools/install-deps.sh demo
	@$(MAKE) --no-print-directory all
	@status=0; $(PYTHON) tests/system/demo.py $(B) || status=$$?; \
		$(GIVE_BACK); exit $$status

# ---- Install ----------------------------------------------------------------

UNITS := $(wildcard packaging/systemd/*.service packaging/systemd/*.path)
TEMPLATES := $(wildcard packaging/templates/*.txt)
EXAMPLES := $(filter-out %/plans %/monitor,$(wildcard packaging/examples/*))
PLANS := $(wildcard packaging/examples/plans/*.conf)
MONITOR := $(wildcard packaging/examples/monitor/*)
MONITOR_SCRIPTS := $(filter %.sh,$(MONITOR))
DOCS := $(wildcard docs/*.md)
SHARE_TO := $(DESTDIR)$(DATADIR)/postern
EXAMPLES_TO := $(SHARE_TO)/examples
DOCS_TO := $(DESTDIR)$(DOCDIR)
# Units of a package, which systemd passes over for those in /usr/local.
PASSED_OVER := $(if $(DESTDIR),,$(if $(filter /usr/local/%,$(UNITDIR)),\
	$(wildcard $(UNITS:packaging/systemd/%=/usr/lib/systemd/system/%))))

.PHONY: install
install: all ## Install below DESTDIR, PREFIX and SYSCONFDIR
	$(INSTALL) -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(SYSCONFDIR)/postern
	$(INSTALL) -m 755 $(PROGRAMS) $(DESTDIR)$(SBINDIR)
	[ -e $(DESTDIR)$(SYSCONFDIR)/postern/postern.conf ] || { \
		$(INSTALL) -m 644 packaging/examples/postern.conf \
			$(DESTDIR)$(SYSCONFDIR)/postern/postern.conf && \
		sed -i 's|/usr/share/|$(DATADIR)/|' \
			$(DESTDIR)$(SYSCONFDIR)/postern/postern.conf; }
	$(INSTALL) -d $(SHARE_TO)/templates $(EXAMPLES_TO)/plans \
		$(EXAMPLES_TO)/monitor $(DOCS_TO)/docs
	$(INSTALL) -m 644 $(TEMPLATES) $(SHARE_TO)/templates
	$(INSTALL) -m 644 $(EXAMPLES) $(EXAMPLES_TO)
	$(INSTALL) -m 644 $(PLANS) $(EXAMPLES_TO)/plans
	$(INSTALL) -m 644 $(filter-out $(MONITOR_SCRIPTS),$(MONITOR)) \
		$(EXAMPLES_TO)/monitor
	$(INSTALL) -m 755 $(MONITOR_SCRIPTS) $(EXAMPLES_TO)/monitor
	$(INSTALL) -m 644 README.md $(DOCS_TO)
	$(INSTALL) -m 644 $(DOCS) $(DOCS_TO)/docs
	@for module in $(MODULES:$(B)/dovecot/%=%); do \
		$(INSTALL) -D -m 644 $(B)/dovecot/$$module \
			$(DESTDIR)$(DOVECOT_MODULES)/$$module || exit 1; done
	@for unit in $(UNITS); do \
		$(INSTALL) -d $(DESTDIR)$(UNITDIR) && \
		sed 's|=/usr/sbin/|=$(SBINDIR)/|' $$unit \
			> $(DESTDIR)$(UNITDIR)/$${unit##*/} || exit 1; done
	$(INSTALL) -d $(DESTDIR)$(SYSUSERSDIR) $(DESTDIR)$(TMPFILESDIR)
	$(INSTALL) -m 644 packaging/sysusers/postern.conf $(DESTDIR)$(SYSUSERSDIR)
	$(INSTALL) -m 644 packaging/tmpfiles/postern.conf $(DESTDIR)$(TMPFILESDIR)
	@for page in $(MAN); do \
		section=$(DESTDIR)$(MANDIR)/man$${page##*.}; \
		$(INSTALL) -d $$section && \
		$(INSTALL) -m 644 $$page $$section || exit 1; done
	@[ -z "$(strip $(PASSED_OVER))" ] || echo "a package of Postern is installed," \
		"too, and systemd prefers the units in $(UNITDIR);" \
		"keep one of both: make uninstall, or remove the package" >&2

.PHONY: uninstall
uninstall: ## Remove what install put there; configuration and state stay
	rm -f $(PROGRAMS:$(B)/bin/%=$(DESTDIR)$(SBINDIR)/%)
	rm -f $(patsubst %,$(DESTDIR)$(UNITDIR)/%,$(notdir $(UNITS)))
	rm -f $(DESTDIR)$(SYSUSERSDIR)/postern.conf
	rm -f $(DESTDIR)$(TMPFILESDIR)/postern.conf
	rm -f $(MODULES:$(B)/dovecot/%=$(DESTDIR)$(DOVECOT_MODULES)/%)
	rm -f $(patsubst %,$(SHARE_TO)/templates/%,$(notdir $(TEMPLATES)))
	rm -f $(patsubst packaging/examples/%,$(EXAMPLES_TO)/%,\
		$(EXAMPLES) $(PLANS) $(MONITOR))
	rm -f $(patsubst %,$(DOCS_TO)/%,README.md $(DOCS))
	@for page in $(notdir $(MAN)); do \
		rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$$page; done
	@for folder in $(EXAMPLES_TO)/plans $(EXAMPLES_TO)/monitor \
		$(EXAMPLES_TO) $(SHARE_TO)/templates $(SHARE_TO) \
		$(DOCS_TO)/docs $(DOCS_TO); do \
		[ ! -d $$folder ] || \
			rmdir --ignore-fail-on-non-empty $$folder; done

# Out of such an archive there is no git, and the tree is archived as it stands.
DIST := build/postern-$(VERSION).tar.gz
.PHONY: dist
dist: ## The committed tree as a reproducible archive
	@mkdir -p build
	@if [ -e .git ]; then \
		git -c safe.directory='*' -c tar.tar.gz.command='gzip -9n' archive \
			--prefix=postern-$(VERSION)/ -o $(DIST) HEAD; \
	else \
		$(PYTHON) tools/source_tree.py $(DIST) postern-$(VERSION); \
	fi
	@echo $(DIST)

.PHONY: deb
deb: ## Debian packages for the release that this is, in build/deb
	@status=0; $(PYTHON) tools/build-deb.py || status=$$?; $(GIVE_BACK); \
		exit $$status

.PHONY: rpm
rpm: dist ## RPM packages for Fedora and EPEL, in build/rpm
	@tools/build-rpm.sh $(DIST) build/rpm

.PHONY: clean
clean: ## Remove build/
	rm -rf build

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z$$][^=]*:.*## / { name = $$1; \
		if (name ~ /^\$$/) name = "fuzz-NAME"; \
		printf "  %-15s %s\n", name, $$2 }' Makefile
	@echo "  fuzz targets:   $(FUZZ_NAMES)"
	@echo "  FLAVOUR=        release debug asan tsan clang coverage fuzz"

.DELETE_ON_ERROR:
.SECONDARY:

ALL_OBJ := $(call objects,$(CORE_SRC) $(POLICYD_SRC) $(MILTER_SRC) \
	$(KEEPER_SRC) $(CTL_SRC) \
	$(PLUGIN_COMMON_SRC) $(PLUGIN_SRC) \
	$(SUPPORT_SRC) $(UNIT_SRC) $(SYSTEM_TOOL_SRC) $(PRELOAD_SRC) \
	$(wildcard policyd/main.c milter/main.c keeper/main.c ctl/main.c \
	tools/*.c tests/fuzz/*.c) $(BENCH_SRC))
-include $(ALL_OBJ:.o=.d)
-include $(TIDY_STAMPS:=.d)
