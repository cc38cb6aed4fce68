package kibana

import "cdktf-aimetrics/metrics"

// IndexPattern returns the index pattern of an index prefix, whose id is the prefix. Its fields are the model's: those below labels and
// ml.params a Kibana knows once there are documents, and [Merge] takes them.
func IndexPattern(options Options) Object {
	prefix := options.prefix()
	return Object{
		ID:   prefix,
		Type: "index-pattern",
		Attributes: object{
			"title":          pattern(prefix),
			"timeFieldName":  "@timestamp",
			"fields":         text(metrics.IndexPatternFields()),
			"fieldFormatMap": text(fieldFormats()),
		},
		References:       []Reference{},
		MigrationVersion: map[string]string{"index-pattern": migrationVersions["index-pattern"]},
	}
}

// fieldFormats is how Kibana writes the numbers of a unit.
func fieldFormats() object {
	patterns := map[metrics.Unit]object{
		metrics.Ratio:        {"id": "percent", "params": object{"pattern": "0.00 %"}},
		metrics.Milliseconds: {"id": "number", "params": object{"pattern": "0,0.[0]"}},
		metrics.Bytes:        {"id": "bytes"},
		metrics.Dollars:      {"id": "number", "params": object{"pattern": "$0,0.00[00]"}},
		metrics.Count:        {"id": "number", "params": object{"pattern": "0,0.[00]"}},
		metrics.Tokens:       {"id": "number", "params": object{"pattern": "0,0"}},
		metrics.Watts:        {"id": "number", "params": object{"pattern": "0,0.[0]"}},
		metrics.PerSecond:    {"id": "number", "params": object{"pattern": "0,0.[00]"}},
	}
	formats := object{}
	for _, field := range metrics.Fields() {
		if pattern, ok := patterns[field.Unit]; ok {
			formats[field.Name] = pattern
		} else if field.Type == metrics.Double {
			formats[field.Name] = object{"id": "number", "params": object{"pattern": "0,0.[0000]"}}
		}
	}
	return formats
}
