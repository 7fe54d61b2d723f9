/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network of this process's own, on Linux: namespaces, and one link of
 * which this process is the far end. Elsewhere every call fails with ENOSYS.
 */
#ifndef BASE_NAMESPACE_H
#define BASE_NAMESPACE_H

#include <sys/types.h>

#include "base/addr.h"

/* Put this process into a network and a mount namespace of its own, and its
   later children into a process namespace, with a user namespace around them
   if rights are missing: 0, or -1 with errno. Files mounted later are seen
   here only. */
int	 namespace_enter(void);
/* The setting of this host that forbids namespaces, as a word:
   "kernel.unprivileged_userns_clone", "user.max_user_namespaces",
   "user.max_net_namespaces", "kernel.apparmor_restrict_unprivileged_userns",
   "seccomp", "linux" (built without Linux parts), or NULL: none was seen.
   root: "" or a directory that stands for / (tests). */
const char *namespace_forbids(const char *root);
/* The child of a namespace_enter that is process 1 in there: it is killed as
   soon as its parent ends. alive: read end of a pipe whose other end only
   the parent holds. 0, or -1 if the parent has ended already. */
int	 namespace_die_with_parent(int alive);
/* Programs started from here may use raw sockets in their namespace: 0, -1. */
int	 namespace_keep_raw(void);

/* One end of a link. */
struct tunnel {
	int		 fd;		/* to wait on */
	bool		 sums;		/* checksums of what is read are done */
	size_t		 head;		/* of a frame, in front of the packet */
	unsigned char	 frame[14];
};

/* Make the link: its near end gets these addresses and the default routes of
   their families. 0, or -1 with errno and *what ("/dev/net/tun", "veth",
   "netlink"), which could not be had. */
int	 tunnel_open(struct tunnel *, const struct addr *, size_t n,
	     const char **what);
/* A packet that came in; 0: none now; -1 with errno: the link is gone. */
ssize_t	 tunnel_read(struct tunnel *, void *, size_t);
/* Send one; what the link does not take is lost. */
void	 tunnel_write(struct tunnel *, const void *, size_t);
void	 tunnel_close(struct tunnel *);

#endif
