package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// The Node.js that cdktf's library runs on.
const (
	oldestNode  = "20.9"
	installNode = "install Node.js 22 or newer from https://nodejs.org"
)

// nodeEndOfLife is until when each release of Node.js gets security fixes. https://github.com/nodejs/release#release-schedule
var nodeEndOfLife = map[int]string{20: "2026-04-30", 21: "2024-06-01", 22: "2027-04-30", 23: "2025-06-01", 24: "2028-04-30"}

// nodeVersion is the answer of `node --version`, asked for while there is other work to do.
type nodeVersion struct {
	answer chan string
	err    error
}

// lookAtNode finds Node.js and asks it for its version. The error is that there is none.
func lookAtNode() (*nodeVersion, error) {
	path, err := exec.LookPath(or(os.Getenv("JSII_NODE"), "node"))
	if err != nil {
		return nil, fmt.Errorf("node: is not on the PATH, and cdktf's library runs on it; %s", installNode)
	}
	version := &nodeVersion{answer: make(chan string, 1)}
	go func() {
		output, err := exec.Command(path, "--version").Output()
		version.err = err
		version.answer <- strings.TrimSpace(string(output))
	}()
	return version, nil
}

// wait returns an error if Node.js is too old, and warns of one that gets no more fixes.
func (version *nodeVersion) wait(stderr io.Writer) error {
	answer := <-version.answer
	var major, minor int
	if _, err := fmt.Sscanf(answer, "v%d.%d", &major, &minor); version.err != nil || err != nil {
		return fmt.Errorf("node: does not tell its version (%q); %s", answer, installNode)
	}
	if oldMajor, oldMinor, _ := strings.Cut(oldestNode, "."); major*1000+minor < number(oldMajor)*1000+number(oldMinor) {
		return fmt.Errorf("node: %s is older than %s, which cdktf's library needs; %s", answer, oldestNode, installNode)
	}
	if end, err := time.Parse(time.DateOnly, nodeEndOfLife[major]); err == nil && time.Now().After(end) {
		fmt.Fprintf(stderr, "warning: node: %s gets no security fixes since %s; %s\n", answer, nodeEndOfLife[major], installNode)
	}
	return nil
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
