//go:build integration

package deploy

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cdktf-aimetrics/test/tools"
)

// Domains that were made by hand are taken over by the files that `aimetrics adopt` writes: the first plan imports them, makes what
// `access:` needs, and changes nothing of the domain but what AWS does not tell; applied, it leaves nothing to do.
func TestAdoptedDomains(t *testing.T) {
	plugins := awsProvider(t)
	aws := startEmulator(t)
	aimetrics := filepath.Join(t.TempDir(), "aimetrics")
	build := exec.Command("go", "build", "-o", aimetrics, "./cmd/aimetrics")
	build.Dir = tools.Project(t, ".")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, output)
	}
	const region = "eu-west-1"
	vpc := aws.query(t, region, "ec2", "vpcId", "Action=CreateVpc&CidrBlock=10.50.0.0/16")
	var subnets []string
	for i, zone := range []string{"a", "b", "c"} {
		subnets = append(subnets, aws.query(t, region, "ec2", "subnetId",
			fmt.Sprintf("Action=CreateSubnet&VpcId=%s&CidrBlock=10.50.%d.0/24&AvailabilityZone=%s%s", vpc, i, region, zone)))
	}
	group := aws.query(t, region, "ec2", "groupId", "Action=CreateSecurityGroup&GroupName=domain&GroupDescription=domain&VpcId="+vpc)

	policy := func(domain, principal string) string {
		text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow",
			"Principal": map[string]any{"AWS": principal}, "Action": "es:*",
			"Resource": "arn:aws:es:" + region + ":" + account + ":domain/" + domain + "/*"}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	type object = map[string]any
	users, identities := cognitoPools(t, aws, region)
	for _, name := range []string{"CreateLogGroup", "PutResourcePolicy"} {
		body := map[string]string{"CreateLogGroup": `{"logGroupName":"slow"}`,
			"PutResourcePolicy": `{"policyName":"slow","policyDocument":"{\"Resource\":\"slow\"}"}`}[name]
		aws.send(t, region, "logs", "POST", "/", body,
			map[string]string{"X-Amz-Target": "Logs_20140328." + name, "Content-Type": "application/x-amz-json-1.1"})
	}
	for _, test := range []struct {
		name    string
		domain  object
		flags   []string
		changed []string // arguments of the domain in the first plan
		applied bool     // which takes long
	}{
		{"by-hand", object{ // all that AWS asks for, and its defaults of old
			"ElasticsearchVersion":       "7.10",
			"ElasticsearchClusterConfig": object{"InstanceType": "m6g.large.elasticsearch", "InstanceCount": 1},
			"EBSOptions":                 object{"EBSEnabled": true, "VolumeType": "gp2", "VolumeSize": 20},
			"AccessPolicies":             policy("by-hand", "arn:aws:iam::"+account+":root"),
			"TagList":                    []object{{"Key": "cost: centre", "Value": "0123"}, {"Key": "on", "Value": "yes"}},
		}, nil, []string{"advanced_options", "log_publishing_options", "timeouts"}, false},
		{"large", object{
			"ElasticsearchVersion": "7.10",
			"ElasticsearchClusterConfig": object{"InstanceType": "r6g.large.elasticsearch", "InstanceCount": 3, "ZoneAwarenessEnabled": true,
				"ZoneAwarenessConfig": object{"AvailabilityZoneCount": 3}, "DedicatedMasterEnabled": true,
				"DedicatedMasterType": "m6g.large.elasticsearch", "DedicatedMasterCount": 3, "WarmEnabled": true,
				"WarmType": "ultrawarm1.medium.elasticsearch", "WarmCount": 2, "ColdStorageOptions": object{"Enabled": true}},
			"EBSOptions":                  object{"EBSEnabled": true, "VolumeType": "gp3", "VolumeSize": 100, "Iops": 4000, "Throughput": 250},
			"EncryptionAtRestOptions":     object{"Enabled": true, "KmsKeyId": "arn:aws:kms:" + region + ":" + account + ":key/11111111-2222-3333-4444-555555555555"},
			"NodeToNodeEncryptionOptions": object{"Enabled": true},
			"DomainEndpointOptions": object{"EnforceHTTPS": true, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07", "CustomEndpointEnabled": true,
				"CustomEndpoint": "metrics.example.com", "CustomEndpointCertificateArn": "arn:aws:acm:" + region + ":" + account + ":certificate/1"},
			"AdvancedOptions":         object{"rest.action.multi.allow_explicit_index": "false", "indices.fielddata.cache.size": "40"},
			"AdvancedSecurityOptions": object{"Enabled": true, "InternalUserDatabaseEnabled": false},
			"CognitoOptions": object{"Enabled": true, "UserPoolId": users, "IdentityPoolId": identities,
				"RoleArn": "arn:aws:iam::" + account + ":role/cognito"},
			"VPCOptions": object{"SubnetIds": subnets, "SecurityGroupIds": []string{group}},
			"LogPublishingOptions": object{
				"INDEX_SLOW_LOGS": object{"CloudWatchLogsLogGroupArn": "arn:aws:logs:" + region + ":" + account + ":log-group:slow", "Enabled": true},
				"AUDIT_LOGS":      object{"CloudWatchLogsLogGroupArn": "arn:aws:logs:" + region + ":" + account + ":log-group:audit", "Enabled": false}},
			"AccessPolicies": policy("large", "arn:aws:iam::"+account+":role/metrics"),
		}, []string{"--master-user-arn", "arn:aws:iam::" + account + ":role/metrics"},
			// master_user_options is within the second.
			[]string{"advanced_security_options", "log_publishing_options", "timeouts"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.domain["DomainName"] = test.name
			body, err := json.Marshal(test.domain)
			if err != nil {
				t.Fatal(err)
			}
			aws.send(t, region, "es", "POST", "/2015-01-01/es/domain", string(body), nil)

			folder := t.TempDir()
			adopt := exec.Command(aimetrics, append([]string{"adopt", test.name, "--region", region, "--environments", folder}, test.flags...)...)
			adopt.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+string(aws), "AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any",
				"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "NO_PROXY=127.0.0.1")
			if output, err := adopt.CombinedOutput(); err != nil {
				t.Fatalf("%v: %v\n%s", adopt, err, output)
			}
			content, err := os.ReadFile(filepath.Join(folder, test.name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			adopted := deploymentOf(t, test.name+".yaml", string(content), aws, plugins)
			adopted.start(t)
			adopted.must(t, 2, "plan", "-no-color", "-input=false", "-detailed-exitcode", "-out=plan")
			var plan struct {
				Changes []struct {
					Address, Mode string
					Change        struct {
						Actions       []string
						Importing     *struct{}
						Before, After map[string]any
						Unknown       map[string]any `json:"after_unknown"`
					}
				} `json:"resource_changes"`
			}
			adopted.show(t, &plan, "plan")
			actions, changed := map[string]string{}, []string{}
			for _, resource := range plan.Changes {
				action := strings.Join(resource.Change.Actions, ",")
				if resource.Change.Importing != nil {
					action = "import," + action
				}
				if resource.Mode == "managed" {
					actions[resource.Address] = action
				}
				if resource.Address != "aws_elasticsearch_domain.domain" {
					continue
				}
				for argument, after := range resource.Change.After {
					if !cmp.Equal(resource.Change.Before[argument], after) {
						changed = append(changed, argument)
					}
				}
				for argument, unknown := range resource.Change.Unknown {
					if unknown == true {
						changed = append(changed, argument+" (unknown)")
					}
				}
			}
			want := map[string]string{
				"aws_elasticsearch_domain.domain":        "import,update",
				"aws_elasticsearch_domain_policy.access": "create",
				"aws_iam_policy.readers":                 "create",
				"aws_iam_policy.writers":                 "create",
				"terraform_data.encryption_key":          "create",
			}
			slices.Sort(changed)
			if diff := cmp.Diff(want, actions); diff != "" || !slices.Equal(changed, test.changed) {
				t.Fatalf("the plan changes %s of the domain, want %s; all that it does (-want +got):\n%s\n%s", strings.Join(changed, ", "),
					strings.Join(test.changed, ", "), diff, content)
			}
			if test.applied {
				adopted.must(t, 0, "apply", "-no-color", "-input=false", "plan")
				adopted.nothingToDo(t)
			}
		})
	}
}

// cognitoPools makes what AWS wants to be there before a domain signs people in: the pools, the sign-in page, and the role "cognito".
func cognitoPools(t *testing.T, aws emulator, region string) (userPool, identityPool string) {
	t.Helper()
	var users struct{ UserPool struct{ Id string } }
	const service = "AWSCognitoIdentityProviderService."
	aws.call(t, region, "cognito-idp", service+"CreateUserPool", map[string]any{"PoolName": "large"}, &users)
	aws.call(t, region, "cognito-idp", service+"CreateUserPoolDomain", map[string]any{"Domain": "large", "UserPoolId": users.UserPool.Id},
		&struct{}{})
	var identities struct{ IdentityPoolId string }
	aws.call(t, region, "cognito-identity", "AWSCognitoIdentityService.CreateIdentityPool",
		map[string]any{"IdentityPoolName": "large", "AllowUnauthenticatedIdentities": false}, &identities)
	const allowed = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"cognito-idp:*","Resource":"*"}]}`
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"es.amazonaws.com"}}]}`
	aws.query(t, region, "iam", "RequestId", "Action=CreateRole&RoleName=cognito&AssumeRolePolicyDocument="+url.QueryEscape(trust))
	aws.query(t, region, "iam", "RequestId", "Action=PutRolePolicy&RoleName=cognito&PolicyName=pools&PolicyDocument="+url.QueryEscape(allowed))
	return users.UserPool.Id, identities.IdentityPoolId
}
