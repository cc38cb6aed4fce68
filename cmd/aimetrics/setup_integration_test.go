//go:build integration && unix

package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"cdktf-aimetrics/internal/elastictest"
)

// From an empty server to a domain that is ready, as a person sees it.
func TestSetup(t *testing.T) {
	server := startElastic(t)
	setup := []string{"setup", "--endpoint", server.URL}
	const note = "note: Elasticsearch 7.10.2 has no index state management: old indices stay until somebody deletes them\n" +
		"note: no Kibana is known, so there are no dashboards yet; name it with --kibana, or import them by hand: " +
		"`aimetrics dashboards > dashboards.ndjson`, then Stack Management, Saved Objects, Import in Kibana\n"
	first := server.URL + ": Elasticsearch 7.10.2, without a sign-in\n"

	got := aimetrics("", append(setup, "--dry-run")...)
	if got.code != 0 || got.err != note || !strings.HasPrefix(got.out, first+"index template \"ml-metrics\": would be created\n  + ") ||
		!strings.Contains(got.out, "\n  + template.mappings.properties.ml.properties.metric.properties.value.type: double\n") ||
		!strings.HasSuffix(got.out, "\nnothing was changed (--dry-run)\n") {
		t.Errorf("a dry run: %+v", got)
	}
	if got := aimetrics("", setup...); got.code != 0 || got.err != note || got.out != first+"index template \"ml-metrics\": created\n" {
		t.Errorf("setup after a dry run: %+v", got)
	}
	began := time.Now()
	if got := aimetrics("", setup...); got.code != 0 || got.err != note || got.out != first+"up to date, nothing to change\n" {
		t.Errorf("a second setup: %+v", got)
	}
	t.Logf("a setup that is up to date takes %s", time.Since(began).Round(time.Millisecond))
	if got := aimetrics("", append(setup, "--dry-run")...); got.code != 0 || got.out != first+"up to date, nothing to change\n" {
		t.Errorf("a dry run of what is up to date: %+v", got)
	}

	t.Run("of an environment's file", func(t *testing.T) {
		t.Chdir("../..")
		staging := []string{"setup", "--stack", "staging", "--endpoint", server.URL}
		got := aimetrics("", append(staging, "--dry-run")...)
		if got.code != 0 || !strings.Contains(got.out, "index template \"ml-metrics\": would be changed\n") ||
			!strings.Contains(got.out, "\n  ~ template.settings.index.number_of_replicas: 0 -> 2\n") {
			t.Errorf("a dry run: %+v", got)
		}
		if got := aimetrics("", staging...); got.code != 0 || !strings.HasSuffix(got.out, "index template \"ml-metrics\": changed\n") {
			t.Errorf("setup: %+v", got)
		}
		// Without the file, what the file said stays.
		if got := aimetrics("", setup...); got.code != 0 || got.out != first+"up to date, nothing to change\n" {
			t.Errorf("setup by the address: %+v", got)
		}
	})
}

// elastic starts the real Elasticsearch OSS 7.10.2 of this package's tests.
var elastic = sync.OnceValues(func() (*elastictest.Server, error) {
	server, err := elastictest.Start(elastictest.Options{})
	started = server
	return server, err
})

func startElastic(t *testing.T) *elastictest.Server {
	t.Helper()
	server, err := elastic()
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// started is that server, once a test has asked for it.
var started *elastictest.Server

func init() {
	afterTests = func() {
		if started != nil {
			started.Close()
		}
	}
}
