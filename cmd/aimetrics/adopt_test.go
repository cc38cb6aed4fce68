package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/spec"
)

// answers is what AWS says of the domain by-hand in eu-west-1.
const answers = "../../adopt/testdata/emulator.json"

func TestAdopt(t *testing.T) {
	sound := read(t, answers)
	const policy = "the domain's access policy:\n  {\n"
	condition := strings.Replace(sound, `\"Effect\":\"Allow\"`, `\"Effect\":\"Deny\"`, 2)
	for _, test := range []struct {
		name, stdin string
		arguments   []string
		code        int
		err         string // contained in stderr; all of it where nothing is written
	}{
		{"from a file", "", []string{"by-hand", "--from", answers}, 0, "warning: "},
		{"from stdin", sound, []string{"by-hand", "--from", "-"}, 0, "warning: "},
		{"in pieces", strings.SplitAfter(sound, "\n")[1], []string{"by-hand", "--from", "-", "--from", "TEST/status.json"}, 0,
			"note: the domain's tags are not known"},
		{"as another stack", sound, []string{"by-hand", "--from", "-", "--stack", "prod"}, 0, ""},
		{"with its region", sound, []string{"by-hand", "--from", "-", "--region", "eu-west-1"}, 0, ""},
		{"with others who get in", condition, []string{"by-hand", "--from", "-", "--administrators", "account"}, 0,
			policy + "    \"Version\": \"2012-10-17\",\n"},
		{"with the policy as it is", condition, []string{"by-hand", "--from", "-", "--leave-policy-as-it-is"}, 0,
			"access.leave_policy_as_it_is: who gets in is not in this file"},

		{"a policy that stays and is replaced", sound, []string{"by-hand", "--from", "-", "--leave-policy-as-it-is", "--administrators", "account"}, 1,
			"adopt: --administrators replaces the access policy, and --leave-policy-as-it-is keeps it; give one of them\n"},
		{"no domain", "", nil, 1, "adopt: no NAME; name the domain, as AWS calls it, such as `aimetrics adopt model-metrics`\n"},
		{"no such file", "", []string{"by-hand", "--from", "none.json"}, 1, "adopt: --from none.json cannot be read (no such file or directory)\n"},
		{"a folder", "", []string{"by-hand", "--from", "."}, 1, "adopt: --from . is a directory\n"},
		{"no JSON", "none", []string{"by-hand", "--from", "-"}, 1, "adopt: --from - is not JSON; ask AWS with --output json\n"},
		{"cut", sound[:200], []string{"by-hand", "--from", "-"}, 1, "adopt: --from - is cut off: its JSON does not end; ask AWS anew\n"},
		{"half", strings.SplitAfter(sound, "\n")[0], []string{"by-hand", "--from", "-"}, 1, "adopt: the answer of `aws es describe-elasticsearch-domain-config` is missing\n"},
		{"another domain", sound, []string{"metrics", "--from", "-"}, 1, "adopt: AWS's answers are of the domain by-hand, and not of \"metrics\"; name that, or ask AWS for this\n"},
		{"another region", sound, []string{"by-hand", "--from", "-", "--region", "us-east-1"}, 1, "adopt: the domain is in eu-west-1, and --region is \"us-east-1\"; leave the flag out, or ask AWS there\n"},
		{"OpenSearch", strings.ReplaceAll(sound, `"7.10"`, `"OpenSearch_1.3"`), []string{"by-hand", "--from", "-"}, 1, "adopt: the domain \"by-hand\" runs \"OpenSearch_1.3\", which is another resource of Terraform's, aws_opensearch_domain; this project makes Elasticsearch alone\n"},
		{"a policy that cannot be expressed", condition, []string{"by-hand", "--from", "-"}, 1,
			policy + `    "Version": "2012-10-17",
    "Statement": [
      {
        "Effect": "Deny",
        "Principal": {
          "AWS": "arn:aws:iam::123456789012:role/x"
        },
        "Action": "es:*",
        "Resource": "arn:aws:es:eu-west-1:123456789012:domain/by-hand/*"
      }
    ]
  }
adopt: nothing is written, for ` + "`access:` cannot express the domain's access policy: statement 1 is no allowance (Effect \"Deny\"); keep the policy as it is with --leave-policy-as-it-is, or say with --administrators who gets in from the first deployment on\n"},
		{"a policy of a hostile hand", strings.ReplaceAll(condition, "role/x", "role/\u202ex\x7f\x9b"), []string{"by-hand", "--from", "-"}, 1, `role/\u{202e}x`},
		{"a value that no file can say", strings.ReplaceAll(sound, "m6g.large", "m9.large"), []string{"by-hand", "--from", "-"}, 1,
			"adopt: nothing is written, for no file can say this of the domain by-hand: domain.cluster_config.instance_type: \"m9.large.elasticsearch\" is no instance type of AWS Elasticsearch; did you mean \"m3.large.elasticsearch\"?\n"},
		{"no stack's name", sound, []string{"by-hand", "--from", "-", "--stack", "a/b"}, 1, "\"a/b\" is no name for an environment; use letters, digits, hyphens and underscores\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "environments")
			if err := os.WriteFile(filepath.Join(filepath.Dir(folder), "status.json"), []byte(strings.SplitAfter(sound, "\n")[0]), 0o644); err != nil {
				t.Fatal(err)
			}
			arguments := []string{"adopt", "--environments", folder}
			for _, argument := range test.arguments {
				arguments = append(arguments, strings.ReplaceAll(argument, "TEST", filepath.Dir(folder)))
			}
			got := aimetrics(test.stdin, arguments...)
			if got.code != test.code || !strings.Contains(got.err, test.err) || test.code != 0 && strings.HasSuffix(test.err, "\n") && got.err != test.err ||
				strings.ContainsAny(got.out+got.err, "\u202e\x7f") {
				t.Errorf("%+v\nwant %q", got, test.err)
			}
			files, err := spec.Load(folder, time.Now())
			if test.code == 0 && (err != nil || files[0].Environment.Adopt != "by-hand" || !strings.HasSuffix(got.out,
				"it is in eu-west-1 of the account 123456789012; the first plan imports it, and shows as changed what AWS does not tell: "+
					"advanced_options, timeouts, log_publishing_options\n")) {
				t.Errorf("%v, and it said %s", err, got.out)
			}
			if entries, _ := os.ReadDir(folder); test.code != 0 && len(entries) > 0 {
				t.Errorf("left behind: %v", entries)
			}
		})
	}
}

// Without files AWS is asked, with its credentials and in the domain's region.
func TestAdoptAsksAWS(t *testing.T) {
	lines := strings.Split(read(t, answers), "\n")
	answer := map[string]string{"/2015-01-01/es/domain/by-hand": lines[0], "/2015-01-01/es/domain/by-hand/config": lines[1], "/2015-01-01/tags": lines[2]}
	var asked []string
	refuses := ""
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimSuffix(r.URL.Path, "/")
		asked = append(asked, path)
		if !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/es/") {
			t.Errorf("signed with %q", r.Header.Get("Authorization"))
		}
		switch {
		case path == refuses:
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `{"__type":"AccessDeniedException","message":"not you"}`)
		case answer[path] == "":
			w.WriteHeader(http.StatusConflict)
			io.WriteString(w, `{"__type":"ResourceNotFoundException","message":"Domain not found"}`)
		default:
			io.WriteString(w, answer[path])
		}
	}))
	defer aws.Close()
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": aws.URL, "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_PROFILE": ""} {
		t.Setenv(name, value)
	}
	folder := t.TempDir()
	got := aimetrics("", "adopt", "by-hand", "--region", "eu-west-1", "--environments", folder)
	if got.code != 0 || !slices.Equal(asked, []string{"/2015-01-01/es/domain/by-hand", "/2015-01-01/es/domain/by-hand/config", "/2015-01-01/tags"}) {
		t.Errorf("%+v, and AWS was asked for %v", got, asked)
	}
	fromAWS := read(t, filepath.Join(folder, "by-hand.yaml"))
	if got := aimetrics("", "adopt", "by-hand", "--from", answers, "--environments", filepath.Join(folder, "files")); got.code != 0 ||
		fromAWS != read(t, filepath.Join(folder, "files", "by-hand.yaml")) {
		t.Errorf("%+v, and AWS itself makes another file than its answers in one:\n%s", got, fromAWS)
	}
	for refused, want := range map[string]string{
		"/2015-01-01/es/domain/by-hand":        "es:DescribeElasticsearchDomain",
		"/2015-01-01/es/domain/by-hand/config": "es:DescribeElasticsearchDomainConfig",
		"/2015-01-01/tags":                     "es:ListTags",
	} {
		refuses = refused
		got := aimetrics("", "adopt", "by-hand", "--region", "eu-west-1", "--stack", "x", "--environments", folder)
		if want := "adopt: AWS does not let these credentials describe the domain by-hand (" + want + "); give AWS's answers in files, with --from\n"; got.code != 1 || got.err != want {
			t.Errorf("%+v, want %q", got, want)
		}
	}
	for want, arguments := range map[string][]string{
		"adopt: there is no domain metrics in eu-west-1 of these credentials' account; name another, or another region or profile\n":  {"metrics", "--region", "eu-west-1"},
		"adopt: the domain's region is in neither AWS_REGION nor the profile; add --region, such as --region eu-central-1\n":          {"metrics"},
		filepath.Join(folder, "by-hand.yaml") + " is there already, and stays as it is; choose another name, or move the file away\n": {"by-hand", "--region", "eu-west-1"},
	} {
		asked = nil
		if got := aimetrics("", append([]string{"adopt", "--environments", folder}, arguments...)...); got.code != 1 || got.err != want {
			t.Errorf("%+v, want %q", got, want)
		}
	}
}

func TestAdoptWithoutCredentials(t *testing.T) {
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": ""} {
		t.Setenv(name, value)
	}
	got := aimetrics("", "adopt", "by-hand", "--region", "eu-west-1", "--environments", t.TempDir())
	const want = "adopt: there are no AWS credentials; set AWS_PROFILE or run `aws sso login`, or give AWS's answers in files, with --from\n"
	if got.code != 1 || got.err != want {
		t.Errorf("%+v, want %q", got, want)
	}
}
