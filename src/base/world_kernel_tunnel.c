/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The link of a practice shell: a TUN device, or where there is none a pair
 * of virtual Ethernet devices without address resolution, whose other end is
 * a packet socket. Addresses and routes are set by netlink. Linux only.
 */
#if defined __linux__ && !defined _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "config.h"

#include "base/namespace.h"

#include <errno.h>
#ifdef TADORU_LINUX
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <string.h>
#include <unistd.h>

#define NEAR	"practice0"
#define FAR	"practice1"

/* A netlink request under construction. */
struct request {
	union {
		struct nlmsghdr	h;
		unsigned char	bytes[512];
	} u;
};

static void
begin(struct request *r, int type, int flags, const void *body, size_t len)
{
	memset(r, 0, sizeof *r);
	r->u.h.nlmsg_type = (uint16_t)type;
	r->u.h.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	r->u.h.nlmsg_len = (uint32_t)NLMSG_LENGTH(len);
	memcpy(NLMSG_DATA(&r->u.h), body, len);
}

/* Add an attribute; an empty one can be filled until nest_end. */
static struct rtattr *
attribute(struct request *r, int type, const void *data, size_t len)
{
	size_t		 at = NLMSG_ALIGN(r->u.h.nlmsg_len);
	struct rtattr	*a = (struct rtattr *)(void *)(r->u.bytes + at);

	a->rta_type = (uint16_t)type;
	a->rta_len = (uint16_t)RTA_LENGTH(len);
	if (len > 0)
		memcpy(RTA_DATA(a), data, len);
	r->u.h.nlmsg_len = (uint32_t)(at + RTA_ALIGN(a->rta_len));
	return (a);
}

static void
nest_end(struct request *r, struct rtattr *a)
{
	a->rta_len = (uint16_t)(r->u.bytes + r->u.h.nlmsg_len -
	    (unsigned char *)a);
}

/* Ask and wait for the answer of the kernel: 0, or -1 with errno. */
static int
perform(int nl, struct request *r)
{
	union {
		struct nlmsghdr	h;
		unsigned char	bytes[1024];
	} answer;
	const struct nlmsgerr	*e;
	ssize_t			 n;

	if (send(nl, r->u.bytes, r->u.h.nlmsg_len, 0) == -1)
		return (-1);
	n = recv(nl, answer.bytes, sizeof answer.bytes, 0);
	if (n < (ssize_t)NLMSG_LENGTH(sizeof *e) ||
	    answer.h.nlmsg_type != NLMSG_ERROR) {
		errno = EPROTO;
		return (-1);
	}
	e = (const struct nlmsgerr *)NLMSG_DATA(&answer.h);
	errno = -e->error;
	return (e->error == 0 ? 0 : -1);
}

static int
device_up(int nl, unsigned index, unsigned flags)
{
	struct ifinfomsg	m = { .ifi_family = AF_UNSPEC,
		.ifi_index = (int)index, .ifi_flags = IFF_UP | flags,
		.ifi_change = IFF_UP | flags };
	struct request		r;

	begin(&r, RTM_NEWLINK, 0, &m, sizeof m);
	return (perform(nl, &r));
}

static int
add_address(int nl, unsigned index, const struct addr *a)
{
	size_t			len = a->family == 4 ? 4 : 16;
	struct ifaddrmsg	m = {
		.ifa_family = a->family == 4 ? AF_INET : AF_INET6,
		.ifa_prefixlen = (unsigned char)(len * 8),
		.ifa_flags = a->family == 6 ? IFA_F_NODAD : 0,
		.ifa_scope = RT_SCOPE_UNIVERSE, .ifa_index = index };
	struct request		r;

	begin(&r, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &m, sizeof m);
	attribute(&r, IFA_LOCAL, a->b, len);
	attribute(&r, IFA_ADDRESS, a->b, len);
	return (perform(nl, &r));
}

static int
add_route(int nl, unsigned index, int family)
{
	struct rtmsg	m = { .rtm_family = family == 4 ? AF_INET : AF_INET6,
		.rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST };
	struct request	r;

	begin(&r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &m, sizeof m);
	attribute(&r, RTA_OIF, &index, sizeof index);
	return (perform(nl, &r));
}

static int
index_of(int fd, const char *name)
{
	struct ifreq	r;

	memset(&r, 0, sizeof r);
	memcpy(r.ifr_name, name, sizeof NEAR);
	return (ioctl(fd, SIOCGIFINDEX, &r) == -1 ? 0 : r.ifr_ifindex);
}

static int
configure(int nl, unsigned index, const struct addr *addrs, size_t n)
{
	bool	routed[2] = { false, false }, *done;
	size_t	i;

	if (device_up(nl, 1, 0) == -1 ||
	    device_up(nl, index, IFF_NOARP) == -1)
		return (-1);
	for (i = 0; i < n; i++) {
		done = &routed[addrs[i].family == 6];
		if (add_address(nl, index, &addrs[i]) == -1 ||
		    (!*done && add_route(nl, index, addrs[i].family) == -1))
			return (-1);
		*done = true;
	}
	return (0);
}

static int
open_tun(struct tunnel *t)
{
	struct ifreq	r;

	t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd == -1)
		return (-1);
	memset(&r, 0, sizeof r);
	memcpy(r.ifr_name, NEAR, sizeof NEAR);
	r.ifr_flags = IFF_TUN | IFF_NO_PI;
	if (ioctl(t->fd, TUNSETIFF, &r) == 0) {
		t->sums = true;
		return (0);
	}
	tunnel_close(t);
	return (-1);
}

static int
make_pair(int nl)
{
	struct ifinfomsg	m = { .ifi_family = AF_UNSPEC };
	struct rtattr		*info, *data, *peer;
	struct request		r;

	begin(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &m, sizeof m);
	attribute(&r, IFLA_IFNAME, NEAR, sizeof NEAR);
	info = attribute(&r, IFLA_LINKINFO, NULL, 0);
	attribute(&r, IFLA_INFO_KIND, "veth", 4);
	data = attribute(&r, IFLA_INFO_DATA, NULL, 0);
	peer = attribute(&r, VETH_INFO_PEER, &m, sizeof m);
	attribute(&r, IFLA_IFNAME, FAR, sizeof FAR);
	nest_end(&r, peer);
	nest_end(&r, data);
	nest_end(&r, info);
	return (perform(nl, &r));
}

/* What frames to the near end begin with. */
static int
frame_of(struct tunnel *t)
{
	struct ifreq	r;

	memset(&r, 0, sizeof r);
	memcpy(r.ifr_name, NEAR, sizeof NEAR);
	if (ioctl(t->fd, SIOCGIFHWADDR, &r) == -1)
		return (-1);
	memcpy(t->frame, r.ifr_hwaddr.sa_data, 6);
	t->frame[6] = 2;		/* locally administered */
	t->head = sizeof t->frame;
	return (0);
}

static int
open_pair(struct tunnel *t, int nl)
{
	struct sockaddr_ll	at = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };

	if (make_pair(nl) == -1)
		return (-1);
	at.sll_ifindex = index_of(nl, FAR);
	t->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    htons(ETH_P_ALL));
	if (t->fd == -1)
		return (-1);
	if (device_up(nl, (unsigned)at.sll_ifindex, IFF_NOARP) == 0 &&
	    bind(t->fd, (struct sockaddr *)(void *)&at, sizeof at) == 0 &&
	    frame_of(t) == 0)
		return (0);
	tunnel_close(t);
	return (-1);
}

int
tunnel_open(struct tunnel *t, const struct addr *addrs, size_t n,
    const char **what)
{
	int	nl, rc = -1, err;

	memset(t, 0, sizeof *t);
	t->fd = -1;
	*what = "netlink";
	nl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (nl == -1)
		return (-1);
	if (open_tun(t) == 0 || open_pair(t, nl) == 0) {
		rc = configure(nl, (unsigned)index_of(nl, NEAR), addrs, n);
	} else
		*what = access("/dev/net/tun", F_OK) == 0 ? "veth" :
		    "/dev/net/tun";
	err = errno;
	close(nl);
	if (rc == -1)
		tunnel_close(t);
	errno = err;
	return (rc);
}

ssize_t
tunnel_read(struct tunnel *t, void *out, size_t size)
{
	static unsigned char	frame[65536 + 14];
	ssize_t			n;

	n = read(t->fd, frame, sizeof frame);
	if (n == -1)
		return (errno == EAGAIN || errno == EINTR ||
		    errno == ENETDOWN ? 0 : -1);
	if ((size_t)n <= t->head || (size_t)n - t->head > size)
		return (0);
	memcpy(out, frame + t->head, (size_t)n - t->head);
	return (n - (ssize_t)t->head);
}

void
tunnel_write(struct tunnel *t, const void *packet, size_t len)
{
	unsigned char	frame[2048];

	if (len == 0 || t->head + len > sizeof frame)
		return;
	if (t->head > 0) {
		memcpy(frame, t->frame, t->head);
		frame[12] = *(const unsigned char *)packet >> 4 == 6 ? 0x86 :
		    0x08;
		frame[13] = frame[12] == 0x86 ? 0xdd : 0x00;
	}
	memcpy(frame + t->head, packet, len);
	if (write(t->fd, frame, t->head + len) == -1)
		return;			/* lost, as on any link */
}

void
tunnel_close(struct tunnel *t)
{
	if (t->fd != -1)
		close(t->fd);
	t->fd = -1;
}
#else
int
tunnel_open(struct tunnel *t, const struct addr *addrs, size_t n,
    const char **what)
{
	(void)addrs;
	(void)n;
	t->fd = -1;
	*what = "linux";
	errno = ENOSYS;
	return (-1);
}

ssize_t
tunnel_read(struct tunnel *t, void *out, size_t size)
{
	(void)t;
	(void)out;
	(void)size;
	errno = ENOSYS;
	return (-1);
}

void
tunnel_write(struct tunnel *t, const void *packet, size_t len)
{
	(void)t;
	(void)packet;
	(void)len;
}

void
tunnel_close(struct tunnel *t)
{
	(void)t;
}
#endif
