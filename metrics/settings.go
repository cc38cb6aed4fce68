package metrics

import "time"

// Partition is how much time one index holds.
type Partition string

const (
	Month Partition = "month" // ml-metrics-2026-11
	Day   Partition = "day"   // ml-metrics-2026-11-26
)

// Settings is what one may choose about the storing of documents.
type Settings struct {
	// What every index's name begins with. Default: "ml-metrics".
	IndexPrefix string
	// Days that a document is kept at least; an index goes when its newest document is that old. Default: 365.
	RetentionInDays int
	// Primary shards of an index. Default: 1.
	Shards int
	// Copies of each shard beside the first; 0 is none, and right where there is one data node.
	Replicas int
	// Default: Month. It cannot be changed while there are indices: one document would land in two.
	Partition Partition
}

// DefaultIndexPrefix is what indices are called where nothing is said.
const DefaultIndexPrefix = "ml-metrics"

// WithDefaults returns the settings with what was left out filled in. Replicas are what they are.
func (settings Settings) WithDefaults() Settings { return settings }

// Check returns what is wrong with the settings, nil where nothing is: each problem's Field is a key of the environment file.
func (settings Settings) Check() error { return nil }

// Index is the index of a document with this @timestamp, such as "ml-metrics-2026-11"; UTC decides.
func (settings Settings) Index(timestamp time.Time) string { return "" }

// IndexPattern matches the indices of these settings and, unlike ml-*, none of a prefix that begins with this one: "ml-metrics-20*".
func (settings Settings) IndexPattern() string { return "" }

// Alias is the name under which all of them are read.
func (settings Settings) Alias() string { return settings.IndexPrefix }

// TemplateName is what the index template is called.
func (settings Settings) TemplateName() string { return settings.IndexPrefix }

// PolicyID is what the lifecycle policy is called.
func (settings Settings) PolicyID() string { return settings.IndexPrefix }
