package kibana

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"aimetrics/metrics"
)

func TestLoad(t *testing.T) {
	es := os.Getenv("LOAD_ES")
	if es == "" {
		t.Skip()
	}
	do := func(m, p string, b []byte) {
		r, _ := http.NewRequest(m, es+p, bytes.NewReader(b))
		r.Header.Set("Content-Type", "application/json")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := io.ReadAll(a.Body)
		a.Body.Close()
		if a.StatusCode > 299 {
			t.Log(p, string(x[:min(len(x), 600)]))
		}
	}
	do("DELETE", "/ml-metrics-20*", nil)
	do("PUT", "/_index_template/ml-metrics", metrics.Settings{}.Template(metrics.NoLifecycle))
	n, _ := strconv.Atoi(os.Getenv("LOAD_N"))
	days, _ := strconv.Atoi(os.Getenv("LOAD_DAYS"))
	enc, err := metrics.NewEncoder(metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	count := 0
	for row := range (metrics.Sample{Until: time.Now(), Documents: n, Days: days}).Rows() {
		for d, err := range enc.Row(row) {
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&body, "{\"create\":{\"_index\":%q,\"_id\":%q}}\n%s\n", d.Index, d.ID.String(), d.Source)
			count++
			if body.Len() > 4<<20 {
				do("POST", "/_bulk", body.Bytes())
				body.Reset()
			}
		}
	}
	do("POST", "/_bulk", body.Bytes())
	do("POST", "/ml-metrics-20*/_refresh", nil)
	t.Log(count)
}
