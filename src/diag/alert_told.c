/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The small things that an alert tells besides names and addresses: its time,
 * the family, the port of a plugin's command, a host without a dot.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "diag/alert_parts.h"

char *
alert_sub_line(const char *text)
{
	static const char *const marks[] = { "\\_[CRITICAL]", "\\_ [CRITICAL]",
		"\\_[WARNING]", "\\_ [WARNING]" };

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		const char *hit = strstr(text, marks[i]);

		if (hit != NULL)
			return xstrndup(hit + 2, strcspn(hit, "\n") - 2);
	}
	return NULL;
}

unsigned
alert_command_port(const char *text)
{
	static const char *const words[] = { " -p ", "--port=", "--port " };
	char *end;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const char *at = strstr(text, words[i]);
		unsigned long port;

		if (at == NULL)
			continue;
		port = strtoul(at + strlen(words[i]), &end, 10);
		if (port > 0 && port <= 65535 && (*end == ' ' ||
		    *end == '\n' || *end == '\0'))
			return (unsigned)port;
	}
	return 0;
}

int
alert_family(const char *text)
{
	static const struct { const char *word; int family; } words[] = {
		{ "ip_protocol 6", 6 }, { "ip_protocol 4", 4 },
		{ "type=AAAA", 6 }, { "/AAAA", 6 }, { " -6", 6 }, { " -4", 4 },
		{ "IPv6", 6 }, { "HTTP6", 6 }, { "_v6", 6 }, { "-v6", 6 },
		{ " v6", 6 }, { "IPv4", 4 }, { "-v4", 4 }, { "_v4", 4 },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (text_casefind(text, strlen(text), words[i].word) != NULL)
			return words[i].family;
	return 0;
}

/* In a shape 0 is any digit, _ any letter. */
static bool
shaped(const char *s, const char *shape)
{
	for (; *shape != '\0'; s++, shape++)
		if (*shape == '0' ? !(*s >= '0' && *s <= '9') :
		    *shape == '_' ? !((*s | 32) >= 'a' && (*s | 32) <= 'z') :
		    *s != *shape)
			return false;
	return true;
}

static bool
visible(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return true;
}

char *
alert_when(const char *text)
{
	static const struct { const char *shape; size_t skip, len; } shapes[] = {
		{ "[0000000000]", 1, 10 },
		{ "0000-00-00T00:00:00", 0, 19 },
		{ "0000-00-00 00:00:00", 0, 19 },
		{ "0000.00.00 00:00:00", 0, 19 },
		{ "0000/00/00 00:00:00", 0, 19 },
		{ "00-___-0000 00:00:00", 0, 20 },
		{ "00:00:00 on 0000.00.00", 0, 22 },
		{ "___ 00 00:00:00", 0, 15 },
		{ "___  0 00:00:00", 0, 15 },
	};

	for (; *text != '\0'; text++)
		for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
			if (shaped(text, shapes[i].shape) &&
			    visible(text, shapes[i].skip + shapes[i].len))
				return xstrndup(text + shapes[i].skip,
				    shapes[i].len);
	return NULL;
}

char *
alert_short_host(const char *text)
{
	static const char *const before[] = { "SERVICE ALERT: ",
		"HOST ALERT: ", "SERVICE NOTIFICATION: ", "\nHost: ",
		"is down on ", "host_name: ", "host: ", "instance: ",
		"instance=\"", "-H " };

	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
		const char *at = text_casefind(text, strlen(text), before[i]);
		size_t n;

		if (at == NULL)
			continue;
		at += strlen(before[i]);
		n = strcspn(at, ";,\" \t\n");
		if (n > 0 && n < 64 && visible(at, n))
			return xstrndup(at, n);
	}
	return NULL;
}
