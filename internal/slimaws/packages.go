package slimaws

// Packages is every package of github.com/cdktf/cdktf-provider-aws-go that this project imports: what the slim assembly holds.
// A test compares it with what `go list` says.
var Packages = []string{
	"dataawscalleridentity",
	"dataawsiampolicydocument",
	"dataawspartition",
	"dataawsregion",
	"elasticsearchdomain",
	"elasticsearchdomainpolicy",
	"iampolicy",
	"provider",
}
