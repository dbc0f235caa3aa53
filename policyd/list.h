/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/*
 * Doubly linked rings.  A link is either alone (it points to itself) or in
 * one ring; the head of a list is a link that belongs to no element.  An
 * element has its link as first member, so that a pointer to the one is a
 * pointer to the other; the owner of a further link is PD_LIST_OWNER().
 */
#ifndef PD_LIST_H
#define PD_LIST_H

#include <stddef.h>

struct pd_link {
	struct pd_link *next;
	struct pd_link *prev;
};

#define PD_LIST_OWNER(link, type, member) \
	((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void
pd_list_init(struct pd_link *link)
{
	link->next = link;
	link->prev = link;
}

static inline void
pd_list_remove(struct pd_link *link)
{
	link->next->prev = link->prev;
	link->prev->next = link->next;
	pd_list_init(link);
}

/* Takes the link out of where it is and puts it at the end of the list. */
static inline void
pd_list_move(struct pd_link *link, struct pd_link *head)
{
	link->next->prev = link->prev;
	link->prev->next = link->next;
	link->prev = head->prev;
	link->next = head;
	head->prev->next = link;
	head->prev = link;
}

/* NULL if the list is empty. */
static inline struct pd_link *
pd_list_first(struct pd_link *head)
{
	return head->next == head ? NULL : head->next;
}

#endif
