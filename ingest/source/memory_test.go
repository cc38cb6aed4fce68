package source

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// repeated gives head, then body again and again up to a size, then tail.
type repeated struct {
	head, body, tail string
	left             int64
	rest             string
	stage            int
}

func (r *repeated) Read(into []byte) (int, error) {
	for r.rest == "" {
		switch {
		case r.stage == 0:
			r.rest, r.stage = r.head, 1
		case r.stage == 1 && r.left > 0:
			r.rest = r.body
		case r.stage == 1:
			r.rest, r.stage = r.tail, 2
		default:
			return 0, io.EOF
		}
	}
	n := copy(into, r.rest)
	r.rest, r.left = r.rest[n:], r.left-int64(n)
	return n, nil
}

// full reads as much as there is room for, as from a disk.
type full struct{ io.Reader }

func (f full) Read(into []byte) (int, error) {
	n, err := io.ReadFull(f.Reader, into)
	if err == io.ErrUnexpectedEOF {
		err = nil
	}
	return n, err
}

// large is an input of each format that has no end of its own, and what in an input must not fill the memory. What fills the memory is
// bytes, and what takes time is documents: one in so many bytes, or more.
func large(documentIn int) map[string]*repeated {
	pad := strings.Repeat(" ", documentIn)
	many := func(text string) string { return strings.ReplaceAll(text, "~", pad) }
	long := strings.Repeat("x", 64<<10)
	var wide strings.Builder // with as many columns as a file may have
	wide.WriteString("epoch")
	for i := range mostColumns - 1 {
		fmt.Fprintf(&wide, ",m%d", i)
	}
	return map[string]*repeated{
		"ndjson":                    {body: many(`{~"@timestamp":"2026-11-26T12:00:00Z","event.dataset":"ml.training","ml.run.id":"r","ml.metrics":{"loss":0.5}}` + "\n")},
		"csv":                       {head: "@timestamp,event.dataset,ml.run.id,ml.metrics.loss\n", body: many("2026-11-26T12:00:00Z,ml.training,r,0.5~\n")},
		"keras":                     {head: "epoch,loss,val_loss\n", body: many("1,0.5~,0.6\n")},
		"keras, wide":               {head: wide.String() + "\n", body: "1" + strings.Repeat(",0.5", mostColumns-1) + "\n"},
		"tensorboard":               {head: "step,tag,value,wall_time\n", body: many("1,loss,0.5~,1795711928.25\n")},
		"wandb":                     {body: many(`{"_step":1,~"train/loss":0.5,"val/loss":0.6,"_timestamp":1795711928.25}` + "\n")},
		"huggingface":               {head: `{"log_history": [{"loss": 1}`, body: many(`,{"loss": 0.5,~"step": 1}`), tail: "]}"},
		"xgboost":                   {head: `{"train": {"rmse": [0.5`, body: many(",~0.5"), tail: "]}}"},
		"classification_report":     {head: `{`, body: many(`"a": {~"precision": 0.5, "recall": 0.5, "f1-score": 0.5, "support": 1},`)},
		"evidently":                 {head: `{"metrics": [{"metric_name": "RowCount()", "value": 1}`, body: many(`,{~"metric_name": "RowCount()", "value": 1}`), tail: "]}"},
		"evidently, a distribution": {head: `{"metrics": [{"metric": "x", "result": {"current": [1`, body: many(",~0.5"), tail: "]}}]}"},
		"huggingface, a text":       {head: `{"log_history": [{"loss": "`, body: long},
		"huggingface, white space":  {head: `{"log_history": [`, body: strings.Repeat(" ", 64<<10)},
		"huggingface, a number":     {head: `{"log_history": [{"loss": `, body: strings.Repeat("1", 64<<10)},
		"huggingface, deep":         {head: `{"log_history": `, body: strings.Repeat("[", 64<<10)},
		"ndjson, a line":            {head: "{", body: long},
		"wandb, lines":              {body: `{"_step": 1, "a": 1, "b": "` + strings.Repeat(long, 8) + `"}` + "\n"},
		"keras, a quote":            {head: "epoch,loss\n\"", body: long + "\n"},
		"keras, a line":             {head: "epoch,loss\n", body: long},
	}
}

// peak reads an input to its end, and returns how much the heap had at most, of what a collection would leave.
func peak(t testing.TB, format string, content io.Reader) (heap uint64) {
	t.Helper()
	format, _, _ = strings.Cut(format, ",")
	reader, err := Open([]string{"-"}, Options{Format: format, Stdin: full{content}})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var block Block
	var memory runtime.MemStats
	for i := 0; ; i++ {
		if err := reader.Next(context.Background(), &block); err == io.EOF {
			return heap
		} else if err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&memory)
			heap = max(heap, memory.HeapAlloc)
		}
	}
}

// TestMemory reads few documents of many bytes, TestMemoryOfDocuments, with the tag integration, more of both.
func TestMemory(t *testing.T) { holdMemory(t, 8<<20, 5000) }

// holdMemory reads inputs larger than what they may take, of so many bytes, with a document in documentIn.
func holdMemory(t *testing.T, size int64, documentIn int) {
	t.Helper()
	for name, content := range large(documentIn) {
		t.Run(name, func(t *testing.T) {
			size, most := size, int64(6<<20)
			if strings.HasPrefix(name, "keras,") { // a reader of CSV may hold one long line, and the names of many columns
				size, most = size+2*longestLine, most+longestLine
			}
			if content.left = size; name == "keras, wide" {
				content.left = int64(400_000_000 / documentIn * 4) // as many documents of four bytes each
			}
			if heap := peak(t, name, content); heap > uint64(most) {
				t.Errorf("an input of %d MiB takes %d MiB of memory, want %d at most", size>>20, heap>>20, most>>20)
			}
		})
	}
}

// BenchmarkFormats reads each format. What counts is how they stand to ndjson in the same run.
func BenchmarkFormats(b *testing.B) {
	const size = 8 << 20
	for _, name := range []string{"ndjson", "csv", "keras", "tensorboard", "wandb", "huggingface", "xgboost", "evidently, a distribution"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				content := large(1000)[name]
				content.left = size
				format, _, _ := strings.Cut(name, ",")
				reader, err := Open([]string{"-"}, Options{Format: format, Stdin: full{content}})
				if err != nil {
					b.Fatal(err)
				}
				var block Block
				for err == nil {
					err = reader.Next(context.Background(), &block)
				}
				reader.Close()
			}
		})
	}
}
