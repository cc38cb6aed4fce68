package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"cdktf-aimetrics/domain"
)

// What cannot be is one line on stderr with what to do, exit code 1, and nothing on stdout.
func TestRefusals(t *testing.T) {
	t.Chdir("../..")
	for _, test := range []struct {
		arguments string
		want      string
	}{
		{"setup", "which domain? name its stack, such as --stack dev, or its address with --endpoint"},
		{"setup dev", `setup: "dev" is no argument; a domain is named by --stack or --endpoint`},
		{"setup --stak dev", "setup: --stak is no flag; use --stack"},
		{"setup --retention 3", "setup: --retention is no flag; see aimetrics setup --help"},
		{"setup --stack", "setup: flag needs an argument: --stack; see aimetrics setup --help"},
		{"demo --seed -1", `demo: --seed: "-1" is no whole number from 0; write it as 3` + "\n"},
		{"demo --yes=maybe", `demo: --yes: "maybe" is neither true nor false; write one of them` + "\n"},
		{"ingest --retry-for 10 x", `ingest: --retry-for: "10" is no length of time; write it as 30s, 10m or 2h` + "\n"},
		{"ingest --max-months many x", `ingest: --max-months: "many" is no whole number; write it as 3` + "\n"},
		{"ingest --dry-run s3://ml:hunter22@bucket/m.ndjson?x=hunter22",
			"s3://...@bucket/m.ndjson: is an address, and files are read; fetch it and pipe it in, with - in its place\n"},
		{"setup --stack dve", `--stack "dve" has no file in environments; there is dev, prod, staging`},
		{"setup --stack dev --environments none",
			"--stack dev: there is no folder none here; run it in the project's root, name the folder with --environments, or the domain with --endpoint"},
		{"setup --stack dev --index-prefix other",
			`--index-prefix "other", and access.index_prefix of dev is "ml-metrics"; leave the flag out, or change the file and deploy it`},
		{"setup --endpoint https://ml:hunter22@localhost",
			"--endpoint holds a user name or a password, which others on this machine would see; take it out and set AIMETRICS_USERNAME and AIMETRICS_PASSWORD"},
		{"demo --endpoint localhost:9 --day today", `--day "today" is no day; write it like 20`},
		{"demo --endpoint localhost:9 --day 1970-01-01", "--day 1970-01-01 is too long ago; the earliest is 1990-04-01"},
		{"demo --endpoint localhost:9 --day 2999-01-01", "--day 2999-01-01 is in the future; the latest is 20"},
		{"demo --endpoint http://elastic:9200 --auth none", "elastic is not this machine; add --yes if sample data may be there"},
		{"demo --endpoint localhost:9 --index-prefix UPPER", `index_prefix: "UPPER" is not the beginning of an index name`},
		{"demo --endpoint localhost:9", "POST http://localhost:9/ml-metrics-20*,ml-metrics-19*/_refresh: nothing listens there"},
		{"setup --endpoint localhost:9", "GET http://localhost:9/: nothing listens there; start the server, or mend the port"},
		{"setup --endpoint localhost:9 --index-prefix UPPER", `UPPER`},
	} {
		got := aimetrics("", strings.Fields(test.arguments)...)
		if got.code != 1 || got.out != "" || !strings.Contains(got.err, test.want) || strings.Count(got.err, "\n") != 1 ||
			strings.Contains(got.err, "hunter22") {
			t.Errorf("%s: exit code %d, stdout %q, stderr\n%s\nwant\n%s", test.arguments, got.code, got.out, got.err, test.want)
		}
	}
}

func TestVersion(t *testing.T) {
	if got := aimetrics("", "--version"); got.code != 0 || !strings.HasPrefix(got.out, "aimetrics of ") ||
		!strings.HasSuffix(got.out, ", document model 1\n") {
		t.Errorf("%+v", got)
	}
}

// Every command has an example, and the shell completes the names of stacks.
func TestHelpAndCompletion(t *testing.T) {
	t.Chdir("../..")
	for _, command := range []string{"", "review", "setup", "demo"} {
		if got := aimetrics("", strings.Fields(command+" --help")...); got.code != 0 ||
			!strings.Contains(got.out, "Examples:\n  aimetrics ") && !strings.Contains(got.out, "Examples:\n  npx cdktf diff") {
			t.Errorf("%s --help has no example:\n%s", command, got.out)
		}
	}
	if got := aimetrics("", "__complete", "setup", "--stack", ""); got.code != 0 || !strings.HasPrefix(got.out, "dev\nprod\nstaging\n") {
		t.Errorf("the stacks complete to\n%s", got.out)
	}
	if got := aimetrics("", "completion", "bash"); got.code != 0 || !strings.Contains(got.out, "__start_aimetrics") {
		t.Errorf("completion bash: %d %.100s", got.code, got.out)
	}
}

// afterTests ends what tests of another build tag started.
var afterTests = func() {}

func TestMain(m *testing.M) {
	for _, name := range []string{"AIMETRICS_USERNAME", "AIMETRICS_PASSWORD", "AWS_PROFILE", "HTTPS_PROXY", "HTTP_PROXY", "SSL_CERT_FILE"} {
		os.Unsetenv(name)
	}
	code := m.Run()
	afterTests()
	os.Exit(code)
}

// What changes is coloured where stdout takes colours, and nowhere else.
func TestColoursOfADryRun(t *testing.T) {
	plan := domain.Plan{Changes: []domain.Change{{What: "index template", How: "changed", Differences: []string{"+ a: 1", "- b: 2", "~ c: 3 -> 4"}}}}
	for _, colored := range []bool{false, true} {
		var out bytes.Buffer
		showPlan(std{out: &out, colored: colored}, plan)
		plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(out.String(), "")
		if want := "index template: would be changed\n  + a: 1\n  - b: 2\n  ~ c: 3 -> 4\nnothing was changed (--dry-run)\n"; plain != want {
			t.Errorf("it says %q, want %q", plain, want)
		}
		if escapes := strings.Count(out.String(), "\x1b[3"); (escapes == 3) != colored || !colored && escapes > 0 {
			t.Errorf("coloured %v: %q", colored, out.String())
		}
	}
}
