//go:build integration && unix

package kibana

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"cdktf-aimetrics/metrics"
)

// The dashboards in a real Kibana, in a real browser. No package registry has a Kibana 7: this test takes KIBANA_URL, a Kibana OSS 7.8 to
// 7.10 on the Elasticsearch at ES_URL, and skips without. Both are for tests: it writes the indices pages-20* and objects of its own.
//
// RECORD=1 writes what the pages ask for to testdata/requests.ndjson, and PICTURES=folder a picture of each page. YEAR=1 opens them on a
// year of sample data, a million documents, and each with the whole year as its time range too; -v says how long each takes.
func TestPages(t *testing.T) {
	kibana, server := strings.TrimSuffix(os.Getenv("KIBANA_URL"), "/"), strings.TrimSuffix(os.Getenv("ES_URL"), "/")
	if kibana == "" || server == "" {
		t.Skip("KIBANA_URL and ES_URL are not set: no registry has a Kibana 7, so this runs where somebody has one")
	}
	chromium, err := exec.LookPath(cmp.Or(os.Getenv("CHROMIUM"), "chromium"))
	if err != nil {
		t.Skip("there is no chromium (apt-get install chromium); CHROMIUM names another")
	}
	const prefix = "pages"
	end := time.Now().UTC().Truncate(time.Minute)
	var documents []document
	sample := metrics.Sample{Until: end}
	if os.Getenv("YEAR") != "" {
		sample.Days, sample.Documents = 365, 1_000_000
	}
	send(t, server, "DELETE", "/"+prefix+"-20*", nil)
	load(t, server, prefix, func(send func(string, string, []byte)) {
		documents = sampleDocuments(t, prefix, sample, send)
	})
	options := Options{IndexPrefix: prefix}
	importInto(t, kibana, Objects(options))

	allocator, cancel := chromedp.NewExecAllocator(context.Background(), append(
		chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.WindowSize(1366, 768),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
	)...)
	defer cancel()
	recording := &recording{prefix: prefix}
	for _, made := range Objects(options) {
		if made.Type != "dashboard" {
			continue
		}
		name := strings.TrimPrefix(made.ID, prefix+".")
		t.Run(name, func(t *testing.T) {
			panels := len(panelsOf(t, made))
			page := open(t, allocator, Address(kibana, options, name, end.AddDate(0, 0, -days[name]), end), made, recording)
			page.check(t, panels)
			for _, want := range shown(t, documents, end)[name] {
				if got := page.Texts[want.panel]; !slices.Contains(got, want.text) {
					t.Errorf("%s shows %q, want %q among it", want.panel, got, want.text)
				}
			}
			t.Logf("%d documents, %d days: complete after %s", len(documents), days[name], page.took.Round(100*time.Millisecond))
			if sample.Days > 0 {
				page = open(t, allocator, Address(kibana, options, name, end.AddDate(0, 0, -sample.Days), end), made, recording)
				page.check(t, panels)
				t.Logf("%d documents, %d days: complete after %s", len(documents), sample.Days, page.took.Round(100*time.Millisecond))
			}
		})
	}
	if os.Getenv("RECORD") != "" && !t.Failed() {
		recording.write(t)
	}
}

// importInto imports objects as setup does.
func importInto(t *testing.T, kibana string, objects []Object) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, _ := form.CreateFormFile("file", "dashboards.ndjson")
	if err := Encode(file, objects); err != nil {
		t.Fatal(err)
	}
	form.Close()
	request, _ := http.NewRequest("POST", kibana+"/api/saved_objects/_import?overwrite=true", &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("kbn-xsrf", "true")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	written, _ := io.ReadAll(response.Body)
	if !strings.Contains(string(written), `"success":true`) {
		t.Fatalf("the import: %d %.1000s", response.StatusCode, written)
	}
}

// page is what a dashboard shows.
type page struct {
	Panels, Complete int
	Marks            []string            // of errors and notices
	Cut              []string            // what does not fit
	Empty            []string            // panels that show nothing
	Tiles            []float64           // where the first four end
	Texts            map[string][]string // of charts, by the panel's title
	took             time.Duration
}

const look = `(() => {
  const panels = [...document.querySelectorAll('.react-grid-item')];
  const title = panel => (panel.querySelector('[data-title]') || panel).getAttribute('data-title') || '';
  const of = selector => [...document.querySelectorAll(selector)].map(found => found.innerText.trim().slice(0, 300));
  const texts = {};
  for (const panel of panels) {
    texts[title(panel)] = [...panel.querySelectorAll('svg.marks text')].map(found => found.textContent).filter(Boolean);
  }
  return {
    panels: panels.length,
    complete: document.querySelectorAll('[data-shared-item][data-render-complete="true"]').length,
    marks: of(['[data-test-subj=embeddableStackError]', '[data-test-subj=embeddableErrorLabel]', '[data-test-subj=noTSVBDataMessage]',
      '.euiToast', '.vgaVis__message', '.visError'].join(', ')),
    cut: panels.flatMap(panel => texts[title(panel)].filter(text => text.endsWith('…')).map(text => title(panel) + ': ' + text))
      .concat(panels.filter(panel => [...panel.querySelectorAll(
        '.kbnDocTableContainer, [data-test-subj=docTable], .visMarkdown, .icvContainer',
      )].some(inner => inner.scrollWidth > inner.clientWidth + 8)).map(panel => title(panel) + ' is wider than its panel')),
    empty: panels.filter(panel => /No values in this time range|No results found|No data to display/.test(panel.textContent)).map(title),
    tiles: panels.slice(2, 6).map(panel => panel.getBoundingClientRect().bottom),
    texts: texts,
  };
})()`

// days is the time range of each page, as it opens by itself.
var days = map[string]int{"overview": 30, "models": 90, "training": 90, "inference": 1, "language": 7, "drift": 30}

func open(t *testing.T, allocator context.Context, address string, made Object, recording *recording) page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1366, 768)); err != nil {
		t.Fatal(err)
	}
	recording.listen(t, ctx, made.ID)
	begun := time.Now()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	var seen page
	for seen.Panels == 0 || seen.Complete < seen.Panels {
		var err error
		if seen, err = chromedp.Run(ctx, chromedp.Evaluate[page](look)); err != nil {
			t.Fatalf("%v; %d of %d panels are complete", err, seen.Complete, seen.Panels)
		}
		if err := chromedp.Do(ctx, chromedp.Sleep(50*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	seen.took = time.Since(begun)
	if folder := os.Getenv("PICTURES"); folder != "" {
		name := made.ID[strings.LastIndex(made.ID, ".")+1:]
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	openDocuments(t, ctx)
	return seen
}

// openDocuments follows the link of a page to its documents.
func openDocuments(t *testing.T, ctx context.Context) {
	t.Helper()
	const follow = `(() => {
  const link = document.querySelector('a[href*="discover#/view"]');
  if (link) link.click();
  return document.querySelectorAll('[data-test-subj=docTableRow]').length;
})()`
	for seen := 0; seen == 0; {
		var err error
		if seen, err = chromedp.Run(ctx, chromedp.Evaluate[int](follow)); err == nil {
			err = chromedp.Do(ctx, chromedp.Sleep(time.Second))
		}
		if err != nil {
			t.Fatalf("its documents are not shown: %v", err)
		}
	}
}

func (page page) check(t *testing.T, panels int) {
	t.Helper()
	if page.Panels != panels || page.Complete != panels {
		t.Errorf("%d panels are there and %d complete, want %d", page.Panels, page.Complete, panels)
	}
	for what, found := range map[string][]string{"errors and notices": page.Marks, "cut off": page.Cut, "empty": page.Empty} {
		if len(found) > 0 {
			t.Errorf("%s: %q", what, found)
		}
	}
	for i, bottom := range page.Tiles {
		if bottom > 768 {
			t.Errorf("tile %d ends at %v, below the window", i+1, bottom)
		}
	}
}

// expectation is a text that a panel shows.
type expectation struct{ panel, text string }

// shown is what the pages must show of the sample data, computed here.
func shown(t *testing.T, documents []document, end time.Time) map[string][]expectation {
	t.Helper()
	models, runs, drifted, features := map[any]bool{}, map[any]bool{}, 0, 0
	newest := map[string]document{}
	month := float64(end.AddDate(0, 0, -30).UnixMilli())
	checks, failing := map[string]document{}, 0
	requests, errors := map[string]float64{}, map[string]float64{}
	for _, one := range documents {
		at := one["@timestamp"].(float64)
		if one["event.dataset"] == "ml.training" {
			runs[one["ml.run.id"]] = true
		}
		if at < month {
			continue
		}
		models[one["ml.model.name"]] = true
		if name := one["ml.drift.feature.name"]; name != nil {
			key := fmt.Sprint(one["ml.model.name"], one["ml.model.version"], name)
			if before, ok := newest[key]; !ok || before["@timestamp"].(float64) < at {
				newest[key] = one
			}
		}
		if name := one["ml.quality.check"]; name != nil {
			key := fmt.Sprint(one["ml.model.name"], name, one["ml.quality.feature.name"])
			if before, ok := checks[key]; !ok || before["@timestamp"].(float64) < at {
				checks[key] = one
			}
		}
		if count, ok := one["ml.inference.request_count"].(float64); ok && at > float64(end.AddDate(0, 0, -1).UnixMilli()) {
			key := fmt.Sprint(one["ml.model.name"], one["ml.model.version"])
			requests[key] += count
			failed, _ := one["ml.inference.error_count"].(float64)
			errors[key] += failed
		}
	}
	for _, one := range newest {
		features++
		if one["ml.drift.severity"].(float64) >= 1 {
			drifted++
		}
	}
	for _, one := range checks {
		if one["ml.quality.violated"] == true {
			failing++
		}
	}
	worst := 0.0
	for key, count := range requests {
		if count > 0 {
			worst = max(worst, errors[key]/count)
		}
	}
	rate := fmt.Sprintf("%.2f %%", 100*worst)
	if worst >= 0.1 {
		rate = fmt.Sprintf("%.1f %%", 100*worst)
	}
	return map[string][]expectation{
		"overview": {
			{"Models that report", fmt.Sprint(len(models))},
			{"Features beyond their threshold, newest", fmt.Sprintf("%d of %d", drifted, features)},
			{"Highest error rate of a model, last day", rate},
		},
		"training": {{"Training runs", fmt.Sprint(len(runs))}},
		"drift": {
			{"Features beyond their threshold, newest", fmt.Sprintf("%d of %d", drifted, features)},
			{"Data quality checks that fail, newest", fmt.Sprintf("%d of %d", failing, len(checks))},
		},
		"inference": {{"Highest error rate of a model, last day", rate}},
		"models": {
			// Which version is better? Lower is better for the error, and its interval is apart.
			{"Which version is better? Newest value [95 % interval], n, by model and metric", "root_mean_squared_error ↓"},
			{"Which version is better? Newest value [95 % interval], n, by model and metric", "better"},
		},
	}
}

// recording is what pages ask for.
type recording struct {
	prefix string
	mu     sync.Mutex
	lines  map[string]recorded
}

// files are what a browser keeps: a sample of them is enough.
var files = regexp.MustCompile(`^/\d+/bundles/|^/(ui|node_modules|translations|built_assets)/|/favicon|^/bundles/`)

func (r *recording) listen(t *testing.T, ctx context.Context, dashboard string) {
	t.Helper()
	most := int64(1 << 20)
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{MaxPostDataSize: &most}); err != nil {
		t.Fatal(err)
	}
	err := chromedp.Listen(ctx, func(event any) {
		sent, ok := event.(*network.EventRequestWillBeSent)
		if !ok || !strings.HasPrefix(sent.Request.URL, "http") {
			return
		}
		address, err := url.Parse(sent.Request.URL)
		if err != nil || files.MatchString(address.Path) {
			return
		}
		var body strings.Builder
		for _, part := range sent.Request.PostDataEntries {
			body.Write(part.Bytes)
		}
		line := recorded{Dashboard: strings.TrimPrefix(dashboard, r.prefix+"."), Method: sent.Request.Method, Path: address.RequestURI()}
		if written := body.String(); json.Valid([]byte(written)) {
			line.Body = json.RawMessage(written)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.lines == nil {
			r.lines = map[string]recorded{}
		}
		r.lines[text(line)] = line
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (r *recording) write(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []string
	for written := range r.lines {
		lines = append(
			lines,
			strings.NewReplacer(r.prefix+"-20*", "ml-metrics-20*", r.prefix+".", "ml-metrics.", `"`+r.prefix+`"`, `"ml-metrics"`).
				Replace(written),
		)
	}
	slices.Sort(lines)
	if err := os.WriteFile("testdata/requests.ndjson", []byte(strings.Join(slices.Compact(lines), "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}
