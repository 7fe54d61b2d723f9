/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom to call: well-known operators by the suffix of a name server, mail host
 * or alias target. Names only; a match says who runs it, not who is at fault.
 */
#include <string.h>

#include "diag/summary.h"

static const struct {
	const char	*service, *suffix, *who;
} providers[] = {
	{ "dns", "awsdns", "Route 53" },	/* ns-1.awsdns-23.org */
	{ "dns", ".cloudflare.com", "Cloudflare" },
	{ "dns", ".googledomains.com", "Google Cloud DNS" },
	{ "dns", ".azure-dns.com", "Azure DNS" },
	{ "dns", ".azure-dns.net", "Azure DNS" },
	{ "dns", ".azure-dns.org", "Azure DNS" },
	{ "dns", ".azure-dns.info", "Azure DNS" },
	{ "dns", ".akam.net", "Akamai" },
	{ "dns", ".ultradns.net", "UltraDNS" },
	{ "dns", ".nsone.net", "NS1" },
	{ "dns", ".dnsimple.com", "DNSimple" },
	{ "dns", ".digitalocean.com", "DigitalOcean" },
	{ "dns", ".domaincontrol.com", "GoDaddy" },
	{ "dns", ".registrar-servers.com", "Namecheap" },
	{ "dns", ".gandi.net", "Gandi" },
	{ "dns", ".ovh.net", "OVHcloud" },
	{ "dns", ".hetzner.com", "Hetzner" },
	{ "dns", ".dns.ne.jp", "Sakura Internet" },
	{ "dns", ".xserver.jp", "Xserver" },
	{ "dns", ".lolipop.jp", "Lolipop!" },
	{ "dns", ".value-domain.com", "Value Domain" },
	{ "dns", ".onamae.com", "Onamae.com" },
	{ "dns", ".dnsv.jp", "GMO Internet" },
	{ "dns", ".iij.ad.jp", "IIJ" },
	{ "dns", ".ocn.ad.jp", "NTT Communications" },
	{ "mail-in", ".google.com", "Google" },
	{ "mail-in", ".googlemail.com", "Google" },
	{ "mail-in", ".protection.outlook.com", "Microsoft 365" },
	{ "mail-in", ".mx.microsoft", "Microsoft 365" },
	{ "mail-in", ".pphosted.com", "Proofpoint" },
	{ "mail-in", ".mimecast.com", "Mimecast" },
	{ "mail-in", ".messagelabs.com", "Broadcom" },
	{ "mail-in", ".barracudanetworks.com", "Barracuda" },
	{ "mail-in", ".iphmx.com", "Cisco" },
	{ "mail-in", ".zoho.com", "Zoho" },
	{ "mail-in", ".messagingengine.com", "Fastmail" },
	{ "mail-in", ".protonmail.ch", "Proton" },
	{ "mail-in", ".sakura.ne.jp", "Sakura Internet" },
	{ "mail-in", ".xserver.jp", "Xserver" },
	{ "mail-in", ".securemx.jp", "IIJ" },
	{ "web", ".cloudfront.net", "CloudFront" },
	{ "web", ".elb.amazonaws.com", "AWS" },
	{ "web", ".amazonaws.com", "AWS" },
	{ "web", ".cdn.cloudflare.net", "Cloudflare" },
	{ "web", ".akamaiedge.net", "Akamai" },
	{ "web", ".edgekey.net", "Akamai" },
	{ "web", ".fastly.net", "Fastly" },
	{ "web", ".azureedge.net", "Azure" },
	{ "web", ".azurewebsites.net", "Azure" },
	{ "web", ".trafficmanager.net", "Azure" },
	{ "web", ".github.io", "GitHub Pages" },
	{ "web", ".vercel-dns.com", "Vercel" },
	{ "web", ".netlify.app", "Netlify" },
	{ "web", ".shopify.com", "Shopify" },
	{ "web", ".wixdns.net", "Wix" },
};

static bool
matches(const char *name, const char *suffix)
{
	size_t n = strlen(name), k = strlen(suffix);

	if (*suffix != '.')
		return strstr(name, suffix) != NULL;
	return n > k && strcmp(name + n - k, suffix) == 0;
}

const char *
provider_of(const char *service, const char *name)
{
	for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++)
		if (strcmp(providers[i].service, service) == 0 &&
		    matches(name, providers[i].suffix))
			return providers[i].who;
	return NULL;
}
