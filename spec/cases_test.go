package spec

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestPublicReports is what people reported of their domains, as files in testdata/cases: what the file is told, errors or warnings.
func TestPublicReports(t *testing.T) {
	const guard = `2:1: domain.advanced_options.rest.action.multi.allow_explicit_index: ` + guardRail
	cases := map[string][]string{
		"adopt-by-hand": {
			"9:21: domain.encrypt_at_rest.enabled: false leaves disks and snapshots unencrypted",
			"10:29: domain.node_to_node_encryption.enabled: false leaves the traffic between nodes unencrypted",
			"11:29: domain.domain_endpoint_options.enforce_https: false lets metrics and credentials travel in plain HTTP",
			`11:51: domain.domain_endpoint_options.tls_security_policy: "Policy-Min-TLS-1-0-2019-07" has no effect without enforce_https: true; leave it out`,
		},
		"cognito-on":      {guard},
		"cognito-removed": nil,
		"endpoint-uppercase": {
			`9:3: custom_endpoint.name: "Metrics.Example.com" has upper case, which AWS turns into lower; write "metrics.example.com"`},
		"http-backend-without-lock": {"8:3: backend.http: nothing keeps two runs apart, and a state that two of them write is lost; " +
			"add lock_address, and unlock_address where it is another one"},
		"logs-on":          nil,
		"logs-one-removed": nil,
		"saml-on": {"15:3: access.leave_to_fine_grained_access_control: every request from the internet reaches the domain's own " +
			"sign-in; passwords alone keep it shut"},
		"saml-removed": {"12:3: access.leave_to_fine_grained_access_control: every request from the internet reaches the domain's own " +
			"sign-in; passwords alone keep it shut"},
		"tag-case": {`13:3: default_tags.environment: is the same key as "Environment" but for case, by which IAM tells no keys apart; ` +
			`leave one out`},
		"tag-characters": {`12:3: default_tags.team: "Search & Ranking (ML), #3" has characters that IAM and KMS refuse: & ( ) , #; ` +
			`use letters, digits, spaces and _ . : / = + - @`},
		"tls-1-0": {`7:29: domain.domain_endpoint_options.tls_security_policy: "Policy-Min-TLS-1-0-2019-07" lets clients speak TLS 1.0 ` +
			`and 1.1, which AWS ended on 2026-04-20; use "Policy-Min-TLS-1-2-PFS-2023-10"`},
		"upgrade-and-type-1": nil,
		"upgrade-and-type-2": nil,
	}
	paths, err := filepath.Glob("testdata/cases/*.yaml")
	if err != nil || len(paths) != len(cases) {
		t.Errorf("want %d files, got %d, %v", len(cases), len(paths), err)
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "cases", name+".yaml")
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, told, err := Parse(path, content, today)
			told = append(told, problemsOf(t, err)...)
			var got []string
			for _, problem := range told {
				line := strings.TrimPrefix(problem.Error(), path+":")
				// The old name of a key has a warning of its own, and so has what everybody is told who lets readers in.
				if !strings.Contains(line, "is called") {
					got = append(got, line)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhatThereIsOnce: each entry of the table is told of two files that make the same, once, and of no others.
func TestWhatThereIsOnce(t *testing.T) {
	inVPC := func(name string) string {
		return edit(minimal, "ai-metrics", name) +
			"network: {subnet_ids: [subnet-0a], ingress: {cidr_blocks: [10.0.0.0/16]}, service_linked_role: true}\n"
	}
	withPools := func(name, pools, region string) string {
		return edit(edit(minimal, "ai-metrics", name), "eu-central-1", region) + "sign_in: {cognito: {user_pool_domain: " + pools + "}}\n"
	}
	withName := func(name, endpoint, rest string) string {
		return edit(minimal, "ai-metrics", name) + "custom_endpoint: {name: " + endpoint + ", " + rest + "}\n"
	}
	const (
		zone        = "zone_id: Z1"
		certificate = `certificate_arn: "arn:aws:acm:eu-central-1:111122223333:certificate/1"`
	)
	roles := func(more string) string { return minimalRoles + more }
	const provider = "  oidc_provider_arn: arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\n"
	told := map[string]bool{}
	for _, test := range []struct{ name, one, other, want string }{
		{"a domain", minimal, minimal, `3:3: domain.domain_name: "ai-metrics" in eu-central-1 is what DIR/a.yaml has as well, and an account has a ` +
			`name once in a region; choose another one, unless they are of two accounts`},
		{"a domain of another region", minimal, edit(minimal, "eu-central-1", "eu-west-1"), ""},
		{"a domain of a file that is faulty elsewhere", minimal, minimal + "colour: red\n", "7:1: colour: is not a key here; the keys are " +
			strings.Join(sectionKeys(), ", ")},
		{"the name of a sign-in page", withPools("abc", "pools", "eu-central-1"), withPools("xyz", "pools", "eu-central-1"),
			`7:21: sign_in.cognito.user_pool_domain: "pools" in eu-central-1 is what DIR/a.yaml has as well, and a region has the name of a ` +
				`sign-in page once, for all accounts; choose another one`},
		{"another name of a sign-in page", withPools("abc", "pools", "eu-central-1"), withPools("xyz", "pool", "eu-central-1"), ""},
		{"a sign-in page of another region", withPools("abc", "pools", "eu-central-1"), withPools("xyz", "pools", "eu-west-1"), ""},
		{"a record", withName("abc", "a.example.com", zone), withName("xyz", "a.example.com", zone),
			`7:19: custom_endpoint.name: "a.example.com" in Z1 is what DIR/a.yaml has as well, and a zone has a CNAME record of a name once; ` +
				`choose another name`},
		{"a record of another name", withName("abc", "a.example.com", zone), withName("xyz", "b.example.com", zone), ""},
		{"a record of another zone", withName("abc", "a.example.com", zone), withName("xyz", "a.example.com", "zone_id: Z2"), ""},
		{"a name without a record", withName("abc", "a.example.com", certificate), withName("xyz", "a.example.com", certificate), ""},
		{"a service-linked role", inVPC("abc"), inVPC("xyz"),
			"7:75: network.service_linked_role: true makes the role that DIR/a.yaml makes as well, and an account has it once; leave it out here, " +
				"unless they are of two accounts"},
		{"the names of roles", roles(provider), roles(provider), `2:1: github.name_prefix: "ai-metrics" begins the names of the roles of DIR/a.yaml ` +
			"as well, and an account has a name once; choose another one, unless they are of two accounts"},
		{"other names of roles", roles(provider), roles("  name_prefix: other\n" + provider), ""},
		{"an identity provider", roles(""), roles("  name_prefix: other\n"), "2:1: github.oidc_provider_arn: a new provider is what DIR/a.yaml " +
			"makes as well, and an account has it once; name that one here, unless they are of two accounts"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := folderOf(t, map[string]string{"a.yaml": test.one, "b.yaml": test.other, "dev.yaml": edit(minimal, "ai-metrics", "dev")})
			files, err := Load(folder, today)
			got := errorsOf(t, err, folder)
			for _, file := range files {
				for _, warning := range file.Warnings {
					if slices.ContainsFunc(once, func(thing onceOnly) bool { return thing.path == warning.Path }) {
						got = append(got, strings.ReplaceAll(warning.Error(), folder, "DIR"))
					}
				}
			}
			var want []string
			if test.want != "" {
				want = []string{"DIR/b.yaml:" + test.want}
				told[strings.Split(test.want, ": ")[1]] = true
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
	for _, thing := range once {
		if !told[thing.path] {
			t.Errorf("want a case of %s, got none", thing.path)
		}
	}
}
