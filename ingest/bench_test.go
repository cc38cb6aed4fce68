package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/ingest/source"
	"cdktf-aimetrics/metrics"
)

// BenchmarkLoad is lines of our own model into a server that only answers, in the same process.
func BenchmarkLoad(b *testing.B)       { benchmarkLoad(b, false) }
func BenchmarkLoadPacked(b *testing.B) { benchmarkLoad(b, true) }

func benchmarkLoad(b *testing.B, packs bool) {
	const n = 100_000
	var text bytes.Buffer
	for i := range n {
		fmt.Fprintf(&text, `{"@timestamp":"2026-%02d-01T10:%02d:%02d.000Z","event.dataset":"ml.training","ml.run.id":"run-%06d",`+
			`"ml.model.name":"fraud-classifier",`+
			`"ml.experiment.name":"fraud","ml.dataset.split":"train","ml.step":%d,"service.environment":"production","ml.metric.name":"loss","ml.metric.value":%d.%06d,"labels.team":"risk"}`+"\n",
			1+i*3/n, i/60%60, i%60, i/1000, i, i%7, i)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprint(w, templateOf(`"ml-metrics-20*"`, metrics.ModelVersion, "month"))
			return
		}
		var body io.Reader = r.Body
		if packs {
			body, _ = gzip.NewReader(r.Body)
		}
		buffer, lines := make([]byte, 256<<10), 0
		for {
			read, err := body.Read(buffer)
			lines += bytes.Count(buffer[:read], []byte{'\n'})
			if err != nil {
				break
			}
		}
		fmt.Fprintf(w, `{"items":[%s]}`, strings.TrimSuffix(strings.Repeat(string(created)+",", lines/2), ","))
	}))
	defer server.Close()
	client, err := domain.Connect(context.Background(), domain.Options{Endpoint: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		in, err := New(context.Background(), client, Options{Rejected: filepath.Join(b.TempDir(), "r")})
		if err != nil {
			b.Fatal(err)
		}
		in.packs = packs
		reader, err := source.Open([]string{"-"}, source.Options{Stdin: bytes.NewReader(text.Bytes())})
		if err != nil {
			b.Fatal(err)
		}
		if err := in.Load(context.Background(), reader); err != nil {
			b.Fatal(err)
		}
		if counts, err := in.Close(context.Background()); counts.Indexed != n || err != nil {
			b.Fatal(counts, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}
