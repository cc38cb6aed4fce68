package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"cdktf-aimetrics/ingest"
)

// progress shows on stderr how a run goes: a bar on a terminal, a line now and then elsewhere.
type progress struct {
	std    std
	bytes  func() (read, size int64) // of the inputs
	bar    *progressbar.ProgressBar  // nil where there is no terminal
	begun  time.Time
	ended  chan struct{}
	done   sync.WaitGroup
	once   sync.Once
	mutex  sync.Mutex
	status func() ingest.Status // nil before the first document
}

// How often the bar is drawn, and a line written.
const (
	barEvery  = 200 * time.Millisecond
	lineEvery = 10 * time.Second
)

func startProgress(std std, bytes func() (read, size int64)) *progress {
	p := &progress{std: std, bytes: bytes, begun: time.Now(), ended: make(chan struct{})}
	every := lineEvery
	if file, isFile := std.err.(*os.File); isFile && isatty.IsTerminal(file.Fd()) {
		every = barEvery
		_, size := bytes()
		if size == 0 {
			size = -1
		}
		p.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(file), progressbar.OptionSetWidth(24),
			progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionShowDescriptionAtLineEnd(),
			progressbar.OptionThrottle(0), progressbar.OptionSetElapsedTime(true))
	}
	p.done.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.show()
			case <-p.ended:
				return
			}
		}
	})
	return p
}

// of begins to show a run.
func (p *progress) of(status func() ingest.Status) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.status = status
}

// say tells why nothing goes on.
func (p *progress) say(reason string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.bar != nil {
		p.bar.Clear()
	}
	fmt.Fprintf(p.std.err, "waiting: %s\n", reason)
}

func (p *progress) show() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.status == nil {
		return
	}
	status := p.status()
	read, size := p.bytes()
	text := fmt.Sprintf("%v, %.0f/s", status.Counts, float64(status.Read)/time.Since(p.begun).Seconds())
	if status.Retries > 0 {
		text += fmt.Sprintf(", %d retries", status.Retries)
	}
	if status.Waiting != "" {
		text += ", waiting"
	}
	switch {
	case p.bar != nil:
		p.bar.Describe(text)
		p.bar.Set64(min(read, max(size-1, 0))) // the last byte is read before its documents are in
	case size > 0:
		fmt.Fprintf(p.std.err, "%d%% of the input: %s\n", 100*read/size, text)
	default:
		fmt.Fprintln(p.std.err, text)
	}
}

// stop ends it, and leaves the terminal's line empty.
func (p *progress) stop() {
	p.once.Do(func() {
		close(p.ended)
		p.done.Wait()
		if p.bar != nil {
			p.bar.Clear()
		}
	})
}
