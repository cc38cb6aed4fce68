package elastictest

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// FreePort is a port of loopback on which nothing listens. It is none of those that systems hand out by themselves, from 32768 on: while a
// server starts, or is away, such a one soon goes to the fake of another test, which then answers in the server's name.
func FreePort() (int, error) {
	for {
		port := 15000 + rand.IntN(17000)
		listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			return port, listener.Close()
		} else if !errors.Is(err, syscall.EADDRINUSE) {
			return 0, err
		}
	}
}
