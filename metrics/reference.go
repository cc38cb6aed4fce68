package metrics

// Reference returns docs/metrics.md.
func Reference() []byte { return nil }
