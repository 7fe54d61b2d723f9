/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Is it well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms)? */
bool	 text_utf8_valid(const void *, size_t);
/* Add bytes from a peer so that nothing can act on a terminal: C0, DEL, C1,
   bidi controls and other invisible format characters (U+200B..200F,
   U+202A..202E, U+2060..206F, U+FEFF, line separators), invalid UTF-8 become
   visible escapes (\x1b, \u202e); backslash itself becomes \\. */
void	 text_escape(struct buf *, const void *, size_t);
/* The same as a new string; the caller frees. */
char	*text_escaped(const void *, size_t);
/* The same in double quotes, of a string, and no more than some 60 columns of
   it; the caller frees. */
char	*text_quoted(const char *);
/* Add a word as a shell takes it: quoted, unless nothing in it needs that;
   what could act on a terminal is escaped. */
void	 text_shell_word(struct buf *, const char *);
/* Terminal columns of a UTF-8 string; ambiguous is 1 or 2 (UAX #11). */
int	 text_width(const char *, int ambiguous);
/* Bytes of the longest prefix of s not wider than columns. */
size_t	 text_fit(const char *s, int columns, int ambiguous);
/* Break text into lines of at most columns, at spaces, between wide
   characters (not before closing Japanese punctuation); calls line for each. */
void	 text_wrap(const char *, int columns, int ambiguous,
	     void (*line)(void *, const char *, size_t), void *);
/* Base64 (RFC 4648, padded). Encoding: caller frees. Decoding: bytes into a
   new buffer, length by pointer, NULL if it is not base64. */
char	*text_base64(const void *, size_t);
unsigned char *text_unbase64(const char *, size_t *len);
/* Append n bytes as they may stand in a URL (RFC 3986 2.1): all but visible
   ASCII, and the bytes of also, become %XX. */
void	 text_percent(struct buf *, const char *, size_t n, const char *also);
/* What RFC 3986 allows nowhere in a URL, for text_percent. */
#define TEXT_NO_URL	"\"<>\\^`{|}"
/* Case-insensitive ASCII comparison, independent of the locale. */
int	 text_casecmp(const char *, const char *);
int	 text_ncasecmp(const char *, const char *, size_t);
/* Lower-case ASCII letters in place. */
void	 text_lower(char *);
/* Find needle in the n bytes of hay, ASCII case ignored; NULL if absent. */
const char *text_casefind(const char *hay, size_t n, const char *needle);
/* A decimal number in [min, max], nothing else: 0, or -1. */
int	 text_number(const char *, long min, long max, long *out);
/* Edit distance, bounded by max + 1 (for suggestions). */
int	 text_distance(const char *, const char *, int max);
/* Is the word a slip of the keys for what was meant? */
bool	 text_near(const char *word, const char *meant);

#endif
