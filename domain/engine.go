package domain

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"cdktf-aimetrics/metrics"
)

// Engine is what a domain runs.
type Engine struct {
	// "Elasticsearch" or "OpenSearch".
	Name string
	// Such as "7.10.2"; of an OpenSearch that calls itself 7.10.2 for the sake of old clients, that.
	Version string
	// Which index state management it has.
	Lifecycle metrics.Lifecycle

	major, minor int
	plugins      string // where the paths of plugins begin: _opendistro or _plugins
}

// String is how one speaks of the engine: "Elasticsearch 7.10.2 with Open Distro".
func (e Engine) String() string {
	if e.Name == "Elasticsearch" && e.Lifecycle != metrics.NoLifecycle {
		return e.Name + " " + e.Version + " with Open Distro"
	}
	return e.Name + " " + e.Version
}

// Engine finds out what the domain runs. The error is that it does not answer, or that it runs what setup is not made for: all
// but Elasticsearch OSS 7.8 to 7.10 and OpenSearch 1 and 2.
func (c *Client) Engine(ctx context.Context) (Engine, error) {
	var root struct {
		Version struct {
			Number, Distribution string
			BuildFlavor          string `json:"build_flavor"`
		}
		Tagline string
	}
	if err := c.Send(ctx, http.MethodGet, "/", nil, &root); err != nil {
		return Engine{}, err
	}
	engine := Engine{Name: "Elasticsearch", Version: oneLine(root.Version.Number, 40), plugins: "_opendistro"}
	// OpenSearch 1 leaves its distribution out where it calls itself 7.10.2.
	if root.Version.Distribution == "opensearch" || strings.Contains(root.Tagline, "OpenSearch") {
		engine.Name, engine.plugins = "OpenSearch", "_plugins"
	}
	var ok bool
	if engine.major, engine.minor, ok = majorMinor(root.Version.Number); !ok {
		return Engine{}, fmt.Errorf("%s answers, and is neither Elasticsearch nor OpenSearch; mend the address", c.base)
	}
	const made = "aimetrics is made for Elasticsearch OSS 7.8 to 7.10 and OpenSearch 1 and 2; "
	switch {
	case engine.Name == "OpenSearch" && engine.major != 1 && engine.major != 2 && engine.major != 7:
		return Engine{}, fmt.Errorf("%s runs %s, and %suse one of these", c.base, engine, made)
	case engine.Name == "OpenSearch":
	case engine.major != 7 || engine.minor > 10:
		return Engine{}, fmt.Errorf("%s runs %s, and %suse one of these", c.base, engine, made)
	case engine.minor < 8:
		return Engine{}, fmt.Errorf("%s runs %s, and %supgrade it: index templates as they are needed came with 7.8", c.base, engine, made)
	case root.Version.BuildFlavor != "" && root.Version.BuildFlavor != "oss" && root.Version.BuildFlavor != "unknown":
		return Engine{}, fmt.Errorf("%s runs Elastic's own build of %s (%s), and %suse elasticsearch-oss", c.base, engine,
			oneLine(root.Version.BuildFlavor, 20), made)
	}
	var err error
	engine.Lifecycle, err = c.lifecycle(ctx, engine)
	return engine, err
}

func majorMinor(version string) (major, minor int, ok bool) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return 0, 0, false
	}
	major, err := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return major, minor, errors.Join(err, err2) == nil
}

// lifecycle finds out which index state management the engine has.
func (c *Client) lifecycle(ctx context.Context, engine Engine) (metrics.Lifecycle, error) {
	there, err := c.hasPlugin(ctx, "/"+engine.plugins+"/_ism/policies/aimetrics")
	switch {
	case err != nil || !there:
		return metrics.NoLifecycle, err
	case engine.Name == "OpenSearch":
		return metrics.OpenSearch, nil
	case engine.minor < 10: // Open Distro 1.13 came with 7.10
		return metrics.NamedByIndex, nil
	}
	return metrics.OpenDistro, nil
}

// hasPlugin reports whether a plugin's path is known. Three parts below it are needed: two would be a document's path, or an
// index's.
func (c *Client) hasPlugin(ctx context.Context, path string) (bool, error) {
	err := c.Send(ctx, http.MethodGet, path, nil, nil)
	var fault *Fault
	switch {
	case err == nil:
		return true, nil
	case !errors.As(err, &fault):
		return false, err
	case fault.Status == http.StatusNotFound:
		return true, nil // no such policy, or role
	case fault.Status == http.StatusBadRequest && strings.Contains(fault.Reason, "no handler found"),
		// AWS, of a path that the domain has not.
		strings.Contains(fault.Reason, "is not allowed") && strings.Contains(fault.Reason, "Your request"):
		return false, nil
	}
	return false, err
}
