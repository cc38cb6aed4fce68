package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"cdktf-aimetrics/metrics"
)

// version is what --version says: the build, where Go knows it, and the version of the document model.
func version() string {
	built := "of an unknown commit"
	if info, ok := debug.ReadBuildInfo(); ok {
		changed := ""
		for _, setting := range info.Settings {
			switch {
			case setting.Key == "vcs.revision":
				built = "of commit " + setting.Value
			case setting.Key == "vcs.modified" && setting.Value == "true":
				changed = " with changes"
			}
		}
		built += changed
	}
	return fmt.Sprintf("%s, %s, document model %d", built, runtime.Version(), metrics.ModelVersion)
}
