package slimaws

import "slices"

// wanted is the packages that the slim assembly holds: Packages, and what callers use beside them.
var wanted = slices.Clone(Packages)

// want adds packages to those that are wanted, and reports whether there are new ones among them.
func want(packages []string) bool {
	before := len(wanted)
	wanted = append(wanted, packages...)
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	return len(wanted) > before
}

// Packages is every package of github.com/cdktf/cdktf-provider-aws-go that this project imports: what the slim assembly holds.
// A test compares it with what `go list` says.
var Packages = []string{
	"acmcertificate",
	"acmcertificatevalidation",
	"cloudwatchdashboard",
	"cloudwatchloggroup",
	"cloudwatchlogresourcepolicy",
	"cloudwatchmetricalarm",
	"cognitoidentitypool",
	"cognitoidentitypoolrolesattachment",
	"cognitouserpool",
	"cognitouserpooldomain",
	"dataawscalleridentity",
	"dataawsiampolicydocument",
	"dataawspartition",
	"dataawsregion",
	"dataawssecretsmanagersecretversion",
	"dataawssubnet",
	"dataawssubnets",
	"elasticsearchdomain",
	"elasticsearchdomainpolicy",
	"elasticsearchdomainsamloptions",
	"iamopenidconnectprovider",
	"iampolicy",
	"iamrole",
	"iamrolepolicy",
	"iamrolepolicyattachment",
	"iamservicelinkedrole",
	"kmsalias",
	"kmskey",
	"provider",
	"route53record",
	"secretsmanagersecret",
	"secretsmanagersecretversion",
	"securitygroup",
	"snstopic",
	"snstopicpolicy",
	"snstopicsubscription",
	"vpcsecuritygroupingressrule",
}
