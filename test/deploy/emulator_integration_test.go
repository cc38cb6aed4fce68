//go:build integration

package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/test/tools"
)

// The stacks of environments/ on an emulator of AWS, with the real Terraform and the real provider. It shows that what is
// synthesized has the provider's schema, that its parts find each other and come and go in an order that works, that a change
// changes what it should, and that nothing is left to change afterwards. What AWS itself would refuse it does not show.
//
// moto checks next to nothing of a domain's arguments, has no vpc_id and no zones for a domain in a VPC, sends no mail, and does
// not evaluate policies: those are not tested here. Nothing of the stacks had to be switched off for it.
func TestTerraformAppliesTheStacks(t *testing.T) {
	plugins := awsProvider(t)
	aws := startEmulator(t)

	// First, for it takes longest.
	t.Run("prod", func(t *testing.T) {
		t.Parallel()
		const region = "us-east-1"
		vpc := aws.query(t, region, "ec2", "vpcId", "Action=CreateVpc&CidrBlock=10.20.0.0/16")
		clients := aws.query(t, region, "ec2", "groupId",
			"Action=CreateSecurityGroup&GroupName=clients&GroupDescription=clients&VpcId="+vpc)
		zone := aws.query(t, region, "route53", "Id",
			`<CreateHostedZoneRequest><Name>example.com</Name><CallerReference>test</CallerReference></CreateHostedZoneRequest>`)

		prod := newDeployment(t, "environments/prod.yaml", aws, plugins)
		for i, zone := range []string{"a", "b", "c"} {
			subnet := aws.query(t, region, "ec2", "subnetId",
				fmt.Sprintf("Action=CreateSubnet&VpcId=%s&CidrBlock=10.20.%d.0/24&AvailabilityZone=%s%s", vpc, i, region, zone))
			prod.edit(t, fmt.Sprintf("subnet-0a1b2c3d4e5f6071%d", i+1), subnet)
		}
		prod.edit(t, "sg-0a1b2c3d4e5f60721", clients)
		prod.edit(t, "Z0123456789ABCDEFGHIJ", strings.TrimPrefix(zone, "/hostedzone/"))
		prod.create(t)

		const reader = "arn:aws:iam::111122223333:role/data-scientist"
		prod.edit(t, "volume_size: 200", "volume_size: 300")
		prod.edit(t, "domain_name: ai-metrics-prod", "domain_name: ai-metrics-prod\n  tags: {team: ml}")
		prod.edit(t, "    - arn:aws:iam::111122223333:role/ml-engineer", "    - arn:aws:iam::111122223333:role/ml-engineer\n    - "+reader)
		prod.update(t, map[string]string{
			"aws_elasticsearch_domain.domain":                "update",
			"aws_elasticsearch_domain_policy.access":         "update",
			"aws_cloudwatch_metric_alarm.free_storage_space": "update",
			"aws_cloudwatch_dashboard.dashboard":             "update",
		})
		prod.check(t, region, "ai-metrics-prod", reader, []string{"10.20.0.0/16", clients})

		deployed := prod.content
		for _, refused := range [][2]string{
			{`elasticsearch_version: "7.10"`, `elasticsearch_version: "7.9"`},
			{"sign_in:\n  fine_grained_access_control:\n    master_user_arn: arn:aws:iam::111122223333:role/metrics-administrator\n", ""},
		} {
			prod.edit(t, refused[0], refused[1])
			output, code := prod.terraform(t, "plan", "-no-color", "-input=false")
			if code != 1 || !strings.Contains(output, "Resource aws_elasticsearch_domain.domain has lifecycle.prevent_destroy set") {
				t.Errorf("with %q in the place of %q a plan exits with %d and says\n%s", refused[1], refused[0], code, output)
			}
			prod.content = deployed
		}
		prod.edit(t, `elasticsearch_version: "7.10"`, "lifecycle: {prevent_destroy: false}\n  elasticsearch_version: \"7.10\"")
		prod.destroy(t)
	})

	t.Run("dev", func(t *testing.T) {
		t.Parallel()
		dev := newDeployment(t, "environments/dev.yaml", aws, plugins)
		dev.create(t)

		dev.edit(t, "volume_size: 10", "volume_size: 20")
		dev.edit(t, "project: ai-metrics", "project: model-metrics")
		dev.edit(t, "\nendpoints:", "\naccess: {readers: [account], administrators: [account]}\nendpoints:")
		dev.update(t, map[string]string{
			"aws_elasticsearch_domain.domain":        "update",
			"aws_elasticsearch_domain_policy.access": "update",
			"aws_iam_policy.readers":                 "update",
			"aws_iam_policy.writers":                 "update",
		})
		dev.edit(t, `elasticsearch_version: "7.9"`, `elasticsearch_version: "7.10"`)
		dev.update(t, map[string]string{"aws_elasticsearch_domain.domain": "update"})

		domain := aws.domain(t, "us-east-1", "ai-metrics")
		if got := [2]any{domain.ElasticsearchVersion, domain.EBSOptions.VolumeSize}; got != [2]any{"7.10", 20} {
			t.Errorf("the domain has version and volume %v", got)
		}
		dev.destroy(t)
	})

	// Sign-in with pools that are made here, and a master user whose password is.
	t.Run("cognito", func(t *testing.T) {
		t.Parallel()
		const region = "eu-central-1"
		cognito := newDeployment(t, "testdata/environments/example-cognito.yaml", aws, plugins)
		vpc := aws.query(t, region, "ec2", "vpcId", "Action=CreateVpc&CidrBlock=10.30.0.0/16")
		for i, zone := range []string{"a", "b"} {
			aws.query(t, region, "ec2", "subnetId",
				fmt.Sprintf("Action=CreateSubnet&VpcId=%s&CidrBlock=10.30.%d.0/24&AvailabilityZone=%s%s&"+
					"TagSpecification.1.ResourceType=subnet&TagSpecification.1.Tag.1.Key=tier&TagSpecification.1.Tag.1.Value=private", vpc, i, region, zone))
		}
		cognito.edit(t, "vpc-0a1b2c3d4e5f60718", vpc)
		cognito.edit(t, "pl-0a1b2c3d4e5f60718",
			aws.query(t, region, "ec2", "prefixListId",
				"Action=CreateManagedPrefixList&PrefixListName=clients&MaxEntries=1&AddressFamily=IPv4"))
		cognito.edit(t, "    user_pool_domain: model-metrics",
			"    user_pool_domain: model-metrics\n  fine_grained_access_control: {master_user_name: administrator}")
		said := cognito.create(t)
		cognito.passwordIsSecret(t, region, said)
		cognito.destroy(t)
	})

	// Sign-in at an identity provider, with a secret, a certificate and a zone that exist.
	t.Run("saml", func(t *testing.T) {
		t.Parallel()
		const region = "eu-central-1"
		saml := newDeployment(t, "testdata/environments/example-saml.yaml", aws, plugins)
		metadata, err := os.ReadFile(tools.Project(t, "testdata/environments/example-saml-metadata.xml"))
		if err != nil {
			t.Fatal(err)
		}
		tools.WriteFile(t, filepath.Join(filepath.Dir(saml.file), "example-saml-metadata.xml"), string(metadata))
		vpc := aws.query(t, region, "ec2", "vpcId", "Action=CreateVpc&CidrBlock=10.40.0.0/16")
		saml.edit(t, "subnet-0a1b2c3d4e5f60711",
			aws.query(t, region, "ec2", "subnetId", "Action=CreateSubnet&CidrBlock=10.40.0.0/24&VpcId="+vpc))
		saml.edit(t, "sg-0a1b2c3d4e5f60721",
			aws.query(t, region, "ec2", "groupId", "Action=CreateSecurityGroup&GroupName=clients&GroupDescription=clients&VpcId="+vpc))
		saml.edit(t, "Z0123456789PRIVATE", strings.TrimPrefix(aws.query(t, region, "route53", "Id",
			`<CreateHostedZoneRequest><Name>example.com</Name><CallerReference>saml</CallerReference></CreateHostedZoneRequest>`), "/hostedzone/"))
		var secret struct{ ARN string }
		aws.call(t, region, "secretsmanager", "secretsmanager.CreateSecret", map[string]any{
			"Name": "metrics", "ClientRequestToken": "00000000-0000-0000-0000-000000000000", "SecretString": `{"password": "Passw0rd!"}`}, &secret)
		saml.edit(t, "arn:aws:secretsmanager:eu-central-1:111122223333:secret:metrics-AbCdEf", secret.ARN)
		var certificate struct{ CertificateArn string }
		aws.call(t, region, "acm", "CertificateManager.RequestCertificate",
			map[string]any{"DomainName": "metrics-saml.example.com"}, &certificate)
		saml.edit(t, "arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555", certificate.CertificateArn)
		saml.edit(t, "domain_name: metrics-saml", "domain_name: metrics-saml\n  lifecycle: {prevent_destroy: false}")
		saml.create(t)
		saml.edit(t, "session_timeout_minutes: 480", "session_timeout_minutes: 60")
		saml.update(t, map[string]string{"aws_elasticsearch_domain_saml_options.saml": "update"})
		saml.destroy(t)
	})

	// A domain that was made by hand is taken over as it is; what it lacked of its file it gets.
	t.Run("adopted", func(t *testing.T) {
		t.Parallel()
		aws.send(t, "us-east-1", "es", "POST", "/2015-01-01/es/domain", `{
			"DomainName": "made-by-hand", "ElasticsearchVersion": "7.9",
			"ElasticsearchClusterConfig": {"InstanceType": "t3.small.elasticsearch", "InstanceCount": 1, "DedicatedMasterEnabled": false, "ZoneAwarenessEnabled": false},
			"EBSOptions": {"EBSEnabled": true, "VolumeType": "gp3", "VolumeSize": 10},
			"EncryptionAtRestOptions": {"Enabled": true}, "NodeToNodeEncryptionOptions": {"Enabled": true},
			"DomainEndpointOptions": {"EnforceHTTPS": true, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10"},
			"AdvancedOptions": {"rest.action.multi.allow_explicit_index": "true"}}`, nil)
		adopted := newDeployment(t, "environments/dev.yaml", aws, plugins)
		adopted.edit(t, "domain_name: ai-metrics", "domain_name: made-by-hand")
		adopted.edit(t, "\nendpoints:", "\nadopt: made-by-hand\nendpoints:")
		adopted.start(t)
		adopted.update(t, map[string]string{
			"aws_elasticsearch_domain.domain":        "import,update", // of timeouts and tags
			"aws_elasticsearch_domain_policy.access": "create",
			"aws_iam_policy.readers":                 "create",
			"aws_iam_policy.writers":                 "create",
			"terraform_data.encryption_key":          "create",
		})
		adopted.edit(t, "\nadopt: made-by-hand", "")
		adopted.nothingToDo(t)
		adopted.destroy(t)
	})
}

// deployment is a stack in a project of its own, and its environment's file.
type deployment struct {
	aws           emulator
	plugins       string
	folder, stack string
	file, content string
	synthesized   string // content of the file when the stack was synthesized
}

// newDeployment is the environment of a file, with its state beside it and an emulator for AWS.
func newDeployment(t *testing.T, path string, aws emulator, plugins string) *deployment {
	t.Helper()
	content, err := os.ReadFile(tools.Project(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return deploymentOf(t, filepath.Base(path), string(content), aws, plugins)
}

// deploymentOf is newDeployment of a file of this name and content.
func deploymentOf(t *testing.T, file, content string, aws emulator, plugins string) *deployment {
	t.Helper()
	endpoints := "\nendpoints:\n"
	for _, field := range reflect.VisibleFields(reflect.TypeFor[spec.Endpoints]()) {
		service, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		endpoints += "  " + service + ": " + string(aws) + "\n"
	}
	folder := t.TempDir()
	return &deployment{
		aws: aws, plugins: plugins, folder: folder, file: filepath.Join(folder, "environments", file),
		stack:   filepath.Join(folder, "cdktf.out", "stacks", strings.TrimSuffix(file, ".yaml")),
		content: regexp.MustCompile(`(?m)^backend:\n(  .*\n)+`).ReplaceAllString(content, "") + endpoints,
	}
}

// edit changes the one place of the environment's file that says old. It is made for the files that come with the project: one
// that a team has made its own cannot be tested so.
func (d *deployment) edit(t *testing.T, old, new string) {
	t.Helper()
	if count := strings.Count(d.content, old); count != 1 {
		t.Skipf("%s is not as it came with the project: it says %q %d times", filepath.Base(d.file), old, count)
	}
	d.content = strings.Replace(d.content, old, new, 1)
}

// terraform synthesizes the stack if its file has changed, runs a command of Terraform's in it, and returns all that it printed and its
// exit code.
func (d *deployment) terraform(t *testing.T, arguments ...string) (output string, code int) {
	t.Helper()
	if d.synthesized != d.content {
		tools.WriteFile(t, d.file, d.content)
		if _, stderr, code := tools.Synthesize(t, d.folder, []string{"CDKTF_OUTDIR=cdktf.out"}); code != 0 {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		d.synthesized = d.content
	}
	limit, cancel := context.WithTimeout(t.Context(), 10*time.Minute) // it waits for ever for what an emulator never does
	defer cancel()
	command := exec.CommandContext(limit, "terraform", arguments...)
	command.Dir = d.stack
	// Nothing of who runs the test: neither its account nor its endpoints.
	command.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "TF_")
	})
	command.Env = append(command.Env, "AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=2",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "NO_PROXY=127.0.0.1", "CHECKPOINT_DISABLE=1")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to end its providers, too
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	var both bytes.Buffer
	command.Stdout, command.Stderr = &both, &both
	if err := command.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatalf("terraform %s: %v", strings.Join(arguments, " "), err)
	}
	return both.String(), command.ProcessState.ExitCode()
}

// must runs a command that must exit with a code.
func (d *deployment) must(t *testing.T, code int, arguments ...string) (output string) {
	t.Helper()
	began := time.Now()
	output, got := d.terraform(t, arguments...)
	if got != code {
		t.Fatalf("terraform %s: exit code %d, want %d\n%s", strings.Join(arguments, " "), got, code, output)
	}
	t.Logf("terraform %s: %v", arguments[0], time.Since(began).Round(time.Second/10))
	return output
}

// create makes all of the stack, after which nothing is left to do, and returns what Terraform printed.
func (d *deployment) create(t *testing.T) (said string) {
	t.Helper()
	said = d.start(t)
	said += d.must(t, 2, "plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=plan")
	said += d.must(t, 0, "apply", "-no-color", "-input=false", "plan")
	return said + d.nothingToDo(t)
}

// start makes Terraform ready for the stack, and checks what it was given.
func (d *deployment) start(t *testing.T) (said string) {
	t.Helper()
	return d.must(t, 0, "init", "-no-color", "-input=false", "-plugin-dir="+d.plugins) + d.must(t, 0, "validate", "-no-color")
}

func (d *deployment) nothingToDo(t *testing.T) (said string) {
	t.Helper()
	return d.must(t, 0, "plan", "-no-color", "-input=false", "-detailed-exitcode")
}

// update plans, holds the plan to the changes that are wanted, each "update", "create", "delete" or "delete,create" by its
// resource's address, with "import," before it where the resource is adopted, and applies it.
func (d *deployment) update(t *testing.T, want map[string]string) {
	t.Helper()
	d.must(t, 2, "plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=plan")
	var plan struct {
		Changes []struct {
			Address string
			Mode    string
			Change  struct {
				Actions   []string
				Importing *struct{}
			}
		} `json:"resource_changes"`
	}
	d.show(t, &plan, "plan")
	got := map[string]string{}
	for _, resource := range plan.Changes {
		actions := strings.Join(resource.Change.Actions, ",")
		if resource.Change.Importing != nil {
			actions = "import," + actions
		}
		if actions != "no-op" && resource.Mode == "managed" {
			got[resource.Address] = actions
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("planned changes (-want +got):\n%s", diff)
	}
	d.must(t, 0, "apply", "-no-color", "-input=false", "plan")
	d.nothingToDo(t)
}

// show reads a plan, or the state, into answer.
func (d *deployment) show(t *testing.T, answer any, arguments ...string) {
	t.Helper()
	output := d.must(t, 0, append([]string{"show", "-json", "-no-color"}, arguments...)...)
	if err := json.Unmarshal([]byte(output), answer); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// resource is a resource or a data source in the state.
type resource struct {
	Address string
	Type    string
	Values  map[string]any
}

func (d *deployment) resources(t *testing.T) map[string]resource {
	t.Helper()
	var state struct {
		Values struct {
			Root struct{ Resources []resource } `json:"root_module"`
		}
	}
	d.show(t, &state)
	resources := map[string]resource{}
	for _, resource := range state.Values.Root.Resources {
		resources[resource.Address] = resource
	}
	return resources
}

// destroy removes all of the stack.
func (d *deployment) destroy(t *testing.T) {
	t.Helper()
	d.must(t, 0, "destroy", "-no-color", "-input=false", "-auto-approve")
	if left := d.resources(t); len(left) > 0 {
		t.Errorf("left in the state: %v", left)
	}
}

// check asks AWS for what users rely on in an environment with all sections.
func (d *deployment) check(t *testing.T, region, name, reader string, sources []string) {
	t.Helper()
	resources := d.resources(t)
	domain := d.aws.domain(t, region, name)

	document := resources["data.aws_iam_policy_document.access_document"].Values["json"]
	if diff := cmp.Diff(decoded(t, document), decoded(t, domain.AccessPolicies)); diff != "" {
		t.Errorf("the domain's policy (-synthesized +of AWS):\n%s", diff)
	}
	if !strings.Contains(domain.AccessPolicies, reader) {
		t.Errorf("the domain's policy does not name the new reader: %s", domain.AccessPolicies)
	}
	if domain.EBSOptions.VolumeSize != 300 {
		t.Errorf("the domain's volumes have %d GiB", domain.EBSOptions.VolumeSize)
	}

	topic := resources["aws_sns_topic.alarms"].Values["arn"].(string)
	alarms := d.aws.alarms(t, region, name+".")
	for _, alarm := range alarms {
		if diff := cmp.Diff([][]string{{topic}, {topic}}, [][]string{alarm.AlarmActions, alarm.OKActions}); diff != "" {
			t.Errorf("alarm %s: actions (-want +got):\n%s", alarm.AlarmName, diff)
		}
		metrics := [][]dimension{alarm.Dimensions}
		if len(alarm.Metrics) > 0 {
			metrics = nil
		}
		for _, metric := range alarm.Metrics {
			if metric.Expression == "" {
				metrics = append(metrics, metric.Dimensions)
			}
		}
		for _, got := range metrics {
			want := []dimension{{"ClientId", account}, {"DomainName", name}}
			slices.SortFunc(got, func(a, b dimension) int { return strings.Compare(a.Name, b.Name) })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("alarm %s: dimensions (-want +got):\n%s", alarm.AlarmName, diff)
			}
		}
	}

	planned, keys := 0, 0
	for _, resource := range resources {
		switch resource.Type {
		case "aws_cloudwatch_metric_alarm":
			planned++
		case "aws_kms_key":
			keys++
			var rotation struct{ KeyRotationEnabled bool }
			d.aws.call(t, region, "kms", "TrentService.GetKeyRotationStatus", map[string]any{"KeyId": resource.Values["key_id"]}, &rotation)
			if !rotation.KeyRotationEnabled {
				t.Errorf("%s is not rotated", resource.Address)
			}
		}
	}
	if keys != 2 || planned == 0 || len(alarms) != planned {
		t.Errorf("%d keys, want 2; %d alarms, want %d", keys, len(alarms), planned)
	}

	var logs struct {
		LogGroups []struct {
			LogGroupName, KMSKeyID string
			RetentionInDays        int
		}
	}
	d.aws.call(t, region, "logs", "Logs_20140328.DescribeLogGroups",
		map[string]any{"logGroupNamePrefix": "/aws/aes/domains/" + name + "/"}, &logs)
	if len(logs.LogGroups) != 4 {
		t.Errorf("%d log groups, want 4", len(logs.LogGroups))
	}
	for _, group := range logs.LogGroups {
		if group.RetentionInDays != 365 || group.KMSKeyID != resources["aws_kms_key.domain_key"].Values["arn"] {
			t.Errorf("log group %+v; want 365 days, and the domain's key", group)
		}
	}

	rules := d.aws.rules(t, region, resources["aws_security_group.domain_security_group"].Values["id"].(string))
	var want []rule
	for _, source := range sources {
		want = append(want, rule{Source: source, Protocol: "tcp", From: 443, To: 443})
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Errorf("rules of the domain's security group (-want +got):\n%s", diff)
	}
}

// passwordIsSecret holds the master user's password to its secret, and to Terraform's state, where all arguments are.
func (d *deployment) passwordIsSecret(t *testing.T, region, said string) {
	t.Helper()
	var secret struct{ SecretString string }
	id := d.resources(t)["aws_secretsmanager_secret.master_user"].Values["arn"]
	d.aws.call(t, region, "secretsmanager", "secretsmanager.GetSecretValue", map[string]any{"SecretId": id}, &secret)
	user := decoded(t, secret.SecretString).(map[string]any)
	password, _ := user["password"].(string)
	if user["username"] != "administrator" || len(password) < 32 {
		t.Fatalf("the secret of %v has a password of %d characters", user["username"], len(password))
	}
	synthesized, err := os.ReadFile(filepath.Join(d.stack, "cdk.tf.json"))
	if err != nil {
		t.Fatal(err)
	}
	for place, content := range map[string]string{
		"cdk.tf.json":            string(synthesized),
		"the plan":               d.must(t, 0, "show", "-json", "-no-color", "plan"),
		"what Terraform printed": said,
	} {
		if strings.Contains(content, password) {
			t.Errorf("the master user's password is in %s", place)
		}
	}
}

// decoded is what a text in JSON says.
func decoded(t *testing.T, text any) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text.(string)), &value); err != nil {
		t.Fatalf("%v: %v", err, text)
	}
	return value
}

// emulator is the address of AWS.
type emulator string

const form = "application/x-www-form-urlencoded"

// account is the one that moto is.
const account = "123456789012"

func startEmulator(t *testing.T) emulator {
	t.Helper()
	python := tools.Python(t, "bin/python")
	return emulator(tools.Serve(t, regexp.MustCompile(`Running on (http://\S+)`), python, "testdata/emulator.py")[1])
}

// send sends a request to a service, which the emulator knows by what the request says that it is signed for.
func (aws emulator) send(t *testing.T, region, service, method, path, body string, headers map[string]string) []byte {
	t.Helper()
	request, err := http.NewRequest(method, string(aws)+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization",
		"AWS4-HMAC-SHA256 Credential=any/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=any")
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s %s: %s %v\n%s", service, path, body, response.Status, err, answer)
	}
	return answer
}

// query makes something by a service that answers in XML, and returns the first element of a name in the answer.
func (aws emulator) query(t *testing.T, region, service, element, body string) string {
	t.Helper()
	path, format := "/", form
	if service == "route53" {
		path, format = "/2013-04-01/hostedzone", "application/xml"
	}
	answer := aws.send(t, region, service, "POST", path, body, map[string]string{"Content-Type": format})
	found := regexp.MustCompile("<" + element + ">([^<]+)<").FindSubmatch(answer)
	if found == nil {
		t.Fatalf("no %s in the answer to %s: %s", element, body, answer)
	}
	return string(found[1])
}

// call calls an operation of a service that speaks JSON; an answer of nil is none that is wanted.
func (aws emulator) call(t *testing.T, region, service, operation string, body map[string]any, answer any) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	headers := map[string]string{"X-Amz-Target": operation, "Content-Type": "application/x-amz-json-1.1"}
	got := aws.send(t, region, service, "POST", "/", string(encoded), headers)
	if answer == nil {
		return
	}
	if err := json.Unmarshal(got, answer); err != nil {
		t.Fatalf("%s: %v\n%s", operation, err, got)
	}
}

type domain struct {
	ElasticsearchVersion, AccessPolicies string
	EBSOptions                           struct{ VolumeSize int }
	CognitoOptions                       struct{ Enabled bool }
	AdvancedSecurityOptions              struct{ SAMLOptions struct{ Enabled bool } }
	LogPublishingOptions                 map[string]struct{ Enabled bool }
	DomainEndpointOptions                struct {
		CustomEndpointEnabled bool
		CustomEndpoint        string
		TLSSecurityPolicy     string
	}
}

func (aws emulator) domain(t *testing.T, region, name string) domain {
	t.Helper()
	var answer struct{ DomainStatus domain }
	if err := json.Unmarshal(aws.send(t, region, "es", "GET", "/2015-01-01/es/domain/"+name, "", nil), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.DomainStatus
}

type dimension struct{ Name, Value string }

type alarm struct {
	AlarmName    string
	AlarmActions []string    `xml:"AlarmActions>member"`
	OKActions    []string    `xml:"OKActions>member"`
	Dimensions   []dimension `xml:"Dimensions>member"`
	Metrics      []struct {
		Expression string
		Dimensions []dimension `xml:"MetricStat>Metric>Dimensions>member"`
	} `xml:"Metrics>member"`
}

func (aws emulator) alarms(t *testing.T, region, prefix string) []alarm {
	t.Helper()
	var answer struct {
		Alarms []alarm `xml:"DescribeAlarmsResult>MetricAlarms>member"`
	}
	body := url.Values{"Action": {"DescribeAlarms"}, "AlarmNamePrefix": {prefix}}.Encode()
	got := aws.send(t, region, "monitoring", "POST", "/", body, map[string]string{"Content-Type": form})
	if err := xml.Unmarshal(got, &answer); err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	return answer.Alarms
}

// rule is a rule of a security group, by the CIDR block or the security group that it lets in, or out.
type rule struct {
	Source, Protocol string
	From, To         int
	Egress           bool
}

func (aws emulator) rules(t *testing.T, region, group string) (rules []rule) {
	t.Helper()
	var answer struct {
		Rules []struct {
			Egress   bool   `xml:"isEgress"`
			Protocol string `xml:"ipProtocol"`
			From     int    `xml:"fromPort"`
			To       int    `xml:"toPort"`
			CIDR     string `xml:"cidrIpv4"`
			Group    string `xml:"referencedGroupInfo>groupId"`
		} `xml:"securityGroupRuleSet>item"`
	}
	body := url.Values{"Action": {"DescribeSecurityGroupRules"}, "Filter.1.Name": {"group-id"}, "Filter.1.Value.1": {group}}.Encode()
	got := aws.send(t, region, "ec2", "POST", "/", body, map[string]string{"Content-Type": form})
	if err := xml.Unmarshal(got, &answer); err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	for _, found := range answer.Rules {
		rules = append(rules, rule{found.CIDR + found.Group, found.Protocol, found.From, found.To, found.Egress})
	}
	slices.SortFunc(rules, func(a, b rule) int { return strings.Compare(a.Source, b.Source) })
	return rules
}
