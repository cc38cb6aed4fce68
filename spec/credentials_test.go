package spec

import (
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// secrets is what a credential can look like in YAML. None is part of a word that an error could have.
var secrets = []string{
	"correct-horse-battery-staple",
	`"correct horse: battery # staple"`,
	"4815162342",
	"0x2A2A2A2A",
	"2027-01-10",
	"AKIAIOSFODNN7EXAMPLE",
	"${var.swordfish}",
	"!vault swordfish",
}

func TestEachCredentialIsRefused(t *testing.T) {
	count := 0
	for path, credential := range credentialFields(reflect.TypeFor[Environment](), "") {
		count++
		t.Run(path, func(t *testing.T) {
			if _, _, err := Parse("sound.yaml", []byte(fileWith(path, "")), today); err != nil {
				t.Fatalf("want the file without the credential to be sound, got %v:\n%s", err, fileWith(path, ""))
			}
			for _, secret := range secrets {
				content := fileWith(path, secret)
				line := strings.Count(content[:strings.Index(content, secret)], "\n") + 1
				column := 2*strings.Count(path, ".") + 1
				advice := "set the environment variable " + credential + " instead"
				if credential == "web_identity_token_file" {
					advice = "write it to a file, and name that in " + credential
				}
				want := fmt.Sprintf("faulty.yaml:%d:%d: %s: holds a credential, which would end up in cdktf.out and in plan files; %s",
					line, column, path, advice)
				_, _, err := Parse("faulty.yaml", []byte(content), today)
				if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
					t.Errorf("error for %s (-want +got):\n%s", secret, diff)
				}
			}
		})
	}
	if count < 30 {
		t.Errorf("want the dozens of credentials of all backends, got %d", count)
	}
}

func TestNoErrorTellsACredential(t *testing.T) {
	const secret, number = "AKIAIOSFODNN7EXAMPLE", "4815162342"
	for name, content := range map[string]string{
		"text":                     edit(private, "ai-metrics/prod.tfstate", secret),
		"tag":                      edit(private, "project: ai-metrics", "project: "+secret),
		"number":                   edit(private, "instance_count: 3", "instance_count: "+secret),
		"switch":                   edit(private, "use_lockfile: true", "use_lockfile: "+secret),
		"list":                     edit(private, "[sg-0a]", secret),
		"element":                  edit(private, "[sg-0a]", "["+secret+"]"),
		"mapping":                  minimal + "access: " + secret + "\n",
		"expression":               edit(private, "project: ai-metrics", "project: ${var.x}"+secret),
		"tag of YAML's":            edit(private, "project: ai-metrics", "project: !vault "+secret),
		"type of volume":           edit(private, "volume_type: gp3", "volume_type: "+secret+"\n    throughput: 250"),
		"type of instance":         edit(private, "m5.large.elasticsearch", secret),
		"alias of a number":        edit(private, "project: ai-metrics", "project: &x "+secret) + "  source_ips: [*x]\n",
		"option of Elasticsearch":  minimal + "  advanced_options: {indices.fielddata.cache.size: " + secret + "}\n",
		"URL":                      edit(pgBackend, "postgres://", "postgres://terraform:"+secret+"@"),
		"value of an unknown key":  minimal + "colour: " + secret + "\n",
		"value of a duplicate key": edit(private, "  create: 2h", "  create: 2h\n    create: "+secret),
		"anchor that is not there": minimal + "access: *x # " + secret + "\n",
		"line that is no YAML":     minimal + "access: {" + secret + "\n",
		"tag of AWS":               edit(private, "project: ai-metrics", "aws:project: "+secret),
		"credential behind an alias": edit(private, "    use_lockfile: true",
			"    use_lockfile: true\n    profile: &x "+secret+"\n    secret_key: *x"),
		"number behind an alias": edit(private, "    use_lockfile: true",
			"    use_lockfile: true\n    max_retries: &x "+number+"\n    secret_key: *x"),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Parse("faulty.yaml", []byte(content), today)
			if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), number) {
				t.Errorf("want an error without %s and %s, got %v", secret, number, err)
			}
		})
	}
}

// credentialFields is the path of every field that has a credential tag, with the tag.
func credentialFields(structure reflect.Type, path string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, field := range fieldsOf(structure) {
			fieldPath := join(path, field.name)
			inner := structure.Field(field.index).Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if field.credential != "" && !yield(fieldPath, field.credential) {
				return
			}
			if inner.Kind() == reflect.Struct {
				for path, credential := range credentialFields(inner, fieldPath) {
					if !yield(path, credential) {
						return
					}
				}
			}
		}
	}
}

// samples is what a key says in fileWith where "example" will not do.
var samples = map[string]string{
	"region":                                   "eu-central-1",
	"domain.domain_name":                       "ai-metrics",
	"domain.elasticsearch_version":             `"7.10"`,
	"domain.cluster_config.instance_type":      "m6g.large.elasticsearch",
	"domain.advanced_security_options.enabled": "false",
	"domain.advanced_security_options.master_user_options.master_user_name": "administrator",
	"backend.http.address":                                             "https://state.example.com",
	"backend.remote.workspaces.name":                                   "prod",
	"backend.cloud.workspaces.name":                                    "prod",
	"backend.cos.assume_role.session_duration":                         "900",
	"backend.s3.assume_role.role_arn":                                  "arn:aws:iam::111122223333:role/state",
	"backend.s3.assume_role_with_web_identity.role_arn":                "arn:aws:iam::111122223333:role/state",
	"backend.s3.assume_role_with_web_identity.web_identity_token_file": "/run/token",
}

// fileWith is a file with one key set to value, and all that is required around it. Without a value the key is left out.
func fileWith(key, value string) string {
	var file strings.Builder
	var write func(structure reflect.Type, path string)
	write = func(structure reflect.Type, path string) {
		indent := ""
		if path != "" {
			indent = strings.Repeat("  ", strings.Count(path, ".")+1)
		}
		for _, field := range fieldsOf(structure) {
			fieldPath := join(path, field.name)
			inner := structure.Field(field.index).Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			sample, sampled := samples[fieldPath]
			switch {
			case fieldPath == key:
				if value != "" {
					fmt.Fprintf(&file, "%s%s: %s\n", indent, field.name, value)
				}
			case inner.Kind() == reflect.Struct && (field.required || within(key, fieldPath)):
				fmt.Fprintf(&file, "%s%s:\n", indent, field.name)
				write(inner, fieldPath)
			case field.required || sampled:
				if sample == "" {
					sample = "example"
				}
				fmt.Fprintf(&file, "%s%s: %s\n", indent, field.name, sample)
			}
		}
	}
	write(reflect.TypeFor[Environment](), "")
	return file.String()
}
