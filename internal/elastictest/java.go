//go:build unix

package elastictest

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
)

// command is the line that bin/elasticsearch would run, without the launchers that need the full distribution.
func (server *Server) command() []string {
	engine, folder := server.options.Engine, server.folder
	settings := map[string]string{
		"path.data":      filepath.Join(folder, "data"),
		"path.logs":      filepath.Join(folder, "logs"),
		"network.host":   "127.0.0.1",
		"http.port":      strconv.Itoa(server.port),
		"transport.port": strconv.Itoa(server.node),
		"discovery.type": "single-node",
		"cluster.name":   "elastictest",
		"node.name":      "one",
		// A machine whose disk is nearly full tests as well as any other.
		"cluster.routing.allocation.disk.threshold_enabled": "false",
	}
	maps.Copy(settings, server.options.Settings)
	line := []string{
		java(), "-Xms" + server.options.Heap, "-Xmx" + server.options.Heap,
		// A server that lives for seconds, on a machine that others use as well.
		"-XX:+UseSerialGC", "-XX:-UsePerfData",
		"-Djava.security.manager=allow", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djna.nosys=true",
		"-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true", "-Dio.netty.recycler.maxCapacityPerThread=0",
		"-Dio.netty.allocator.numDirectArenas=0", "-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true",
		"-Dlog4j2.formatMsgNoLookups=true", "-Djava.locale.providers=SPI,COMPAT",
		"-Djava.io.tmpdir=" + filepath.Join(folder, "tmp"),
	}
	line = append(line, engine.properties(server.home, filepath.Join(folder, "config"))...)
	line = append(line, "-cp", filepath.Join(server.home, "lib", "*"), engine.mainClass())
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		line = append(line, "-E"+name+"="+settings[name])
	}
	return line
}

// java is Java 17, the newest that Elasticsearch 7.10 runs on, where Debian and Ubuntu have it, and what PATH has elsewhere.
func java() string {
	if found, _ := filepath.Glob("/usr/lib/jvm/*17*/bin/java"); len(found) > 0 {
		return found[0]
	}
	return "java"
}
