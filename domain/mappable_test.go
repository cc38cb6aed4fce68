package domain

import (
	"reflect"
	"strings"
	"testing"
)

// What has no name inside the domain is told, and not mapped to something else.
func TestMappable(t *testing.T) {
	const role, user = "arn:aws:iam::123456789012:role/r", "arn:aws:iam::123456789012:user/u"
	p := &plan{}
	got := p.mappable("ml-metrics-readers", []string{role, user, "account", "arn:aws:iam::123456789012:root", "x-kibana"})
	if want := (mapping{[]string{role}, []string{user}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	notes := strings.Join(p.Notes, "\n")
	for _, want := range []string{"cannot be mapped to account, for a whole account", "cannot be mapped to arn:aws:iam::123456789012:root, for",
		"is not mapped to the IAM role x-kibana, for its account is not known here; leave --endpoint out"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note says %q:\n%s", want, notes)
		}
	}
}
