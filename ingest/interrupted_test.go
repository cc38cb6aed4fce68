package ingest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What an interrupted run sent without an answer is not counted, and neither is what it read and did not send: the error says how many
// each is, in one line, and together with the counts it is all that was read.
func TestInterruptedUnanswered(t *testing.T) {
	f := newFake(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	const documents = 300 // of one block
	f.fault = func(_ http.ResponseWriter, r *http.Request, bulk bulk) bool {
		f.apply(bulk)
		cancel()
		<-r.Context().Done()
		return true
	}
	in := f.connect(t, Options{MaxRequests: 1, grace: 50 * time.Millisecond})
	in.pace.bytes.Store(2000)
	err := in.Load(ctx, reader(t, numbered(documents)))
	var unfinished *Unfinished
	if !errors.As(err, &unfinished) {
		t.Fatalf("got %v", err)
	}
	counts, _ := in.Close(ctx)
	if counts != (Counts{}) || f.count() == 0 || unfinished.Unanswered != int64(f.count()) {
		t.Errorf("%v, %d unanswered; %d are there", counts, unfinished.Unanswered, f.count())
	}
	if unfinished.Documents != documents {
		t.Errorf("%d of %d documents have no outcome", unfinished.Documents, documents)
	}
	text := err.Error()
	if strings.Contains(text, "context") || strings.Contains(text, "\n") || !strings.Contains(text, "sent and not answered") {
		t.Errorf("got %q", text)
	}
	t.Log(text)
}

// A request that is sent again after a lost answer, and answered then, is in no doubt.
func TestAnsweredInTheEnd(t *testing.T) {
	f := newFake(t)
	f.URL = faulty(t, first(2, lostAnswer), f)
	in := f.connect(t, Options{})
	f.item = func(_, _, source string) item {
		if strings.Contains(source, `"ml.step":7,"ecs.version`) {
			return item{400, "mapper_parsing_exception", "no"}
		}
		return item{}
	}
	if _, err := loadAll(t, in, numbered(60)); err != nil || in.tally.unanswered.Load() != 0 {
		t.Errorf("%d unanswered, %v", in.tally.unanswered.Load(), err)
	}
}
