package ingest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	seeds     = flag.Int("seeds", 15, "how many seeds TestRandom tries")
	firstSeed = flag.Uint64("first-seed", 1, "the first of them")
)

// mixed is what may go wrong in one run, more than once; of the two lists that end it one alone.
var mixed = []fault{
	says(429, "application/json", rejectedBusy),
	says(503, "text/html", htmlPage),
	says(403, "application/json", `{"message":"Request throttled due to too many requests"}`),
	says(200, "text/html", htmlPage),
	func(w http.ResponseWriter, _ *http.Request, _ int64, _ http.Handler) { hangUp(w) },
	halfRequest,
	someItems(busyItem, every(3)),
	someItems(item{503, "unavailable_shards_exception", "primary shard is not active"}, every(2)),
	tooLarge(900),
}

// Where an answer was lost, a document may be in the index and yet be refused afterwards. So a run has one or the other, and its counts
// are held to what is there exactly.
var (
	lost = []fault{
		halfAnswer,
		lostAnswer,
		rewritten(func(answer []byte) []byte { return answer[:len(answer)/2] }),
		rewritten(func([]byte) []byte { return []byte(`{"errors":false,"items":[]}`) }),
	}
	denied = []fault{
		someItems(item{403, "security_exception", "no permissions"}, every(4)),
		someItems(item{500, "exception", "once"}, every(7)),
	}
)

// However faults come together, and whenever a run is interrupted: the counts balance, each document is in the index or in the rejected
// file, and a second run completes it and doubles nothing.
func TestRandom(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	randoms(t, *seeds)
}

// randoms tries so many seeds.
func randoms(t *testing.T, seeds int) {
	t.Helper()
	var group sync.WaitGroup
	next := make(chan uint64)
	for range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			for seed := range next {
				// What a seed starts ends with it.
				t.Run(fmt.Sprint(seed), func(t *testing.T) { random(t, seed) })
			}
		}()
	}
	for i := range uint64(seeds) {
		next <- *firstSeed + i
	}
	close(next)
	group.Wait()
	t.Logf("%d seeds from %d on", seeds, *firstSeed)
}

// randomInput is lines of all kinds; of each bad one the number.
func randomInput(random *rand.Rand) (text string, documents, rejected int64) {
	var all strings.Builder
	for i := range 20 + random.IntN(150) {
		switch random.IntN(20) {
		case 0:
			fmt.Fprintf(&all, "{\"broken\": %d\n", i)
			rejected++
		case 1:
			bad, copies := 1+random.IntN(3), 1+random.IntN(5)
			fmt.Fprintf(&all, `{"@timestamp":"2026-01-01T00:00:00Z","event.dataset":"ml.training","ml.run.id":"r","ml.step":%d,`, i)
			all.WriteString(`"ml.metrics":{`)
			for n := range copies {
				fmt.Fprintf(&all, `"good-%d":%d,`, n, n)
			}
			for n := range bad {
				fmt.Fprintf(&all, `"bad-%d":null,`, n)
			}
			all.WriteString(`"last":1}}` + "\n")
			rejected += int64(bad)
			documents += int64(copies) + 1
		default:
			fmt.Fprintf(&all, `{"@timestamp":"2026-%02d-01T00:00:00Z","event.dataset":"ml.training","ml.run.id":"r%s","ml.step":%d,`+
				`"ml.metric.name":"a","ml.metric.value":1}`+"\n",
				1+random.IntN(3), strings.Repeat("x", random.IntN(200)), i)
			documents++
		}
	}
	return all.String(), documents, rejected
}

func random(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	text, documents, bad := randomInput(random)
	f := newFake(t)
	defer f.Close()
	rate := random.Float64() * 0.6
	mixed := slices.Concat(mixed, [][]fault{lost, denied}[random.IntN(2)])
	var mutex sync.Mutex
	f.URL = faulty(t, func(w http.ResponseWriter, r *http.Request, n int64, next http.Handler) {
		mutex.Lock()
		wrong, which := random.Float64() < rate, random.IntN(len(mixed))
		mutex.Unlock()
		if wrong {
			mixed[which](w, r, n, next)
			return
		}
		next.ServeHTTP(w, r)
	}, f)
	folder, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Error(err)
		return
	}
	rejectedPath := filepath.Join(folder, "rejected.ndjson")
	size := int64(600 + random.IntN(3000))
	interrupted := random.IntN(4) == 0

	run := func(isFirst bool) (Counts, error) {
		in := f.connect(t, Options{Rejected: rejectedPath, RetryFor: 20 * time.Second, grace: 50 * time.Millisecond})
		in.pace.smallest = 100
		in.pace.bytes.Store(size)
		in.pace.largest.Store(2 * size)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		if isFirst && interrupted {
			time.AfterFunc(time.Duration(seed%30)*time.Millisecond, cancel)
		}
		err := in.Load(ctx, reader(t, text))
		closing, stop := context.WithCancel(context.Background())
		if err != nil {
			stop()
		}
		defer stop()
		counts, closeError := in.Close(closing)
		if closeError != nil && err == nil {
			err = closeError
		}
		return counts, err
	}
	counts, err := run(true)
	lines := readRejected(t, rejectedPath)
	var inFile int64
	for _, line := range lines {
		inFile += line.Documents
	}
	var unfinished *Unfinished
	switch {
	case errors.As(err, &unfinished) && interrupted:
		if counts.Read > documents+bad || int64(f.count()) < counts.Indexed+counts.Existing || inFile < counts.Rejected {
			t.Errorf("seed %d, interrupted: %v of %d; %d are there, %d in the file", seed, counts, documents+bad, f.count(), inFile)
		}
	case err != nil:
		t.Errorf("seed %d: %v", seed, err)
	default:
		if counts.Read != documents+bad || int64(f.count()) != counts.Indexed+counts.Existing || inFile != counts.Rejected ||
			int64(f.count())+inFile != documents+bad {
			t.Errorf("seed %d: %v of %d, %d bad; %d are there, %d in the file", seed, counts, documents+bad, bad, f.count(), inFile)
		}
	}
	// Without faults, and over what the first run left.
	mutex.Lock()
	rate = 0
	mutex.Unlock()
	os.Remove(rejectedPath)
	counts, err = run(false)
	if err != nil || counts.Read != documents+bad || counts.Rejected != bad || int64(f.count()) != documents {
		t.Errorf("seed %d, the second run: %v of %d, %d bad; %d are there; %v", seed, counts, documents+bad, bad, f.count(), err)
	}
}
