/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

#include "dovecot-plugin/mail/hold.h"

#include "dovecot-plugin/mail/session.h"

static void
subtract(uint32_t *from, uint32_t n)
{
	*from = *from > n ? *from - n : 0;
}

/* Has the index not changed since it was counted? */
static bool
is_counted(const struct dp_hold *hold)
{
	const struct mail_index_map *map = hold->view->map;

	/* A map that Dovecot has changed for the view alone has no position. */
	return hold->counted_map == map && map->hdr.log_file_seq != 0 &&
	       hold->counted_seq == map->hdr.log_file_seq &&
	       hold->counted_offset == map->hdr.log_file_head_offset &&
	       hold->counted_limit == hold->limit;
}

static void
remember(struct dp_hold *hold)
{
	const struct mail_index_map *map = hold->view->map;

	hold->counted_map = map;
	hold->counted_seq = map->hdr.log_file_seq;
	hold->counted_offset = map->hdr.log_file_head_offset;
	hold->counted_limit = hold->limit;
	hold->modseq = 0;
}

/* The header as it would be without what is hidden. */
static void
make_header(struct dp_hold *hold)
{
	struct mail_index_map *map = hold->view->map;
	struct mail_index_header *header = &hold->header;
	uint32_t seq, seen = 0, deleted = 0;

	for (seq = hold->visible + 1; seq <= map->hdr.messages_count; seq++) {
		const struct mail_index_record *rec =
		    MAIL_INDEX_REC_AT_SEQ(map, seq);

		if ((rec->flags & MAIL_SEEN) != 0)
			seen++;
		if ((rec->flags & MAIL_DELETED) != 0)
			deleted++;
	}
	*header = map->hdr;
	header->messages_count = hold->visible;
	header->next_uid = hold->limit;
	subtract(&header->seen_messages_count, seen);
	subtract(&header->deleted_messages_count, deleted);
	if (header->seen_messages_count > hold->visible)
		header->seen_messages_count = hold->visible;
	if (header->first_recent_uid > header->next_uid)
		header->first_recent_uid = header->next_uid;
	if (header->first_unseen_uid_lowwater > header->next_uid)
		header->first_unseen_uid_lowwater = header->next_uid;
	if (header->first_deleted_uid_lowwater > header->next_uid)
		header->first_deleted_uid_lowwater = header->next_uid;
}

static void
count(struct dp_hold *hold)
{
	const struct mail_index_header *raw = &hold->view->map->hdr;
	uint32_t first, last;

	remember(hold);
	hold->capped = hold->limit < raw->next_uid;
	hold->visible = raw->messages_count;
	if (hold->capped) {
		mail_index_map_lookup_seq_range(
		    hold->view->map, hold->limit, UINT32_MAX, &first, &last);
		if (first != 0)
			hold->visible = first - 1;
		make_header(hold);
	}
	hold->hidden = raw->messages_count - hold->visible;
	if (hold->synced)
		dp_session_shown(hold->session, raw->uid_validity,
		    hold->capped ? hold->limit : raw->next_uid);
}

bool
dp_hold_count(struct dp_hold *hold)
{
	hold->stale = FALSE;
	if (!is_counted(hold))
		count(hold);
	if (!hold->capped)
		dp_hold_view_install(hold, FALSE);
	return hold->capped;
}
