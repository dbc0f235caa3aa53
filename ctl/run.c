/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "ctl/run.h"

#include "core/base/clock.h"
#include "ctl/args.h"
#include "ctl/call.h"
#include "ctl/help.h"
#include "ctl/privilege.h"

static int
report(FILE *errors, const struct pt_err *err)
{
	fprintf(errors, "posternctl: %s\n", err->text);
	return pt_err_exit_code(err->kind);
}

/* Help and version need neither configuration nor state. */
static bool
answer_help(const struct pc_call *call, FILE *out)
{
	if (call->version)
		fprintf(out, "posternctl %s\n", POSTERN_VERSION);
	else if (!call->help)
		return false;
	else if (call->command != NULL)
		pc_help_command(out, call->command);
	else
		pc_help_overview(out, call->group);
	return true;
}

static int
prepare(struct pc_call *call, FILE *out, struct pt_err *err)
{
	enum pt_store_mode mode = PT_STORE_READ;

	call->now = pt_clock_now();
	pc_privilege_who(call->who, sizeof(call->who));
	if (pt_config_load(call->config_file, &call->config, err) != 0)
		return -1;
	call->out = pc_output_new(out, call->format, call->now);
	if (call->out == NULL)
		return pt_err_set(
		    err, PT_ERR_UNAVAILABLE, "cannot start: out of memory");
	if (call->command->state == PC_STATE_NONE)
		return 0;
	if (call->command->state == PC_STATE_WRITE)
		mode = PT_STORE_WRITE;
	return pc_call_open_store(call, mode, err);
}

static int
exit_code(
    const struct pc_call *call, enum pc_answer answer, const struct pt_err *err)
{
	if (answer == PC_FAILED)
		return report(call->errors, err);
	if (answer == PC_NO && err->text[0] != '\0')
		(void)report(call->errors, err);
	if (answer == PC_YES && call->skipped > 0)
		return pt_err_exit_code(PT_ERR_DAMAGED);
	return (int)answer;
}

int
pc_run(int argc, char **argv, FILE *out, FILE *errors)
{
	struct pc_call call = {
	    .config_file = PT_CONFIG_FILE, .stream = out, .errors = errors};
	enum pc_answer answer = PC_FAILED;
	struct pt_err err = {PT_ERR_NONE, ""};
	int code;

	if (pc_args_parse(argc, argv, &call, &err) != 0) {
		code = report(errors, &err);
		if (call.command != NULL)
			pc_help_usage(errors, call.command);
		else if (call.group != NULL)
			fprintf(errors,
			    "posternctl %s --help lists the commands\n",
			    call.group);
		else
			fputs("posternctl --help lists the commands\n", errors);
		return code;
	}
	if (answer_help(&call, out))
		return 0;
	if (prepare(&call, out, &err) == 0)
		answer = call.command->run(&call, &err);
	pt_store_close(call.store);
	pc_output_free(call.out);
	pt_config_free(call.config);
	return exit_code(&call, answer, &err);
}
