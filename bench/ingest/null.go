package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"

	"cdktf-aimetrics/metrics"
)

// serveNull is a server that only answers: each document is created. It prints its address, and ends with its standard input.
func serveNull() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Printf("http://%s\n", listener.Addr())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	check(http.Serve(listener, http.HandlerFunc(answerNull)))
}

const (
	wholeItem = `{"create":{"_index":"ml-metrics-2026-08","_type":"_doc","_id":"AAAAAAAAAAAAAAAAAAAAAAAA","_version":1,"result":"created",` +
		`"_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1,"status":201}}`
	shortItem = `{"create":{"status":201}}`
)

func answerNull(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasPrefix(r.URL.Path, "/_index_template/"):
		fmt.Fprintf(w, `{"index_templates":[{"index_template":{"index_patterns":["ml-metrics-20*"],"_meta":{"managed_by":"aimetrics","version":%d,"partition":"month"}}}]}`,
			metrics.ModelVersion)
	case strings.HasSuffix(r.URL.Path, "/_bulk"):
		buffer, n := make([]byte, 256<<10), 0
		for {
			read, err := r.Body.Read(buffer)
			n += bytes.Count(buffer[:read], []byte{'\n'})
			if err != nil {
				break
			}
		}
		item := wholeItem
		if r.URL.RawQuery != "" {
			item = shortItem
		}
		out := bufio.NewWriterSize(w, 256<<10)
		out.WriteString(`{"took":1,"errors":false,"items":[`)
		for i := range n / 2 {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(item)
		}
		out.WriteString(`]}`)
		out.Flush()
	default:
		io.WriteString(w, `{"version":{"number":"7.10.2","build_flavor":"oss"},"tagline":"You Know, for Search"}`)
	}
}

// alive keeps the server's standard input open: collected as garbage, it would be closed.
var alive io.Closer

func startNull() (*exec.Cmd, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	server := exec.Command(self, "as-null-server")
	out, err := server.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if alive, err = server.StdinPipe(); err != nil {
		return nil, "", err
	}
	if err := server.Start(); err != nil {
		return nil, "", err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	return server, strings.TrimSpace(address), err
}
