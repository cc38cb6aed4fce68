package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"

	"aimetrics/spec"
)

// NewStacks makes the stack of each file in scope, an App, under the file's name: those of the environments, and then those of the
// roles, which may deploy these. The error is that of the first stack that cannot be made.
func NewStacks(scope constructs.Construct, files []spec.File) error {
	environments := map[string]spec.Environment{}
	for _, file := range files {
		if file.Roles != nil {
			continue
		}
		if _, err := NewMetrics(scope, file.Name, file.Environment); err != nil {
			return err
		}
		environments[file.Name] = file.Environment
	}
	for _, file := range files {
		if file.Roles == nil {
			continue
		}
		if _, err := NewRoles(scope, file.Name, *file.Roles, environments); err != nil {
			return err
		}
	}
	return nil
}
