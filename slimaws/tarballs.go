package slimaws

import (
	"embed"
	_ "unsafe" // for go:linkname

	_ "github.com/aws/constructs-go/constructs/v10/jsii"
	_ "github.com/cdktf/cdktf-provider-aws-go/aws/v19/jsii"
	_ "github.com/hashicorp/terraform-cdk-go/cdktf/jsii"
)

// What the generated packages and jsii's runtime carry in every binary, and do not export. Look at their declarations when
// these modules are upgraded: the linker does not see it if the type of a variable changes.
var (
	//go:linkname providerTarball github.com/cdktf/cdktf-provider-aws-go/aws/v19/jsii.tarball
	providerTarball []byte

	//go:linkname cdktfTarball github.com/hashicorp/terraform-cdk-go/cdktf/jsii.tarball
	cdktfTarball []byte

	//go:linkname constructsTarball github.com/aws/constructs-go/constructs/v10/jsii.tarball
	constructsTarball []byte

	//go:linkname jsiiRuntime github.com/aws/jsii-runtime-go/internal/embedded.embeddedFS
	jsiiRuntime embed.FS
)

// kernelScript returns lib/program.js of jsii's runtime, which runs the kernel.
func kernelScript() ([]byte, error) {
	return jsiiRuntime.ReadFile("resources/lib/program.js")
}
