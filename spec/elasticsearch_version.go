package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// version is a version of Elasticsearch. 7.10 is newer than 7.9: the two numbers are compared as numbers.
type version struct{ major, minor int }

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

func (v version) before(other version) bool {
	return cmp.Or(cmp.Compare(v.major, other.major), cmp.Compare(v.minor, other.minor)) < 0
}

// support is until when AWS supports a version.
type support struct {
	version
	standard string // last day of standard support; "" where AWS has named none
	extended string // last day of extended support, which is billed on top; "" where it is not known
}

// versions is every version of Elasticsearch that AWS has, oldest first.
// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html#choosing-version
// https://endoflife.date/amazon-opensearch (copy of 2026-09-01)
var versions = []support{
	{version{1, 5}, "2025-11-07", ""},
	{version{2, 3}, "2025-11-07", ""},
	{version{5, 1}, "2025-11-07", ""},
	{version{5, 3}, "2025-11-07", ""},
	{version{5, 5}, "2025-11-07", ""},
	{version{5, 6}, "2025-11-07", ""},
	{version{6, 0}, "2025-11-07", ""},
	{version{6, 2}, "2025-11-07", ""},
	{version{6, 3}, "2025-11-07", ""},
	{version{6, 4}, "2025-11-07", ""},
	{version{6, 5}, "2025-11-07", ""},
	{version{6, 7}, "2025-11-07", ""},
	{version{6, 8}, "", ""},
	{version{7, 1}, "2025-11-07", ""},
	{version{7, 4}, "2025-11-07", ""},
	{version{7, 7}, "2025-11-07", ""},
	{version{7, 8}, "2025-11-07", "2027-11-07"},
	{version{7, 9}, "2027-11-07", "2028-11-07"},
	{version{7, 10}, "2027-11-07", "2030-11-07"},
}

// findVersion returns the version that AWS calls text.
func findVersion(text string) (support, bool) {
	i := slices.IndexFunc(versions, func(s support) bool { return s.String() == text })
	if i < 0 {
		return support{}, false
	}
	return versions[i], true
}

// supportWarning says that standard support of a version, or the extended support that follows, has ended, or ends within a year of today;
// "" if neither has, and if no newer version has it for longer: then there is nothing to be done about it in a file.
func supportWarning(text string, today time.Time) string {
	version, known := findVersion(text)
	if !known {
		return ""
	}
	newest := versions[len(versions)-1]
	kind, last, further := "standard", version.standard, " and bills extended support from then on"
	if version.extended != "" {
		further += ", until " + version.extended
	}
	if version.standard == newest.standard && version.extended < newest.extended {
		kind, last, further = "extended", version.extended, ""
	}
	end, err := time.Parse(time.DateOnly, last)
	if err != nil || version.version == newest.version || today.AddDate(1, 0, 0).Before(end) {
		return ""
	}
	verb := "ends"
	if !today.Before(end.AddDate(0, 0, 1)) {
		verb = "ended"
	}
	return fmt.Sprintf("AWS %s %s support of %q on %s%s; the newest version is %s", verb, kind, text, last, further, newest)
}

// versionNames is the versions, the newest first.
func versionNames() []string {
	var names []string
	for _, version := range slices.Backward(versions) {
		names = append(names, version.String())
	}
	return names
}

var knownVersion = allowed{texts: versionNames(), wrong: func(value any) string {
	text := value.(string)
	names := make([]string, len(versions))
	for i, version := range versions {
		names[i] = version.String()
	}
	hint := "; the newest is 7.10"
	if text == "7.1.0" || text == "7.10.0" || text == "7.10.2" {
		hint = `; did you mean "7.10"?`
	} else if strings.HasPrefix(text, "OpenSearch_") {
		hint = "; OpenSearch is another resource, aws_opensearch_domain"
	}
	return quote(text) + " is no version of Elasticsearch that AWS has: " + strings.Join(names, " ") + hint
}}
