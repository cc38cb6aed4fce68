package kibana

// IndexPattern returns the index pattern of an index prefix, whose id is the prefix.
func IndexPattern(options Options) Object {
	prefix := options.prefix()
	return Object{
		ID:   prefix,
		Type: "index-pattern",
		Attributes: object{
			"title":         pattern(prefix),
			"timeFieldName": "@timestamp",
			"fields":        "[]",
		},
		References:       []Reference{},
		MigrationVersion: map[string]string{"index-pattern": migrationVersions["index-pattern"]},
	}
}
