/* SPDX-License-Identifier: MIT */
/* Copyright (c) 2026 The Postern authors */

/* Names of character sets. */

#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/text.h"
#include "core/rules/charset.h"
#include "core/rules/field_text.h"

#define NAME_BYTES_MAX 32

/* As all programs know them, in lower case. */
static const struct {
	const char *name;
	enum pt_charset_kind kind;
} sets[] = {
    {"euc-jp", PT_CHARSET_EUC},
    {"eucjp", PT_CHARSET_EUC},
    {"euc-kr", PT_CHARSET_EUC},
    {"euckr", PT_CHARSET_EUC},
    {"ks_c_5601-1987", PT_CHARSET_EUC},
    {"cp949", PT_CHARSET_EUC},
    {"gb2312", PT_CHARSET_GBK},
    {"gbk", PT_CHARSET_GBK},
    {"cp936", PT_CHARSET_GBK},
    {"gb18030", PT_CHARSET_GBK},
    {"euc-cn", PT_CHARSET_GBK},
    {"shift_jis", PT_CHARSET_SJIS},
    {"shift-jis", PT_CHARSET_SJIS},
    {"sjis", PT_CHARSET_SJIS},
    {"cp932", PT_CHARSET_SJIS},
    {"big5", PT_CHARSET_BIG5},
    {"big5-hkscs", PT_CHARSET_BIG5},
    {"cp950", PT_CHARSET_BIG5},
    {"iso-2022-jp", PT_CHARSET_ISO2022J},
    {"iso-2022-jp-2", PT_CHARSET_ISO2022J},
    {"iso-2022-kr", PT_CHARSET_ISO2022},
};

/*
 * Sets in which ASCII is not in its place; and parts of other names of the sets
 * above, which some programs know, while others take the text for UTF-8.  To be
 * found in a name without its signs.
 */
static const char *const opaque[] = {"utf7", "u7", "utf16", "u16", "utf32",
    "u32", "ucs", "10646", "unicode", "ebcdic", "scsu", "bocu", "punycode",
    "idna", "hz", "2022", "jis", "kanji", "31j", "932", "943", "big5", "950",
    "gb", "936", "2312", "18030", "euc", "5601", "949", "johab"};

/* Code pages of IBM whose letters are not where ASCII has them (EBCDIC). */
static const char *const ebcdic_pages[] = {"37", "273", "277", "278", "280",
    "284", "285", "290", "297", "420", "424", "500", "838", "870", "871", "875",
    "880", "905", "918", "924", "930", "933", "935", "937", "939", "1025",
    "1026", "1047", "1097", "1112", "1122", "1123", "1130", "1132", "1137",
    "1140", "1141", "1142", "1143", "1144", "1145", "1146", "1147", "1148",
    "1149", "1364", "1371", "1388", "1390", "1399"};

/* name: "ibm037", "cp1140", "xibm1047", "037" */
static bool
is_ebcdic_page(const char *name)
{
	const char *digits = name + strcspn(name, "0123456789");
	size_t i;

	if (digits != name && strstr(name, "ibm") == NULL &&
	    strstr(name, "cp") == NULL)
		return false;
	digits += strspn(digits, "0");
	for (i = 0; i < PT_ARRAY_LEN(ebcdic_pages); i++) {
		if (strcmp(digits, ebcdic_pages[i]) == 0)
			return true;
	}
	return false;
}

static size_t
squeeze(const char *name, size_t len, char *out, size_t cap)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < len && n < cap; i++) {
		if (pt_field_text_is_alphanumeric(name[i]))
			out[n++] = name[i];
	}
	return n;
}

static bool
is_opaque(const char *name)
{
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(opaque); i++) {
		if (strstr(name, opaque[i]) != NULL)
			return true;
	}
	return is_ebcdic_page(name);
}

struct pt_charset
pt_charset_named(const char *name, size_t len)
{
	struct pt_charset charset = {.kind = PT_CHARSET_UTF8};
	char plain[NAME_BYTES_MAX + 1];
	size_t i;

	for (i = 0; i < PT_ARRAY_LEN(sets); i++) {
		if (strlen(sets[i].name) == len &&
		    strncasecmp(sets[i].name, name, len) == 0) {
			charset.kind = sets[i].kind;
			return charset;
		}
	}
	len = squeeze(name, len, plain, NAME_BYTES_MAX);
	plain[len] = '\0';
	pt_text_lower_ascii(plain, len);
	if (is_opaque(plain))
		charset.kind = PT_CHARSET_OPAQUE;
	return charset;
}
