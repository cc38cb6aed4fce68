package stacks_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// What every file of environments/ becomes, and of the examples, which between them take every branch of every section. Here is what
// holds for all; what one section promises is in sections_test.go, and what is wanted of prod in securityhub_test.go.

// loaded is the files.
var loaded = sync.OnceValues(func() ([]spec.File, error) {
	var files []spec.File
	for _, folder := range []string{"../environments", "../testdata/environments"} {
		more, err := spec.Load(folder, time.Now())
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
})

// synthesizedOnce is what becomes of them, by the name of the stack. jsii takes its time and is not safe for concurrency, so all tests
// that only look share it.
var synthesizedOnce = sync.OnceValues(func() (map[string]stackJSON, error) {
	files, err := loaded()
	if err != nil {
		return nil, err
	}
	outdir, err := os.MkdirTemp("", "stacks-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(outdir)
	if err := synthesize(outdir, files); err != nil {
		return nil, err
	}
	all := map[string]stackJSON{}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(outdir, "stacks", file.Name, "cdk.tf.json"))
		if err != nil {
			return nil, err
		}
		stack := stackJSON{environment: file.Environment, roles: file.Roles}
		if err := errors.Join(json.Unmarshal(content, &stack), json.Unmarshal(content, &stack.whole)); err != nil {
			return nil, err
		}
		all[file.Name] = stack
	}
	return all, nil
})

// synthesize has cdktf write the stacks of files to outdir.
func synthesize(outdir string, files []spec.File) error {
	app := cdktf.NewApp(&cdktf.AppConfig{Outdir: &outdir})
	if err := stacks.NewStacks(app, files, files); err != nil {
		return err
	}
	app.Synth()
	return nil
}

// stackJSON is the Terraform JSON of a stack.
type stackJSON struct {
	Data     map[string]map[string]map[string]any `json:"data"`
	Resource map[string]map[string]map[string]any `json:"resource"`
	Output   map[string]map[string]any            `json:"output"`
	Locals   struct {
		DashboardBody struct {
			Widgets []struct{ X, Y, Width, Height int }
		} `json:"dashboard_body"`
	} `json:"locals"`
	Terraform struct {
		Backend map[string]map[string]any `json:"backend"`
	} `json:"terraform"`

	whole       map[string]any
	environment spec.Environment
	roles       *spec.Roles // nil for an environment
}

// decoded is what a stack becomes.
func decoded(t *testing.T, stack cdktf.TerraformStack) stackJSON {
	t.Helper()
	var decoded stackJSON
	if err := json.Unmarshal([]byte(*cdktf.Testing_Synth(stack, nil)), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// eachStack runs test for every environment.
func eachStack(t *testing.T, test func(t *testing.T, stack stackJSON)) {
	t.Helper()
	eachFile(t, func(t *testing.T, stack stackJSON) {
		if stack.roles == nil {
			test(t, stack)
		}
	})
}

// eachFile runs test for every environment and every file of roles.
func eachFile(t *testing.T, test func(t *testing.T, stack stackJSON)) {
	t.Helper()
	all, err := synthesizedOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) { test(t, all[name]) })
	}
}

// What the file does not say is safe; that defaults are is tested in spec and stacks, with files that say nothing.
func TestDomainIsAsSafeAsItsFileSays(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		domain := stack.Resource["aws_elasticsearch_domain"]["domain"]
		said := stack.environment.Domain
		for path, want := range map[string]any{
			"encrypt_at_rest.enabled":                     *said.EncryptAtRest.Enabled,
			"node_to_node_encryption.enabled":             *said.NodeToNodeEncryption.Enabled,
			"domain_endpoint_options.enforce_https":       *said.DomainEndpointOptions.EnforceHTTPS,
			"domain_endpoint_options.tls_security_policy": said.DomainEndpointOptions.TLSSecurityPolicy,
			"lifecycle.prevent_destroy":                   *said.Lifecycle.PreventDestroy,
			"timeouts.create":                             said.Timeouts.Create,
			"timeouts.update":                             said.Timeouts.Update,
			"timeouts.delete":                             said.Timeouts.Delete,
			"access_policies":                             nil, // it has a resource of its own
		} {
			if got := at(domain, strings.Split(path, ".")...); got != want {
				t.Errorf("domain.%s = %v, want %v", path, got, want)
			}
		}
	})
}

func TestNobodyIsLetInUnconditionally(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		document := stack.Data["aws_iam_policy_document"]["access_document"]
		for i, item := range document["statement"].([]any) {
			statement := item.(map[string]any)
			if statement["principals"] == nil {
				t.Errorf("statement %d names no principal, which a domain's policy must", i)
			}
			if statement["effect"] != "Allow" || statement["condition"] != nil {
				continue
			}
			spelledOut := stack.environment.Access.OpenToTheInternet || stack.environment.Access.LeaveToFineGrainedAccessControl
			if principals := fmt.Sprint(statement["principals"]); strings.Contains(principals, "*") && !spelledOut {
				t.Errorf("statement %d allows %s without a condition", i, principals)
			}
		}
	})
}

// The policy must not hang on the domain's own attributes: every change of the domain would make it "known after apply".
func TestPolicyIsKnownWhenPlanned(t *testing.T) {
	eachFile(t, func(t *testing.T, stack stackJSON) {
		for name, document := range stack.Data["aws_iam_policy_document"] {
			encoded, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(encoded, []byte("${aws_elasticsearch_domain")) {
				t.Errorf("data.aws_iam_policy_document.%s refers to the domain: %s", name, encoded)
			}
		}
	})
}

func TestOutputs(t *testing.T) {
	want := map[string]any{
		"elasticsearch_domain_endpoint": "${aws_elasticsearch_domain.domain.endpoint}",
		"kibana_endpoint":               "${aws_elasticsearch_domain.domain.kibana_endpoint}",
		"kibana_url":                    "https://${aws_elasticsearch_domain.domain.kibana_endpoint}",
		"elasticsearch_domain_name":     "${aws_elasticsearch_domain.domain.domain_name}",
		"writers_policy_arn":            "${aws_iam_policy.writers.arn}",
		"readers_policy_arn":            "${aws_iam_policy.readers.arn}",
	}
	eachStack(t, func(t *testing.T, stack stackJSON) {
		for name, value := range want {
			if got := stack.Output[name]["value"]; got != value {
				t.Errorf("output %s = %v, want %v", name, got, value)
			}
		}
	})
}

func TestLocalStateLiesInTheProject(t *testing.T) {
	eachStack(t, func(t *testing.T, stack stackJSON) {
		if local := stack.environment.Backend.Local; local == nil || local.Path != "" {
			return
		}
		want := map[string]map[string]any{"local": {"path": "../../../terraform." + filepath.Base(t.Name()) + ".tfstate"}}
		if diff := cmp.Diff(want, stack.Terraform.Backend); diff != "" {
			t.Errorf("backend (-want +got):\n%s", diff)
		}
	})
}
