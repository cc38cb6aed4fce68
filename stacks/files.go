package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"

	"cdktf-aimetrics/spec"
)

// NewStacks makes the stack of each file in scope, an App, under the file's name. The roles among them may deploy the environments of
// all files, which may be more. The error is that of the first stack that cannot be made.
func NewStacks(scope constructs.Construct, files, all []spec.File) error {
	environments := map[string]spec.Environment{}
	for _, file := range all {
		if file.Roles == nil {
			environments[file.Name] = file.Environment
		}
	}
	for _, file := range files {
		var err error
		if file.Roles == nil {
			_, err = NewMetrics(scope, file.Name, file.Environment)
		} else {
			_, err = NewRoles(scope, file.Name, *file.Roles, environments)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
