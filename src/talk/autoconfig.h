/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TALK_AUTOCONFIG_H
#define TALK_AUTOCONFIG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Where mail programs look for it: at autoconfig.DOMAIN, then at DOMAIN. */
#define AUTOCONFIG_PATH	"/mail/config-v1.1.xml"
#define AUTOCONFIG_WELL_KNOWN "/.well-known/autoconfig" AUTOCONFIG_PATH

/* Is it one of these paths, with or without a query? */
bool	 autoconfig_path(const char *path);
/* The servers that a configuration names, in its order, at most 16: an array
   of {"type":"imap"|"pop3"|"smtp","host":lower-case name,"port":n,"tls":"none"
   |"starttls"|"implicit"}; a new reference. NULL when it is none, is broken,
   too long, has a document type, or names none. domain: what %EMAILDOMAIN%
   stands for. */
json_t	*autoconfig_servers(const void *body, size_t n, const char *domain);

#endif
