package spec

import "strings"

// Needs returns what a value of one of aws_elasticsearch_domain's arguments asks for, and the first version of Elasticsearch that has
// it: of "cluster_config.instance_type" and "m6g.large.elasticsearch", the type itself and "7.9"; of
// "cluster_config.warm_enabled" and "true", "UltraWarm" and "6.8". Both are "" where every version has it, or the value turns it off.
func Needs(argument, value string) (what, version string) {
	for _, node := range (Domain{}).nodeTypes() {
		if kind, known := instanceKind(value); known && node.path == "domain."+argument {
			return value, kind.since.String()
		}
	}
	if value == "" || value == "false" || value == "DISABLED" {
		return "", ""
	}
	for _, feature := range features {
		rest, ok := strings.CutPrefix("domain."+argument, feature.path)
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return feature.name, feature.since.String()
		}
	}
	return "", ""
}

// OlderThan reports whether a version of Elasticsearch is older than another: 7.9 than 7.10. False if AWS has one of them not.
func OlderThan(one, other string) bool {
	a, known := findVersion(one)
	b, both := findVersion(other)
	return known && both && a.before(b.version)
}
