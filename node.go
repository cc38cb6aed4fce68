package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// oldestNode is the oldest Node.js that cdktf's library runs on.
var oldestNode = [2]int{20, 9}

const installNode = "install Node.js 22 or newer from https://nodejs.org"

// nodeEndOfLife is until when each release of Node.js gets security fixes. https://github.com/nodejs/release#release-schedule
var nodeEndOfLife = map[int]string{20: "2026-04-30", 21: "2024-06-01", 22: "2027-04-30", 23: "2025-06-01", 24: "2028-04-30", 25: "2026-06-01"}

// checkNode returns an error if there is no Node.js or one that is too old, and warns of one that gets no more fixes.
func checkNode(stderr io.Writer) error {
	named := os.Getenv("JSII_NODE")
	path, err := exec.LookPath(cmp.Or(named, "node"))
	switch {
	case err != nil && named != "":
		return fmt.Errorf("node: JSII_NODE is %q, and there is no such program; correct or unset it", named)
	case err != nil:
		return fmt.Errorf("node: is not on the PATH, and cdktf's library runs on it; %s", installNode)
	}
	question := []string{"--version"} // which starts no JavaScript, and takes milliseconds
	options := os.Getenv("NODE_OPTIONS")
	if options != "" {
		question = []string{"-p", "process.version"} // for options may keep Node.js from starting
	}
	output, err := exec.Command(path, question...).Output()
	if err != nil && options != "" {
		return fmt.Errorf("node: %s does not start with NODE_OPTIONS=%q; correct or unset them", path, options)
	}
	version := strings.TrimSpace(string(output))
	var major, minor int
	if _, scanError := fmt.Sscanf(version, "v%d.%d", &major, &minor); err != nil || scanError != nil {
		return fmt.Errorf("node: %s does not tell its version; %s", path, installNode)
	}
	if major < oldestNode[0] || major == oldestNode[0] && minor < oldestNode[1] {
		return fmt.Errorf("node: %s is older than %d.%d, which cdktf's library needs; %s", version, oldestNode[0], oldestNode[1], installNode)
	}
	if end, err := time.Parse(time.DateOnly, nodeEndOfLife[major]); err == nil && time.Now().After(end) {
		fmt.Fprintf(stderr, "warning: node: %s gets no security fixes since %s; %s\n", version, nodeEndOfLife[major], installNode)
	}
	return nil
}
