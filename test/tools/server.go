package tools

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// Serve starts a server, which ends with the test, and returns what ready matched in the line by which it says that it
// takes requests.
func Serve(t testing.TB, ready *regexp.Regexp, commandLine ...string) []string {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(commandLine[0], commandLine[1:]...)
	server.Stdout, server.Stderr = writer, writer
	input, err := server.StdinPipe() // ends with this process, however that ends
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	t.Cleanup(func() {
		input.Close()
		server.Process.Kill()
		server.Wait()
		reader.Close()
	})
	var said strings.Builder
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		if match := ready.FindStringSubmatch(lines.Text()); match != nil {
			go io.Copy(io.Discard, reader) // or the server waits for somebody to read on
			return match
		}
		said.WriteString(lines.Text() + "\n")
	}
	t.Fatalf("%s ended before it was ready:\n%s", commandLine[0], &said)
	return nil
}
