package main

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"

	"cdktf-aimetrics/metrics"
)

// version is what --version says: the release and the build, where Go knows them, and the version of the document model.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return fmt.Sprintf("%s, %s, document model %d", built(info), runtime.Version(), metrics.ModelVersion)
}

// release is a version that was tagged; Go makes others of commits that were not.
var release = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[a-z]+\.\d+)?$`)

// built is of which release and commit the program is.
func built(info *debug.BuildInfo) string {
	built, changed := "of an unknown commit", ""
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			built = "of commit " + setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			changed = " with changes"
		}
	}
	if release.MatchString(info.Main.Version) {
		built = info.Main.Version + " " + built
	}
	return built + changed
}
