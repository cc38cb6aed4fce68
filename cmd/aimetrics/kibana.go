package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"cdktf-aimetrics/domain"
)

const kibanaHelp = `Lets your browser into the Kibana of a domain that IAM guards, where it says "User: anonymous is not "+
	"authorized" otherwise: a proxy on
this machine signs what the browser sends. Where people sign in by Cognito or SAML, open Kibana's own address instead.

The address that it prints has a token, and whoever opens it is signed in as you until you end it with Ctrl-C: other users of this machine
and other pages in your browser do not get in. It lets Kibana's paths through, and with --all the whole domain.

A domain in a VPC is reached through a port forward, such as one of Session Manager on an instance in the VPC:

  aws ssm start-session --target i-0123456789abcdef0 --document-name AWS-StartPortForwardingSessionToRemoteHost \
    --parameters host=<the domain's endpoint>,portNumber=443,localPortNumber=9443
  aimetrics kibana --stack prod --connect-to localhost:9443
` + connectionHelp

const kibanaExample = `  aimetrics kibana --stack dev
  aimetrics kibana --stack prod --connect-to localhost:9443 --no-browser
  aimetrics kibana --endpoint https://search-model-metrics-abc.eu-central-1.es.amazonaws.com`

// defaultPort is where the proxy listens, so that bookmarks stay right; another one if it is taken.
const defaultPort = 5602

func kibanaCommand(std std) *cobra.Command {
	var from connection
	var port int
	var noBrowser, all bool
	command := &cobra.Command{
		Use:     "kibana",
		Short:   "Lets your browser into Kibana",
		Long:    kibanaHelp,
		Example: kibanaExample,
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			target, err := from.target(command.Context(), std)
			if err != nil {
				return err
			}
			listener, err := listen(port, command.Flags().Changed("port"))
			if err != nil {
				return err
			}
			return serveKibana(command.Context(), std, target, listener, all, noBrowser)
		},
	}
	from.addFlags(command)
	command.Flags().IntVar(&port, "port", defaultPort, "listen on this `PORT` of 127.0.0.1; 0 is any")
	command.Flags().BoolVar(&noBrowser, "no-browser", false, "print the address and open no browser")
	command.Flags().BoolVar(&all, "all", false, "let all paths of the domain through, not Kibana's alone")
	return command
}

// listen listens on the port, or on any where it is taken and nobody asked for it.
func listen(port int, asked bool) (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
		return listener, err
	}
	if asked {
		return nil, fmt.Errorf("--port %d is taken by another program; leave it out to listen on a free one", port)
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

// serveKibana is the proxy, until ctx ends.
func serveKibana(ctx context.Context, std std, target target, listener net.Listener, all, noBrowser bool) error {
	defer listener.Close()
	client := target.client
	proxy, err := client.Proxy(domain.ProxyOptions{Address: listener.Addr().String(), All: all,
		IndexPrefix: target.wanted.Settings.WithDefaults().IndexPrefix, Tell: func(line string) { fmt.Fprintln(std.err, line) }})
	if err != nil {
		return err
	}
	if err := proxy.Check(ctx); err != nil {
		return err
	}
	server := &http.Server{Handler: proxy, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Fprintf(std.out, "Kibana of %s, signed in %s, until Ctrl-C:\n%s\n", client.Endpoint(), client.SignIn(), proxy.URL())
	if !noBrowser && isTerminal(std.out) {
		openBrowser(ctx, proxy.URL())
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(closing) != nil {
			server.Close()
		}
		return nil
	}
}

func isTerminal(out any) bool {
	file, ok := out.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

// openBrowser opens the address where there is something to open it with; where not, the address is printed all the same.
func openBrowser(ctx context.Context, address string) {
	var command []string
	switch {
	case runtime.GOOS == "darwin":
		command = []string{"open", address}
	case runtime.GOOS == "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler", address}
	case cmp.Or(os.Getenv("DISPLAY"), os.Getenv("WAYLAND_DISPLAY")) != "":
		command = []string{"xdg-open", address}
	default:
		return
	}
	browser := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...)
	if browser.Start() == nil {
		go browser.Wait()
	}
}
