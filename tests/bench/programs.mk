# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
BENCH_null-server := null_server.c bench_address.c
BENCH_load := load_main.c load_options.c load_loop.c load_request.c \
	load_pick.c load_stats.c bench_address.c bench_histogram.c
BENCH_second-writer := second_writer.c load_pick.c bench_histogram.c
BENCH_record-size := record_size.c
