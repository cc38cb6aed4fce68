package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
)

// NewStacks makes the stack of each file in scope, an App, under the file's name. The roles among them may deploy the environments of
// all files, which may be more. A stack depends on those that its file names in deploy_after, if they are among files, so that cdktf
// deploys it after them. The error is that of the first stack that cannot be made.
func NewStacks(scope constructs.Construct, files, all []spec.File) error {
	environments := map[string]spec.Environment{}
	for _, file := range all {
		if file.Roles == nil {
			environments[file.Name] = file.Environment
		}
	}
	made := map[string]cdktf.TerraformStack{}
	for _, file := range files {
		var err error
		if file.Roles == nil {
			var metrics Metrics
			metrics, err = NewMetrics(scope, file.Name, file.Environment)
			made[file.Name] = metrics.Stack
		} else {
			_, err = NewRoles(scope, file.Name, *file.Roles, environments)
		}
		if err != nil {
			return err
		}
	}
	for _, file := range files {
		for _, name := range file.Environment.DeployAfter {
			if before := made[name]; before != nil {
				made[file.Name].AddDependency(before)
			}
		}
	}
	return nil
}
