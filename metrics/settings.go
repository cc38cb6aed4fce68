package metrics

import (
	"cmp"
	"fmt"
	"regexp"
	"time"
)

// Partition is how much time one index holds.
type Partition string

const (
	Month Partition = "month" // ml-metrics-2026-11
	Day   Partition = "day"   // ml-metrics-2026-11-26
)

// days is the longest that an index takes documents of its own time.
func (partition Partition) days() int {
	if partition == Day {
		return 1
	}
	return 31
}

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

const (
	// DefaultIndexPrefix is what indices are called where nothing is said.
	DefaultIndexPrefix = "ml-metrics"
	// DefaultRetentionInDays is a year.
	DefaultRetentionInDays = 365
	// MaxRetentionInDays is ten years.
	MaxRetentionInDays = 3653
	// MaxShards is more than any index of metrics needs.
	MaxShards = 100
	// MaxReplicas is more than any domain has nodes for.
	MaxReplicas = 10
)

// WithDefaults returns the settings with what was left out filled in. Replicas are what they are.
func (settings Settings) WithDefaults() Settings {
	settings.IndexPrefix = cmp.Or(settings.IndexPrefix, DefaultIndexPrefix)
	settings.RetentionInDays = cmp.Or(settings.RetentionInDays, DefaultRetentionInDays)
	settings.Shards = cmp.Or(settings.Shards, 1)
	settings.Partition = cmp.Or(settings.Partition, Month)
	return settings
}

// What IndexPrefix may be: it holds nothing that a URL, a pattern or a policy would read as something else. IndexPrefixWanted says it to
// whoever wrote another.
const (
	IndexPrefixPattern = `^[a-z0-9][a-z0-9._-]{0,98}[a-z0-9]$`
	IndexPrefixWanted  = `the beginning of an index name; use 2 to 100 lower-case letters, digits, dots, hyphens and underscores, ` +
		`a letter or digit at both ends, such as "` + DefaultIndexPrefix + `"`
)

var indexPrefix = regexp.MustCompile(IndexPrefixPattern)

// Check returns what is wrong with the settings, once they have their defaults: [Problems], whose Field is a key of the environment
// file. It is nil where nothing is.
func (settings Settings) Check() error {
	settings = settings.WithDefaults()
	var problems Problems
	unless := func(ok bool, field, text string) {
		if !ok {
			problems = append(problems, Problem{Field: field, Text: text})
		}
	}
	within := func(value, least, most int, field string) {
		unless(value >= least && value <= most, field, fmt.Sprintf("%d is not between %d and %d; use a number that is", value, least, most))
	}
	unless(indexPrefix.MatchString(settings.IndexPrefix), "index_prefix", quote(settings.IndexPrefix)+" is not "+IndexPrefixWanted)
	within(settings.RetentionInDays, 1, MaxRetentionInDays, "retention_in_days")
	within(settings.Shards, 1, MaxShards, "shards")
	within(settings.Replicas, 0, MaxReplicas, "replicas")
	unless(settings.Partition == Month || settings.Partition == Day, "partition",
		quote(string(settings.Partition))+` is neither "month" nor "day"; use one of them`)
	if problems == nil {
		return nil
	}
	return problems
}

// Index is the index of a document with this @timestamp, such as "ml-metrics-2026-11"; UTC decides.
func (settings Settings) Index(timestamp time.Time) string {
	settings = settings.WithDefaults()
	layout := "-2006-01"
	if settings.Partition == Day {
		layout = "-2006-01-02"
	}
	return settings.IndexPrefix + timestamp.UTC().Format(layout)
}

// Indices is how many indices there are at once, at most, where documents come as their time passes: the one that is written to, and
// those that are not old enough to go.
func (settings Settings) Indices() int {
	settings = settings.WithDefaults()
	if settings.Partition == Day {
		return settings.RetentionInDays + 2
	}
	return settings.RetentionInDays/28 + 2
}

// IndexPattern is what Kibana reads: all indices of these settings since 2000 and, unlike ml-metrics-*, none of a prefix that begins
// with this one, such as ml-metrics-dev.
func (settings Settings) IndexPattern() string { return settings.WithDefaults().IndexPrefix + "-20*" }

// IndexPatterns is what the template and the policy are for: every index that [Settings.Index] can name for a document that is taken,
// so those of the nineties too.
func (settings Settings) IndexPatterns() []string {
	prefix := settings.WithDefaults().IndexPrefix
	return []string{prefix + "-20*", prefix + "-19*"}
}

// Alias is the name under which all of them are read.
func (settings Settings) Alias() string { return settings.WithDefaults().IndexPrefix }

// TemplateName is what the index template is called.
func (settings Settings) TemplateName() string { return settings.WithDefaults().IndexPrefix }

// PolicyID is what the lifecycle policy is called.
func (settings Settings) PolicyID() string { return settings.WithDefaults().IndexPrefix }
