//go:build integration && unix

package kibana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"cdktf-aimetrics/metrics"
)

// send sends JSON to the server and returns its answer.
func send(t testing.TB, server, method, path string, body []byte) object {
	t.Helper()
	request, err := http.NewRequest(method, server+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	written, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer object
	if err := json.Unmarshal(written, &answer); err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %.1000s", method, path, response.StatusCode, written)
	}
	return answer
}

// load puts documents into the server, below a template of the model.
func load(t testing.TB, server, prefix string, add func(send func(index, id string, source []byte))) {
	t.Helper()
	send(t, server, "PUT", "/_index_template/"+prefix, metrics.Settings{IndexPrefix: prefix}.Template(metrics.NoLifecycle))
	var bulk bytes.Buffer
	flush := func() {
		if bulk.Len() > 0 {
			answer := send(t, server, "POST", "/_bulk", bulk.Bytes())
			for _, item := range answer["items"].([]any) {
				if status := item.(object)["create"].(object)["status"].(float64); status != 201 && status != 409 {
					t.Fatalf("not all documents were taken: %.1000s", text(item))
				}
			}
			bulk.Reset()
		}
	}
	add(func(index, id string, source []byte) {
		fmt.Fprintf(&bulk, "{\"create\":{\"_index\":%q,\"_id\":%q}}\n%s\n", index, id, source)
		if bulk.Len() > 4<<20 {
			flush()
		}
	})
	flush()
	send(t, server, "POST", "/"+prefix+"-20*/_refresh", nil)
}
