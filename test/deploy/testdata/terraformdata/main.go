// Command terraformdata is a cdktf app whose one stack needs no provider from a registry: the integration test of the command
// line runs `cdktf diff` on it with the real Terraform.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func main() {
	defer jsii.Close()
	app := cdktf.NewApp(nil)
	stack := cdktf.NewTerraformStack(app, jsii.String("demo"))
	cdktf.NewLocalBackend(stack, &cdktf.LocalBackendConfig{Path: jsii.String("terraform.demo.tfstate")})
	cdktf.NewDataResource(stack, jsii.String("data"), &cdktf.DataConfig{})
	app.Synth()
}
