//go:build integration

package deploy

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/test/tools"
)

// What leaves the file of a deployed stack is off: each section is deployed and taken out, after which AWS has it no longer and the next
// plan is empty. The calls that matter come in the order that AWS needs; the emulator refuses another one of those that it knows.
func TestWhatLeavesTheFileIsOff(t *testing.T) {
	plugins := awsProvider(t)

	t.Run("cognito, in two steps", func(t *testing.T) {
		leaving := deploy(t, plugins, "protected", leavingBase+cognitoSection)
		if !leaving.domain(t).CognitoOptions.Enabled {
			t.Fatal("nobody signs in with Cognito")
		}
		leaving.to(t, leavingBase+cognitoSection+"    enabled: false\n")
		leaving.off(t, "Cognito", leaving.domain(t).CognitoOptions.Enabled)
		leaving.to(t, leavingBase)
		leaving.called(t, "cognito-idp DeleteUserPoolDomain", "cognito-idp DeleteUserPool")
		leaving.called(t, "cognito-identity DeleteIdentityPool")
		leaving.called(t, "iam DeleteRolePolicy", "iam DeleteRole")
	})

	// As it comes where nothing protects the pool. The review refuses it.
	t.Run("cognito, in one step", func(t *testing.T) {
		leaving := deploy(t, plugins, "one-step", leavingUnprotected+cognitoSection)
		leaving.to(t, leavingUnprotected)
		for _, after := range []string{"cognito-idp DeleteUserPoolDomain", "cognito-idp DeleteUserPool", "cognito-identity DeleteIdentityPool",
			"iam DeleteRolePolicy", "iam DeleteRole"} {
			leaving.called(t, configCall, after)
		}
		leaving.off(t, "Cognito", leaving.domain(t).CognitoOptions.Enabled)
	})

	t.Run("saml", func(t *testing.T) {
		metadata, err := os.ReadFile(tools.Project(t, "testdata/environments/example-saml-metadata.xml"))
		if err != nil {
			t.Fatal(err)
		}
		leaving := deploy(t, plugins, "saml", leavingBase+browsers+fineGrained+samlSection, func(leaving *leaving) {
			tools.WriteFile(t, filepath.Join(filepath.Dir(leaving.file), "metadata.xml"), string(metadata))
		})
		if !leaving.domain(t).AdvancedSecurityOptions.SAMLOptions.Enabled {
			t.Fatal("nobody signs in with SAML")
		}
		leaving.to(t, leavingBase+browsers+fineGrained+samlSection+"    enabled: false\n")
		leaving.off(t, "SAML", leaving.domain(t).AdvancedSecurityOptions.SAMLOptions.Enabled)
		leaving.to(t, leavingBase+fineGrained)
		leaving.off(t, "SAML", leaving.domain(t).AdvancedSecurityOptions.SAMLOptions.Enabled)
	})

	t.Run("logs", func(t *testing.T) {
		leaving := deploy(t, plugins, "logs", leavingBase+"logs: {log_types: [INDEX_SLOW_LOGS, SEARCH_SLOW_LOGS]}\n")
		leaving.to(t, leavingBase+"logs: {log_types: [INDEX_SLOW_LOGS]}\n")
		leaving.called(t, configCall, "logs DeleteLogGroup")
		leaving.off(t, "SEARCH_SLOW_LOGS", leaving.domain(t).LogPublishingOptions["SEARCH_SLOW_LOGS"].Enabled)
		if !leaving.domain(t).LogPublishingOptions["INDEX_SLOW_LOGS"].Enabled {
			t.Error("INDEX_SLOW_LOGS, which stayed in the file, is off")
		}
		leaving.to(t, leavingBase)
		leaving.called(t, configCall, "logs DeleteLogGroup")
		leaving.called(t, configCall, "logs DeleteResourcePolicy")
		leaving.off(t, "INDEX_SLOW_LOGS", leaving.domain(t).LogPublishingOptions["INDEX_SLOW_LOGS"].Enabled)
	})

	t.Run("what needs no second step", func(t *testing.T) {
		var zone string
		leaving := deploy(t, plugins, "others", leavingBase+otherSections, func(leaving *leaving) {
			zone = leaving.aws.query(t, "eu-west-1", "route53", "Id",
				`<CreateHostedZoneRequest><Name>example.com</Name><CallerReference>leaving</CallerReference></CreateHostedZoneRequest>`)
			leaving.edit(t, "Z0123456789ABCDEFGHIJ", strings.TrimPrefix(zone, "/hostedzone/"))
		})
		leaving.to(t, leavingBase)
		leaving.called(t, configCall, "acm DeleteCertificate")
		domain := leaving.domain(t)
		leaving.off(t, "the custom endpoint", domain.DomainEndpointOptions.CustomEndpointEnabled)
		leaving.off(t, "access of its reader", strings.Contains(domain.AccessPolicies, "data-scientist"))
		leaving.off(t, "an alarm", len(leaving.aws.alarms(t, "eu-west-1", "leaving.")) > 0)
		for _, call := range []string{"sns DeleteTopic", "monitoring DeleteDashboards", "iam UntagPolicy"} {
			leaving.called(t, call)
		}
	})

	// AWS cannot take these away from a domain: Terraform would replace it, or delete what the domain lives by.
	t.Run("what AWS cannot take away", func(t *testing.T) {
		for _, test := range []struct {
			name  string
			lines []string
		}{
			{"sections", []string{"encryption: {customer_managed_key: true}\n", "network: {subnet_ids: [SUBNET]}\n", fineGrained}},
			{"arguments", []string{
				"  encrypt_at_rest: {kms_key_id: \"arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555\"}\n",
				"  vpc_options: {subnet_ids: [SUBNET], security_group_ids: [GROUP]}\n",
				"  advanced_security_options: {enabled: true, master_user_options: {master_user_arn: " +
					"\"arn:aws:iam::123456789012:role/administrator\"}}\n"}},
		} {
			leaving := deploy(t, plugins, test.name, leavingBase+strings.Join(test.lines, ""), func(leaving *leaving) {
				leaving.makeNetwork(t)
			})
			leaving.refuses(t, `elasticsearch_version: "7.10"`, `elasticsearch_version: "7.9"`)
			for _, line := range test.lines {
				leaving.refuses(t, leaving.byHand(line), "")
			}
		}
	})
}

const (
	leavingUnprotected = `region: eu-west-1
domain:
  domain_name: leaving
  elasticsearch_version: "7.10"
  cluster_config: {instance_type: m6g.large.elasticsearch}
  lifecycle: {prevent_destroy: false}
`
	cognitoSection = `sign_in:
  cognito:
    user_pool_domain: leaving-kibana
`
	fineGrained = `sign_in:
  fine_grained_access_control: {master_user_arn: "arn:aws:iam::123456789012:role/administrator"}
`
	browsers = `access: {leave_to_fine_grained_access_control: true}
`
	samlSection = `  saml:
    entity_id: https://idp.example.com/metadata
    metadata_file: metadata.xml
`
	otherSections = `default_tags: {team: ml}
access: {administrators: [account], readers: ["arn:aws:iam::123456789012:role/data-scientist"]}
custom_endpoint: {name: metrics.example.com, zone_id: Z0123456789ABCDEFGHIJ}
alarms: {email: [oncall@example.com]}
metrics: {retention_in_days: 30}
`
	// UpdateElasticsearchDomainConfig
	configCall = "es POST /2015-01-01/es/domain/leaving/config"
)

var leavingBase = strings.Replace(leavingUnprotected, "  lifecycle: {prevent_destroy: false}\n", "", 1)

// leaving is a deployment on an emulator of its own, whose calls are those of this stack alone.
type leaving struct {
	*deployment
	ending string            // endpoints
	before int               // calls before the last change
	names  *strings.Replacer // of what was made by hand, by what stands for it in a file
}

// deploy makes the stack of a file's content, once before has made what that needs.
func deploy(t *testing.T, plugins, name, content string, before ...func(*leaving)) *leaving {
	t.Helper()
	aws := startEmulator(t)
	made := leaving{deployment: deploymentOf(t, name+".yaml", content, aws, plugins)}
	made.ending = strings.TrimPrefix(made.content, content)
	for _, prepare := range before {
		prepare(&made)
	}
	made.create(t)
	return &made
}

// to applies another content, after which nothing is left to do.
func (l *leaving) to(t *testing.T, content string) {
	t.Helper()
	l.before = len(l.calls(t))
	l.content = content + l.ending
	l.must(t, 2, "plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=plan")
	l.must(t, 0, "apply", "-no-color", "-input=false", "plan")
	l.nothingToDo(t)
}

// calls is what changed something on the emulator.
func (l *leaving) calls(t *testing.T) []string {
	t.Helper()
	response, err := http.Get(string(l.aws) + "/emulator/calls")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(said), "\n")
}

// called holds the calls of the last change to an order.
func (l *leaving) called(t *testing.T, order ...string) {
	t.Helper()
	calls := l.calls(t)[l.before:]
	var got []string
	for _, call := range calls {
		if slices.Contains(order, call) && !slices.Contains(got, call) {
			got = append(got, call)
		}
	}
	if diff := cmp.Diff(order, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s\nof %s", diff, strings.Join(calls, "\n"))
	}
}

func (l *leaving) domain(t *testing.T) domain {
	t.Helper()
	return l.aws.domain(t, "eu-west-1", "leaving")
}

// refuses holds Terraform to refusing what a change of the file's would do to the domain, and takes the change back.
func (l *leaving) refuses(t *testing.T, old, new string) {
	t.Helper()
	content := l.content
	defer func() { l.content = content }()
	l.edit(t, old, new)
	output, code := l.terraform(t, "plan", "-no-color", "-input=false")
	if code != 1 || !strings.Contains(output, "Resource aws_elasticsearch_domain.domain has lifecycle.prevent_destroy set") {
		t.Errorf("with %q in the place of %q a plan exits with %d and says\n%s", new, old, code, output)
	}
}

// off complains of what is still on.
func (l *leaving) off(t *testing.T, what string, on bool) {
	t.Helper()
	if on {
		t.Errorf("%s is still on", what)
	}
}
