package main

import (
	"runtime/debug"
	"testing"
)

func TestBuilt(t *testing.T) {
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "6943926"}
	changed := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for _, test := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"", nil, "of an unknown commit"},
		{"(devel)", []debug.BuildSetting{commit}, "of commit 6943926"},
		{"v0.0.0-20261126214500-694392600000+dirty", []debug.BuildSetting{commit, changed}, "of commit 6943926 with changes"},
		{"v1.2.3", []debug.BuildSetting{commit}, "v1.2.3 of commit 6943926"},
		{"v1.2.3-rc.1", []debug.BuildSetting{commit}, "v1.2.3-rc.1 of commit 6943926"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: test.version}, Settings: test.settings}
		if got := built(info); got != test.want {
			t.Errorf("%s: %q, want %q", test.version, got, test.want)
		}
	}
}
