/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short words around jansson for the facts that probes emit. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Members of an object; a missing or differently typed member gives the
   default ("" / def / false / NULL). Strings are owned by the object. */
const char *json_str(const json_t *, const char *key);
int64_t	 json_int(const json_t *, const char *key, int64_t def);
double	 json_num(const json_t *, const char *key, double def);
bool	 json_flag(const json_t *, const char *key);
/* Set a member; new references are taken over. A string that is not valid
   UTF-8 is stored escaped (text_escape). */
void	 json_put(json_t *, const char *key, json_t *value);
void	 json_put_str(json_t *, const char *key, const char *);
void	 json_put_bytes(json_t *, const char *key, const void *, size_t);
void	 json_put_int(json_t *, const char *key, int64_t);
void	 json_put_num(json_t *, const char *key, double);
void	 json_put_flag(json_t *, const char *key, bool);
/* A new JSON string, escaped if it is not UTF-8. */
json_t	*json_text(const void *, size_t);
/* About how many bytes of memory a value takes, all in it included; NULL: 0. */
size_t	 json_weight(const json_t *);
/* {"cause":"refused","errno":"ECONNREFUSED","icmp":[t,c],"sender":"addr"}:
   members that do not apply are left out. */
struct net_error;
json_t	*json_net_error(const struct net_error *);
void	 json_net_error_parse(const json_t *, struct net_error *);

#endif
