package review

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// large is a plan with so many resource changes, as Terraform writes it: each resource is also in prior_state and planned_values.
func large(t testing.TB, count int) []byte {
	people := load(t, "people")["resource_changes"].([]any)
	plan := planOf()
	var changes, resources []any
	for i := range count {
		var c object
		values := func(x int) object {
			return object{"name": fmt.Sprintf("thing-%d", i), "size": x, "description": strings.Repeat("words ", 20), "enabled": x%2 == 0, "labels": []any{"a", "b", fmt.Sprint(x)},
				"tags": object{"team": "ml", "run": fmt.Sprint(x)}, "block": []any{object{"path": "/a/b", "count": x, "nested": []any{object{"k": "v"}}}}}
		}
		switch i % 10 {
		case 0:
			c = copyOfAny(people[i/10%len(people)].(object))
			c["address"] = fmt.Sprintf("%s[%d]", c["address"], i)
			c["change"].(object)["actions"] = updating
		case 1:
			c = change(fmt.Sprintf("aws_cloudwatch_metric_alarm.a%d", i), updating, object{"metric_name": "m", "threshold": 1, "comparison_operator": "GreaterThanThreshold", "alarm_actions": []any{"x"}},
				object{"metric_name": "m", "threshold": 2, "comparison_operator": "GreaterThanThreshold", "alarm_actions": []any{"x"}})
		case 2:
			c = change(fmt.Sprintf("aws_s3_bucket.b%d", i), recreating, values(1), values(2))
		case 3:
			c = change(fmt.Sprintf("aws_thing.c%d", i), creating, nil, values(1))
		default:
			c = change(fmt.Sprintf("aws_thing.u%d", i), updating, values(1), values(2))
		}
		changes = append(changes, c)
		resources = append(resources, object{"address": c["address"], "values": c["change"].(object)["before"], "sensitive_values": object{}})
	}
	plan["resource_changes"] = changes
	for _, key := range []string{"prior_state", "planned_values"} {
		plan[key] = object{"values": object{"root_module": object{"resources": resources}}}
	}
	return encode(t, plan)
}

func copyOfAny(tree object) object {
	copied := object{}
	for key, value := range tree {
		if below, ok := value.(object); ok {
			value = copyOfAny(below)
		}
		copied[key] = value
	}
	return copied
}

func BenchmarkThousandChanges(b *testing.B) {
	plan := large(b, 1000)
	b.SetBytes(int64(len(plan)))
	b.ReportAllocs()
	work := func() {
		r, err := Read("test", bytes.NewReader(plan))
		if err != nil {
			b.Fatal(err)
		}
		markdown(Gate{refuses: Conditions}, MarkdownLimit, r)
		Write(io.Discard, Terminal{true}, []*Review{r}, Gate{refuses: Conditions})
	}
	peak := peakOf(work)
	for b.Loop() {
		work()
	}
	b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
}

// peakOf is the most memory that the heap takes while work runs, above what it takes before.
func peakOf(work func()) uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	before := stats.HeapAlloc
	var peak atomic.Uint64
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			runtime.ReadMemStats(&stats)
			peak.Store(max(peak.Load(), stats.HeapAlloc))
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	work()
	close(done)
	<-stopped
	return peak.Load() - min(before, peak.Load())
}

// The README's promise for a plan with a thousand changes, with room for a slow machine.
func TestThousandChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long, and has no table to itself")
	}
	plan := large(t, 1000)
	start := time.Now()
	peak := peakOf(func() {
		if got := written(plan); len(got) < 10_000 {
			t.Errorf("%d bytes of output", len(got))
		}
	})
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	if peak > 100<<20 {
		t.Errorf("took %d MiB", peak>>20)
	}
}

// TestLargePlan reads 20 MB, TestHugePlan, with the tag integration, 200 MB.
func TestLargePlan(t *testing.T) {
	readLarge(t, 20_000_000)
}

// readLarge holds that state that a review skips, and resources that stay as they are, are read in little memory: so many bytes, half of
// them state.
func readLarge(t *testing.T, size int64) {
	half := size / 2
	unchanged := `{"address":"a.b","mode":"managed","type":"a","change":{"actions":["no-op"],"before":{"x":"` + strings.Repeat("y", 1000) + `"},"after":{}}},`
	resource := `{"address":"a.b","values":{"text":"` + strings.Repeat("x", 900) + `","n":[1,2,3]}},`
	whole := func(part string) int64 { return half / int64(len(part)) * int64(len(part)) }
	plan := io.MultiReader(
		endless(`{"format_version":"1.2","prior_state":{"values":[`, resource, whole(resource)),
		endless(`1]},"resource_changes":[`, unchanged, whole(unchanged)),
		strings.NewReader(`{"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","change":{"actions":["delete"],"before":{}}}]}`))
	start := time.Now()
	peak := peakOf(func() {
		r, err := Read("test", plan)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := r.Headline().Plain(), "destroys aws_s3_bucket.b: all its objects are lost"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Logf("%d MB in %v, %d MiB at the peak", size/1_000_000, time.Since(start), peak>>20)
	if peak > 16<<20 {
		t.Errorf("took %d MiB", peak>>20)
	}
}

// endless is JSON without an end: start, then part again and again, up to so many bytes.
func endless(start, part string, size int64) io.Reader {
	return io.MultiReader(strings.NewReader(start), io.LimitReader(&repeated{part: part}, size))
}

type repeated struct {
	part string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.part[r.at:])
	r.at = (r.at + n) % len(r.part)
	return n, nil
}
