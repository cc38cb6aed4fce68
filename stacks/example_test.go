package stacks_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-cdk-go/cdktf"

	"cdktf-aimetrics/spec"
	"cdktf-aimetrics/stacks"
)

// A CDKTF app of one's own gets the domain as a stack beside its others.
func ExampleNewMetrics() {
	app := cdktf.Testing_App(nil)
	metrics, err := stacks.NewMetrics(app, "metrics", spec.Environment{
		Region: "eu-central-1",
		Domain: spec.Domain{
			DomainName:           "model-metrics",
			ElasticsearchVersion: "7.10",
			ClusterConfig:        spec.ClusterConfig{InstanceType: "m6g.large.elasticsearch"},
		},
		Access: spec.Access{Writers: []string{"arn:aws:iam::111122223333:role/trainer"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	var synthesized struct {
		Resource map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(*cdktf.Testing_Synth(metrics.Stack, nil)), &synthesized); err != nil {
		fmt.Println(err)
		return
	}
	for _, kind := range slices.Sorted(maps.Keys(synthesized.Resource)) {
		for _, name := range slices.Sorted(maps.Keys(synthesized.Resource[kind])) {
			fmt.Println(kind + "." + name)
		}
	}
	// Output:
	// aws_elasticsearch_domain.domain
	// aws_elasticsearch_domain_policy.access
	// aws_iam_policy.readers
	// aws_iam_policy.writers
	// terraform_data.encryption_key
}

// Roles for the environments of an app, under the names that its stacks have.
func ExampleNewRoles() {
	environments := map[string]spec.Environment{"prod": {
		Region: "eu-central-1",
		Domain: spec.Domain{
			DomainName:           "model-metrics",
			ElasticsearchVersion: "7.10",
			ClusterConfig:        spec.ClusterConfig{InstanceType: "m6g.large.elasticsearch"},
		},
	}}
	roles, err := stacks.NewRoles(cdktf.Testing_App(nil), "github", spec.Roles{
		Region: "eu-central-1",
		GitHub: spec.GitHub{Repository: "example/ai-metrics"},
	}, environments)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*roles.Plan.NameInput())
	fmt.Println(*roles.Deploy["prod"].NameInput())
	// Output:
	// ai-metrics-plan
	// ai-metrics-deploy-prod
}
