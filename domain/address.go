package domain

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// hostOfAWS is the host of a domain at AWS, with its region: search-<name>-<id>.<region>.es.amazonaws.com, vpc-… in a VPC,
// .amazonaws.com.cn in China, and the dual-stack search-<name>-<id>.aos.<region>.on.aws.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html
var hostOfAWS = regexp.MustCompile(`(?i)\.(?:` +
	`([a-z]{2}(?:-[a-z]+)+-\d+)\.es\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov)|` +
	`aos\.([a-z]{2}(?:-[a-z]+)+-\d+)\.on\.(?:aws|amazonwebservices\.com\.cn))$`)

// regionOf is the region in the host of a domain at AWS, and whether the host is one.
func regionOf(host string) (region string, ok bool) {
	found := hostOfAWS.FindStringSubmatch(strings.TrimSuffix(host, "."))
	if found == nil {
		return "", false
	}
	return strings.ToLower(found[1] + found[2]), true
}

// isLoopback reports whether host, without a port, is this machine.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// parseAddress reads the address that flag was given: a URL, or a host, for which it is https://, and http:// on loopback.
func parseAddress(flag, given string) (*url.URL, error) {
	text := strings.TrimSpace(given)
	if text == "" {
		return nil, fmt.Errorf("%s is empty; write https:// and the domain's host", flag)
	}
	if !strings.Contains(text, "://") {
		scheme := "https://"
		if host, err := url.Parse(scheme + text); err == nil && isLoopback(host.Hostname()) {
			scheme = "http://"
		}
		text = scheme + text
	}
	address, err := url.Parse(text)
	switch {
	// What is no URL is not shown: it may hold a password all the same.
	case err != nil:
		return nil, fmt.Errorf("%s is no URL; write https:// and the domain's host", flag)
	case address.User != nil:
		return nil, fmt.Errorf("%s holds a user name or a password, which others on this machine would see; take it out and set "+
			"AIMETRICS_USERNAME and AIMETRICS_PASSWORD", flag)
	case address.Scheme != "https" && address.Scheme != "http":
		return nil, fmt.Errorf("%s %q: %s is no scheme of a domain; write https://", flag, given, address.Scheme)
	case address.Hostname() == "":
		return nil, fmt.Errorf("%s %q has no host; write https:// and the domain's host", flag, given)
	case address.RawQuery != "" || address.Fragment != "":
		return nil, fmt.Errorf("%s %q has something behind ? or #; leave it out", flag, given)
	}
	address.Path, address.RawPath = strings.TrimRight(address.Path, "/"), strings.TrimRight(address.RawPath, "/")
	address.Host = strings.ToLower(address.Host)
	return address, nil
}

// hostPort is what is dialled for an address.
func hostPort(address *url.URL) string {
	port := address.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[address.Scheme]
	}
	return net.JoinHostPort(address.Hostname(), port)
}

// checkConnectTo reports what is wrong with HOST:PORT of --connect-to.
func checkConnectTo(given string) error {
	host, port, err := net.SplitHostPort(given)
	if err != nil || host == "" || port == "" {
		return fmt.Errorf("--connect-to %q is no HOST:PORT; write where your port forward listens, such as localhost:9443", given)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("--connect-to %q: %s is no port; use 1 to 65535", given, port)
	}
	return nil
}
