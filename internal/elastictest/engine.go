//go:build unix

package elastictest

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Engine is a server's name and version.
type Engine struct {
	Name    string // elasticsearch or opensearch
	Version string
}

// The engines that our domains have, or must be told from.
var (
	// What AWS's 7.10 is built from. It has no lifecycle policies: those are Open Distro's.
	Elasticsearch = Engine{"elasticsearch", "7.10.2"}
	OpenSearch1   = Engine{"opensearch", "1.3.20"}
	OpenSearch2   = Engine{"opensearch", "2.19.1"}
)

func (engine Engine) String() string { return engine.Name + " " + engine.Version }

func (engine Engine) elastic() bool { return engine.Name == "elasticsearch" }

// artifacts is what the registry must be asked for.
func (engine Engine) artifacts(plugins []string) []string {
	if !engine.elastic() {
		return append([]string{"org.opensearch.distribution.integ-test-zip:opensearch:" + engine.Version + ":zip"}, plugins...)
	}
	return append([]string{
		"org.elasticsearch.distribution.integ-test-zip:elasticsearch:" + engine.Version + ":zip",
		// It depends on the jars of the modules that the distribution for tests leaves out.
		"org.codelibs:elasticsearch-cluster-runner:" + engine.Version + ".0",
	}, plugins...)
}

func (engine Engine) settingsFile() string { return engine.Name + ".yml" }

func (engine Engine) mainClass() string {
	if engine.elastic() {
		return "org.elasticsearch.bootstrap.Elasticsearch"
	}
	return "org.opensearch.bootstrap.OpenSearch"
}

func (engine Engine) properties(home, config string) []string {
	prefix := "-Dopensearch."
	if engine.elastic() {
		prefix = "-Des."
	}
	properties := []string{
		prefix + "path.home=" + home, prefix + "path.conf=" + config, prefix + "distribution.type=zip", prefix + "bundled_jdk=false",
	}
	if engine.elastic() {
		properties = append(properties, prefix+"distribution.flavor=oss")
	}
	return properties
}

// module is a part of Elasticsearch that the distribution for tests lacks and the registry has in jars.
type module struct {
	name, class, extends, permissions string
	jars                              []string
}

const classLoaders = `permission java.lang.RuntimePermission "createClassLoader"; permission java.lang.RuntimePermission "getClassLoader";`

// modules is what Kibana, our templates and our queries ask of Elasticsearch beyond its core.
var modules = []module{
	{"lang-painless", "org.elasticsearch.painless.PainlessPlugin", "", classLoaders, []string{
		"antlr4-runtime-4.5.1-1", "asm-7.2", "asm-analysis-7.2", "asm-commons-7.2", "asm-tree-7.2", "asm-util-7.2", "lang-painless-7.10.2",
		"scripting-painless-spi-7.10.2"}},
	{"lang-expression", "org.elasticsearch.script.expression.ExpressionPlugin", "", classLoaders, []string{
		"antlr4-runtime-4.5.1-1", "asm-7.2", "asm-commons-7.2", "asm-tree-7.2", "lang-expression-7.10.2", "lucene-expressions-8.7.0"}},
	{"analysis-common", "org.elasticsearch.analysis.common.CommonAnalysisPlugin", "lang-painless", "", []string{
		"analysis-common-7.10.2"}},
	{"aggs-matrix-stats", "org.elasticsearch.search.aggregations.matrix.MatrixAggregationPlugin", "", "", []string{
		"aggs-matrix-stats-7.10.2"}},
	{"mapper-extras", "org.elasticsearch.index.mapper.MapperExtrasPlugin", "", "", []string{"mapper-extras-7.10.2"}},
	{"reindex", "org.elasticsearch.index.reindex.ReindexPlugin", "", `permission java.net.SocketPermission "*", "connect";`, []string{
		"commons-codec-1.11", "commons-logging-1.1.3", "elasticsearch-rest-client-7.10.2", "httpasyncclient-4.1.4", "httpclient-4.5.10",
		"httpcore-4.4.12", "httpcore-nio-4.4.12", "reindex-7.10.2", "ssl-config-7.10.2"}},
}

// unpack puts the server together below folder, and returns its home.
func (engine Engine) unpack(artifacts, folder string, plugins []string) (string, error) {
	if err := unzip(filepath.Join(artifacts, engine.Name+"-"+engine.Version+".zip"), folder); err != nil {
		return "", err
	}
	home := filepath.Join(folder, engine.Name+"-"+engine.Version)
	for _, plugin := range plugins {
		parts := strings.Split(plugin, ":")
		if err := unzip(filepath.Join(artifacts, parts[1]+"-"+parts[2]+".zip"), filepath.Join(home, "plugins", parts[1])); err != nil {
			return "", err
		}
	}
	if !engine.elastic() {
		return home, nil
	}
	for _, module := range modules {
		if err := module.assemble(artifacts, filepath.Join(home, "modules", module.name)); err != nil {
			return "", err
		}
	}
	return home, nil
}

func (module module) assemble(artifacts, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, jar := range module.jars {
		content, err := os.ReadFile(filepath.Join(artifacts, jar+".jar"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, jar+".jar"), content, 0o644); err != nil {
			return err
		}
	}
	descriptor := fmt.Sprintf(`description=%s
version=7.10.2
name=%s
classname=%s
java.version=1.8
elasticsearch.version=7.10.2
extended.plugins=%s
has.native.controller=false
`, module.name, module.name, module.class, module.extends)
	if err := os.WriteFile(filepath.Join(folder, "plugin-descriptor.properties"), []byte(descriptor), 0o644); err != nil {
		return err
	}
	if module.permissions == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(folder, "plugin-security.policy"), []byte("grant { "+module.permissions+" };\n"), 0o644)
}

func unzip(archive, folder string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	defer reader.Close()
	for _, entry := range reader.File {
		if !filepath.IsLocal(entry.Name) {
			return fmt.Errorf("%s holds %q, which is outside of it", archive, entry.Name)
		}
		if err := extract(entry, filepath.Join(folder, entry.Name)); err != nil {
			return err
		}
	}
	return nil
}

func extract(entry *zip.File, path string) error {
	if entry.FileInfo().IsDir() {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	from, err := entry.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return err
	}
	return to.Close()
}
