package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cdktf-aimetrics/scaffold"
	"cdktf-aimetrics/spec"
)

// flagsOfInit is the answers to all questions that have no default, as flags.
var flagsOfInit = []string{"--region", "eu-central-1", "--size", "one-node", "--backend", "local", "--sign-in", "iam"}

func TestInit(t *testing.T) {
	without := func(flag string) []string {
		i := slices.Index(flagsOfInit, flag)
		return slices.Delete(slices.Clone(flagsOfInit), i, i+2)
	}
	with := func(flags ...string) []string { return append(slices.Clone(flagsOfInit), flags...) }
	for _, test := range []struct {
		name      string
		arguments []string
		err       string // all of stderr but warnings; "": it writes the file
	}{
		{"all flags", with("dev"), ""},
		{"another domain name", with("dev", "--domain-name", "metrics"), ""},
		{"a bucket", append(without("--backend"), "dev", "--backend", "gcs", "--bucket", "b"), ""},
		{"a workspace", append(without("--backend"), "dev", "--backend", "cloud", "--organization", "ml"), ""},
		{"no organization", append(without("--backend"), "dev", "--backend", "cloud"), "init: --organization is missing, and there is no " +
			"terminal to ask at: organization of HCP Terraform"},
		{"no address", append(without("--backend"), "dev", "--backend", "http", "--address", "state"), `init: --address: "state" is not a ` +
			`web address; begin with https:// and a host`},
		{"no name", with(), "init: no NAME; name an environment, such as `aimetrics init dev`"},
		{"two names", with("dev", "prod"), `init: "prod" is one name too many; name an environment`},
		{"a path", with("environments/dev"),
			`"environments/dev" is no name for an environment; use letters, digits, hyphens and underscores`},
		{"no region", append(without("--region"), "dev"), "init: --region is missing, and there is no terminal to ask at: " +
			"region of AWS for the domain, such as eu-central-1"},
		{"no size", append(without("--size"), "dev"), "init: --size is missing, and there is no terminal to ask at: " +
			"one-node, three-zones, three-zones-and-masters"},
		{"no backend", append(without("--backend"), "dev"), "init: --backend is missing, and there is no terminal to ask at: " +
			"local, s3, gcs, azurerm, remote, cloud, http, pg, consul, cos, oss, swift"},
		{"no bucket", append(without("--backend"), "dev", "--backend", "s3"), "init: --bucket is missing, and there is no terminal to " +
			"ask at: bucket for the state, which must exist"},
		{"no sign-in", append(without("--sign-in"), "dev"), "init: --sign-in is missing, and there is no terminal to ask at: iam, cognito, password, saml"},
		{"no default for the domain's name", with("a-team-with-a-very-long-name"), "init: --domain-name is missing, and there is no " +
			"terminal to ask at: name of the domain"},
		{"a default that cannot be", append(without("--sign-in"), "aws", "--sign-in", "cognito"), "init: --user-pool-domain is missing, " +
			`and its default cannot be: "ai-metrics-aws" has "aws" in it, which AWS keeps to itself; choose another name`},
		{"a useless bucket", with("dev", "--bucket", "b"), "init: --bucket is not used with the other answers; leave it out"},
		{"no size that there is", append(without("--size"), "dev", "--size", "large"), `init: --size: "large" is none of one-node, ` +
			"three-zones, three-zones-and-masters"},
		{"an empty variable", append(without("--region"), "dev", "--region", ""), `init: invalid argument "" for "--region" flag: it is ` +
			"empty; give a name, or leave the flag out; see aimetrics init --help"},
		{"an unknown flag", with("dev", "--sise", "x"), "init: --sise is no flag; use --size"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "environments")
			got := aimetrics("", slices.Concat([]string{"init", "--environments", folder}, test.arguments)...)
			lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(got.err), "\n"), func(line string) bool {
				return strings.HasPrefix(line, "warning: ")
			})
			written := filepath.Join(folder, "dev.yaml")
			wantOut := "wrote " + written + "; `go run .` makes Terraform of it\n"
			if err := strings.Join(lines, "\n"); err != test.err || test.err == "" && (got.code != 0 || got.out != wantOut) ||
				test.err != "" && (got.code != 1 || got.out != "") {
				t.Errorf("%+v\nwant %q", got, test.err)
			}
			files, err := spec.Load(folder, time.Now())
			if test.err == "" && (err != nil || len(files) != 1 || files[0].Name != "dev") {
				t.Errorf("the folder has %v (%v)", files, err)
			}
			if entries, _ := os.ReadDir(folder); test.err != "" && len(entries) > 0 {
				t.Errorf("left behind: %v", entries)
			}
		})
	}
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "dev.yml")
	if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := aimetrics("", append([]string{"init", "dev", "--environments", folder}, flagsOfInit...)...)
	if got.code != 1 || got.err != path+" is there already, and stays as it is; choose another name, or move the file away\n" ||
		read(t, path) != "mine" {
		t.Errorf("%+v, and the file says %q", got, read(t, path))
	}
}

// At a terminal a person is asked for what no flag says, and again for what cannot be.
func TestInitAsks(t *testing.T) {
	for _, test := range []struct {
		name, typed string
		want        map[string]string
		said        string // contained
		err         string
	}{
		{"all", "Frankfurt\neu-central-1\n\n2\ns3\n\nstates\n 2 \nmodel-metrics\n", map[string]string{"region": "eu-central-1",
			"domain-name": "ai-metrics-prod", "size": "three-zones", "backend": "s3", "bucket": "states", "sign-in": "cognito",
			"user-pool-domain": "model-metrics"}, "> " + `  "Frankfurt" is not an AWS region; write one such as "eu-central-1"` + "\n> ", ""},
		{"no choice that there is", "us-east-1\nx y\nmetrics\n4\n1\n1\n3\n", map[string]string{"region": "us-east-1", "domain-name": "metrics",
			"size": "one-node", "backend": "local", "sign-in": "password"}, `  "4" is none of one-node`, ""},
		{"the end", "us-east-1\n", nil, "", "init: nothing was written"},
		{"controls", "\x1b[31mx\nus-east-1\n\n1\n1\n1\n", map[string]string{"region": "us-east-1", "domain-name": "ai-metrics-prod",
			"size": "one-node", "backend": "local", "sign-in": "iam"}, `"\x1b[31mx" is not an AWS region`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			answers := scaffold.Answers{Name: "prod", Given: map[string]string{}}
			err := answer(t.Context(), answers, newDialogue(strings.NewReader(test.typed), &out))
			said := ""
			if err != nil {
				said = err.Error()
			}
			if said != test.err || !strings.Contains(out.String(), test.said) || strings.Contains(out.String(), "\x1b") {
				t.Errorf("error %q, want %q; it said %s", said, test.err, out.String())
			}
			for name, want := range test.want {
				if answers.Given[name] != want {
					t.Errorf("%s is %q, want %q", name, answers.Given[name], want)
				}
			}
			if err == nil && len(answers.Given) != len(test.want) {
				t.Errorf("answered: %v", answers.Given)
			}
		})
	}
}
