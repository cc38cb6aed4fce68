package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cdktf-aimetrics/ingest"
	"cdktf-aimetrics/metrics"
)

// fakeDomain takes every document once, and is set up.
func fakeDomain(t *testing.T) string {
	there := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet:
			fmt.Fprintf(w, `{"index_templates":[{"index_template":{"index_patterns":["ml-metrics-20*"],"_meta":{"managed_by":"aimetrics","version":%d,"partition":"month"}}}]}`,
				metrics.ModelVersion)
		case strings.HasSuffix(r.URL.Path, "/_count"):
			io.WriteString(w, `{"count":3,"_shards":{"total":1,"failed":0}}`)
		case strings.HasSuffix(r.URL.Path, "/_refresh"):
			io.WriteString(w, `{}`)
		case strings.HasSuffix(r.URL.Path, "/_bulk"):
			body, _ := io.ReadAll(r.Body)
			var items []string
			for i, line := range bytes.Split(bytes.TrimSuffix(body, []byte{'\n'}), []byte{'\n'}) {
				if i%2 == 1 {
					continue
				}
				if there[string(line)] {
					items = append(items, `{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"there"}}}`)
				} else {
					items = append(items, `{"create":{"status":201}}`)
				}
				there[string(line)] = true
			}
			fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
		default:
			t.Errorf("%s %s was not to be asked", r.Method, r.URL)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

const (
	goodLine = `{"@timestamp":"2026-02-03T04:05:06Z","event.dataset":"ml.training","ml.run.id":"r","ml.metric.name":"loss","ml.metric.value":0.5}`
	noRun    = `{"@timestamp":"2026-02-03T04:05:06Z","event.dataset":"ml.training","ml.metric.name":"loss","ml.metric.value":0.5}`
)

func TestIngest(t *testing.T) {
	t.Chdir(t.TempDir())
	endpoint := "--endpoint=" + fakeDomain(t)
	write := func(name, content string) string {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good, bad := write("good.ndjson", goodLine+"\n"), write("bad.ndjson", goodLine+"\n"+noRun+"\n{\n")

	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	write("folder/complete.ndjson", goodLine+"\n")
	write("folder/lacks.ndjson", noRun+"\n")

	for _, test := range []struct {
		name      string
		arguments []string
		code      int
		out, err  string // what they hold; of out its end
	}{
		{"a file", []string{good}, 0, "\n1 read: 1 indexed, 0 there already, 0 rejected\n", ""},
		{"again", []string{good}, 0, "\n1 read: 0 indexed, 1 there already, 0 rejected\n", ""},
		{"as JSON", []string{"--json", good}, 0, `{"read":1,"indexed":0,"existing":1,"rejected":0}` + "\n", ""},
		{"some rejected", []string{bad}, 2, "\n3 read: 0 indexed, 1 there already, 2 rejected (rejected.ndjson)\n",
			"documents lack ml.run.id; where it is the same in all of an input, fill it in:\n" +
				"  aimetrics ingest " + strings.Replace(endpoint, "=", " ", 1) + " --set ml.run.id='<ml.run.id>' bad.ndjson\n"},
		{"a folder of which some lack",
			[]string{"--rejected", "a b", "--set", "ml.team=x y", "--json", "--format", "ndjson", "folder"}, 2, "",
			" --format ndjson --json --rejected 'a b' --set 'ml.team=x y' --set ml.run.id='<ml.run.id>' folder/lacks.ndjson\n"},
		{"no dataset", []string{"--set", "ml.run.id=r", write("dataset.ndjson", strings.Replace(goodLine, "event.dataset", "labels.x", 1)+"\n")}, 2, "",
			" dataset.ndjson\nwhat else they need depends on it: ml.training and ml.evaluation need ml.run.id; ml.inference and ml.drift need ml.model.name and ml.model.version\n"},
		{"the placeholder of a run", []string{"--set", "ml.run.id=<ml.run.id>", bad}, 1, "", "put its value in the place of <ml.run.id>"},
		{"the placeholder of a time", []string{"--set", "@timestamp=<@timestamp>", bad}, 1, "",
			"put its value in the place of <@timestamp>"},
		{"filled in", []string{"--set", "ml.run.id=r", "--rejected", "x.ndjson", bad}, 2, "\n3 read: 0 indexed, 2 there already, 1 rejected (x.ndjson)\n", ""},
		{"filled in, and another is there", []string{"--set", "ml.run.id=s", "--rejected", "y.ndjson", good}, 2, "1 rejected (y.ndjson)\n", ""},
		{"its own rejected file", []string{"rejected.ndjson"}, 1, "", "rejected.ndjson is where rejected documents are written to"},
		{"no file", nil, 1, "", "ingest: no FILE"},
		{"not there", []string{"no.ndjson"}, 1, "", "no.ndjson"},
		{"no domain", []string{"--endpoint=", good}, 1, "", "which domain?"},
		{"a field that is none", []string{"--set", "ml.rum.id=1", good}, 1, "", "ml.rum.id"},
		{"no value", []string{"--set", "ml.run.id", good}, 1, "", "write FIELD=VALUE"},
		{"two values", []string{"--set", "ml.team=a", "--set", "ml.team=b", good}, 1, "", "is given twice"},
		{"an empty prefix", []string{"--index-prefix", "", good}, 1, "", `"--index-prefix" flag: it is empty`},
		{"an empty batch", []string{"--batch=", good}, 1, "", `"--batch" flag: it is empty`},
		{"a batch that cannot be", []string{"--batch", "b\xff", good}, 1, "", "\n--batch: "},
		{"a field that cannot be", []string{"--set", "ml.step=x", good}, 1, "", "\n--set: "},
		{"no month", []string{"--max-months", "0", good}, 1, "", "--max-months 0"},
		{"nothing listens", []string{"--endpoint", "http://127.0.0.1:1", "--retry-for", "0", good}, 1, "", "nothing listens there"},
		{"a dry run", []string{"--endpoint=", "--dry-run", bad}, 2, `"event.kind":"metric"`, "bad.ndjson:3: "},
		{"a dry run of what lacks", []string{"--endpoint=", "--dry-run", bad}, 2, "", "2 documents would be rejected"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := aimetrics("", append([]string{"ingest", endpoint}, test.arguments...)...)
			if got.code != test.code || !strings.Contains("\n"+got.out, test.out) || !strings.Contains("\n"+got.err, test.err) {
				t.Errorf("got %+v, want %d, %q and %q", got, test.code, test.out, test.err)
			}
			if test.code == 0 && got.err != "" {
				t.Errorf("stderr has %q", got.err)
			}
		})
	}

	// A row that only lacks is told once, and a password in an address never.
	shown := aimetrics("", "ingest", "--endpoint", "http://me:secret@localhost", "--retry-for", "0", "--dry-run", "folder")
	const lacks = "documents lack ml.run.id; where it is the same in all of an input, fill it in:\n" +
		"  aimetrics ingest --dry-run --endpoint '<endpoint>' --retry-for 0s --set ml.run.id='<ml.run.id>' folder/lacks.ndjson\n" +
		"1 document would be rejected\n"
	if shown.err != lacks {
		t.Errorf("got %q, want %q", shown.err, lacks)
	}

	// What was rejected is read again once it is mended.
	content, err := os.ReadFile("rejected.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	var line struct {
		File, Field, Reason, Raw string
		Line                     int
	}
	if err := json.NewDecoder(bytes.NewReader(content)).Decode(&line); err != nil || line.File != "bad.ndjson" || line.Line != 2 || line.Field != "ml.run.id" || line.Raw != noRun {
		t.Errorf("got %+v, %v", line, err)
	}
	mended := bytes.ReplaceAll(content, []byte(`\"ml.metric.name`), []byte(`\"ml.run.id\":\"new\",\"ml.metric.name`))
	write("mended.ndjson", string(mended[:bytes.IndexByte(mended, '\n')+1]))
	if got := aimetrics("", "ingest", endpoint, filepath.Join(".", "mended.ndjson")); got.code != 0 || !strings.Contains(got.out, "1 read: 1 indexed") {
		t.Errorf("mended: %+v", got)
	}
	// stdin, and the address of what came in.
	got := aimetrics(goodLine, "ingest", endpoint, "--kibana", "http://localhost:5601", "-")
	const address = `http://localhost:5601/app/dashboards#/view/ml-metrics.overview?_g=(time:(from:'2026-02-03T04:04:06.000Z',to:'2026-02-03T04:06:06.000Z'))`
	if got.code != 0 || got.out != "see it at "+address+"\n1 read: 0 indexed, 1 there already, 0 rejected\n" {
		t.Errorf("stdin: %+v", got)
	}
}

// A program that reads the counts of a run that was cut off knows how many documents are in none of them.
func TestTellUnfinished(t *testing.T) {
	var out bytes.Buffer
	err := (&ingesting{json: true}).tell(&out, ingest.Counts{Read: 9, Indexed: 4},
		errors.Join(&ingest.Unfinished{Cause: context.Canceled, Documents: 5, Unanswered: 2}), "")
	const want = `{"read":9,"indexed":4,"existing":0,"rejected":0,"unfinished":5,"unanswered":2}` + "\n"
	if err != nil || out.String() != want {
		t.Errorf("%v, %s, want %s", err, out.String(), want)
	}
}

func TestDelete(t *testing.T) {
	endpoint := "--endpoint=" + fakeDomain(t)
	for _, test := range []struct {
		arguments []string
		code      int
		out, err  string
	}{
		{[]string{}, 1, "", "which upload?"},
		{[]string{"--batch", "b"}, 1, "", `3 documents of the batch "b" in ml-metrics-20* would be deleted; add --yes to do so`},
		{[]string{"--batch", "b", "--dry-run"}, 0, "3 documents of the batch \"b\" in ml-metrics-20*; nothing was deleted (--dry-run)\n", ""},
	} {
		got := aimetrics("", append([]string{"delete", endpoint}, test.arguments...)...)
		if got.code != test.code || got.out != test.out || !strings.Contains(got.err, test.err) {
			t.Errorf("%v: %+v", test.arguments, got)
		}
	}
}
