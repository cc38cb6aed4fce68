package spec

import (
	"reflect"
	"time"
)

// adoptSection is all that is known of adopt.
var adoptSection = section{
	key: "adopt",
	values: map[string]allowed{
		"adopt": judged(func(value any) string { // it reads as a switch
			return sayIf(value == "true" || value == "false", quote(value.(string))+" is no name of a domain; write the one that exists, "+
				"or leave the key out for a new domain")
		}),
	},
	rules: []rule{
		{"an adopted domain keeps its name", func(e Environment) []finding {
			unknown := isToken(reflect.ValueOf(e.Adopt)) || isToken(reflect.ValueOf(e.Domain.DomainName))
			return when(e.Adopt != "" && e.Adopt != e.Domain.DomainName && !unknown, "adopt",
				"%s is another domain than domain.domain_name, %s, and Terraform would replace the one by the other; write the same",
				quote(e.Adopt), quote(e.Domain.DomainName))
		}},
		// A domain's key cannot be changed, so the new one would replace what was to be adopted.
		{"an adopted domain keeps its key", func(e Environment) []finding {
			return when(e.Adopt != "" && e.MakesKey(), "encryption.customer_managed_key",
				"true makes a new key, which an adopted domain cannot have, for Terraform would replace the domain; write the ARN of "+
					"its key as kms_key_id, or leave the section out if it has AWS's own")
		}},
	},
	warnings: []warning{
		{"adopt", func(e Environment, _ time.Time) string {
			return sayIf(e.Adopt != "" && e.MakesMasterUserPassword(),
				"the master user gets a new password, and whoever uses the old one is shut out; keep it in a secret, and name that as "+
					"sign_in.fine_grained_access_control.master_user_secret_arn")
		}},
	},
	otherKeys: map[string]string{
		"import": "a domain that exists is taken over with `adopt:`",
	},
}
