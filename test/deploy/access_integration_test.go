//go:build integration

package deploy

import (
	"slices"
	"strings"
	"testing"
)

// Each way to say who gets in follows another on the same domain: AWS has what the file says, and nothing is left to do.
func TestWhoGetsIn(t *testing.T) {
	plugins := awsProvider(t)
	const (
		role, addresses, anybody = ":role/data-scientist", "203.0.113.0/24", `"AWS":"*"`

		named = `access: {readers: ["arn:aws:iam::123456789012` + role + `"]}` + "\n"
		inVPC = leavingUnprotected + "network: {subnet_ids: [SUBNET], ingress: {cidr_blocks: [10.0.0.0/8]}}\n"
	)

	t.Run("on the internet", func(t *testing.T) {
		access := deploy(t, plugins, "who", leavingBase+named)
		access.lets(t, role, addresses)

		access.to(t, leavingBase+"access: {open_to_addresses: ["+addresses+"]}\n")
		access.lets(t, addresses, role)

		access.to(t, leavingBase+"access: {leave_policy_as_it_is: true}\n")
		if calls := access.calls(t)[access.before:]; slices.Contains(calls, configCall) {
			t.Errorf("the policy is left to somebody else, and the domain was changed: %v", calls)
		}
		access.lets(t, addresses, role)

		access.to(t, leavingBase+named)
		access.lets(t, role, addresses)
	})

	t.Run("in a VPC", func(t *testing.T) {
		access := deploy(t, plugins, "vpc", inVPC+"access: {open_to_the_vpc: true}\n", func(l *leaving) { l.makeNetwork(t) })
		access.lets(t, anybody, role)
		access.to(t, access.byHand(inVPC+named))
		access.lets(t, role, `"Allow","Principal":{`+anybody)
	})
}

// lets holds the domain's policy to naming who gets in, and no more who did, or will.
func (l *leaving) lets(t *testing.T, who, not string) {
	t.Helper()
	policy := strings.Join(strings.Fields(l.domain(t).AccessPolicies), "")
	if !strings.Contains(policy, who) {
		t.Errorf("want %s in the policy\n%s", who, policy)
	}
	if strings.Contains(policy, not) {
		t.Errorf("want no %s in the policy\n%s", not, policy)
	}
}
