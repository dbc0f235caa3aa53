# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
BENCH_null-server := null_server.c bench_address.c
BENCH_load := load_main.c load_options.c load_loop.c load_request.c \
	load_pick.c load_stats.c bench_loop.c bench_number.c bench_address.c \
	bench_histogram.c
BENCH_second-writer := second_writer.c load_pick.c bench_histogram.c
BENCH_record-size := record_size.c
BENCH_auth-state := auth_state.c auth_secret.c
BENCH_auth-load := auth_load.c auth_secret.c load_pick.c bench_histogram.c
BENCH_from-reader := from_reader.c
BENCH_process-cost := process_cost.c
BENCH_session-load := session_load.c auth_secret.c bench_address.c \
	bench_histogram.c
BENCH_milter-load := milter_load.c milter_loop.c milter_client.c \
	milter_stage.c milter_mail.c load_pick.c bench_loop.c bench_number.c \
	bench_address.c bench_histogram.c
BENCH_null-milter := null_milter.c
# What a program needs besides core and its libraries.
NEEDS_null-milter := $(MILTER_LIBS)
