package review

import (
	"slices"

	"cdktf-aimetrics/review/plan"
	"cdktf-aimetrics/review/prose"
)

// effect is what a change of an argument costs the domain, the least first.
type effect int

const (
	nothing   effect = iota // AWS is not asked
	inPlace                 // minutes
	unlisted                // AWS does not say
	blueGreen               // hours
	replaced                // the data
)

var effectNames = map[effect]string{
	nothing: "nothing on AWS", inPlace: "in place", unlisted: "AWS does not say", blueGreen: "blue/green", replaced: "replaces the domain",
}

// dryRun is where consequences come from, and how to be sure.
var dryRun = prose.Say("By AWS's list, which has exceptions; a dry run says for sure: ",
	prose.Link("https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html"))

// consequence is what a change of an argument, and of all below it, does to a running domain, if the case is the change's.
type consequence struct {
	id       string // unique in its table
	argument string
	when     circumstance
	effect   effect
	why      string
}

const (
	newNodes   = "AWS makes new nodes beside the old ones and moves the data"
	withinEBS  = "unless the last change of the volumes is less than six hours ago: then blue/green"
	hasDefault = "AWS has this default already, which the provider does not read back"
	newerList  = "on domains whose service software is old: blue/green"
)

// consequences is AWS's list of what causes a blue/green deployment and what does not, the first that fits. What replaces the domain
// is not in it: that is Terraform's to say, see replacements.
var consequences = []consequence{
	{"instance type", "cluster_config.instance_type", always, blueGreen, newNodes},
	{"instance count with masters", "cluster_config.instance_count", dedicatedMasters, inPlace, "the domain has dedicated masters"},
	{"instance count", "cluster_config.instance_count", always, blueGreen,
		"without dedicated masters the data nodes elect the master among themselves"},
	{"dedicated master enabled", "cluster_config.dedicated_master_enabled", always, blueGreen, newNodes},
	{"dedicated master count comes or goes", "cluster_config.dedicated_master_count", mastersChange, blueGreen, "masters come or go"},
	{"dedicated master type comes or goes", "cluster_config.dedicated_master_type", mastersChange, blueGreen, "masters come or go"},
	{"dedicated master count of two in zones", "cluster_config.dedicated_master_count", twoMastersInZones, blueGreen,
		"two masters in several zones become more"},
	{"dedicated master count", "cluster_config.dedicated_master_count", always, inPlace, newerList},
	{"dedicated master type", "cluster_config.dedicated_master_type", always, inPlace, newerList},
	{"zone awareness enabled", "cluster_config.zone_awareness_enabled", always, blueGreen, "the nodes move between zones"},
	{"zone awareness config", "cluster_config.zone_awareness_config", always, blueGreen, "the nodes move between zones"},
	{"warm enabled", "cluster_config.warm_enabled", always, blueGreen, "warm storage comes or goes"},
	{"warm type", "cluster_config.warm_type", always, blueGreen, newNodes},
	{"warm count with masters", "cluster_config.warm_count", dedicatedMasters, inPlace, "the domain has dedicated masters"},
	{"warm count", "cluster_config.warm_count", always, blueGreen, "warm storage comes or goes"},
	{"cold storage options", "cluster_config.cold_storage_options", always, blueGreen, "cold storage comes or goes"},
	{"ebs enabled", "ebs_options.ebs_enabled", always, blueGreen, "another kind of storage"},
	{"volume type", "ebs_options.volume_type", always, blueGreen, "another kind of volume: " + newNodes},
	{"volume size smaller", "ebs_options.volume_size", smaller, blueGreen, "volumes cannot shrink: " + newNodes},
	{"volume size above 3 TiB", "ebs_options.volume_size", above3TiB, blueGreen, "more than 3 TiB a node"},
	{"ebs options", "ebs_options", always, inPlace, withinEBS},
	{"subnet ids", "vpc_options.subnet_ids", always, blueGreen, "the nodes move to other subnets"},
	{"security group ids", "vpc_options.security_group_ids", always, blueGreen, "the network interfaces are made anew"},
	{"cognito options", "cognito_options", always, blueGreen, "another way to sign in to Kibana"},
	{"explicit index as it is", `advanced_options["rest.action.multi.allow_explicit_index"]`, declared("true"), nothing, hasDefault},
	{"main response version as it is", "advanced_options.override_main_response_version", declared("false"), nothing, hasDefault},
	{"advanced options", "advanced_options", always, blueGreen, "every node starts with them"},
	{"elasticsearch version", "elasticsearch_version", always, blueGreen, "an upgrade; it cannot be undone"},
	{"engine version", "engine_version", always, blueGreen, "an upgrade; it cannot be undone"},
	{"encrypt at rest on", "encrypt_at_rest.enabled", turnedOn, blueGreen,
		"the data is written anew; it cannot be turned off again without a new domain"},
	{"node to node encryption on", "node_to_node_encryption.enabled", turnedOn, blueGreen,
		"every node starts with it; it cannot be turned off again without a new domain"},
	{"advanced security options on", "advanced_security_options.enabled", turnedOn, blueGreen, "fine-grained access control comes on"},
	{"advanced security options", "advanced_security_options", always, unlisted, "who may sign in with the domain's own users changes"},
	{"log publishing options AUDIT on", "log_publishing_options[AUDIT_LOGS]", turnedOn, blueGreen, "audit logs come on"},
	{"log publishing options", "log_publishing_options", always, inPlace, newerList},
	{"auto tune options rolled back", "auto_tune_options", rollsBack, blueGreen, "Auto-Tune goes off and takes back what it tuned"},
	{"auto tune options", "auto_tune_options", always, inPlace, "Auto-Tune may tune at once"},
	{"enforce https off", "domain_endpoint_options.enforce_https", turnedOff, inPlace, "requests may come unencrypted; " + newerList},
	{"domain endpoint options", "domain_endpoint_options", always, inPlace, newerList},
	{"access policies", "access_policies", always, inPlace, "see who gets in"},
	{"snapshot options", "snapshot_options", always, inPlace, "the hour of the automated snapshot"},
	{"tags", "tags", always, inPlace, "tags only"},
	{"timeouts", "timeouts", always, nothing, "how long Terraform waits"},
	{"other", "", always, unlisted, "AWS's list does not name it"},
}

// replacements is why Terraform's provider replaces a domain for an argument.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/internal/service/elasticsearch/domain.go (ForceNew)
var replacements = []consequence{
	{"domain name", "domain_name", always, replaced, "a domain cannot be renamed"},
	{"advanced security options off", "advanced_security_options.enabled", turnedOff, replaced,
		"fine-grained access control cannot be turned off"},
	{"advanced security options", "advanced_security_options", always, replaced,
		"the provider turns fine-grained access control on only in a new domain"},
	{"kms key id", "encrypt_at_rest.kms_key_id", always, replaced, "the key of a domain cannot be changed"},
	{"encrypt at rest off", "encrypt_at_rest", turnedOff, replaced, "encryption at rest cannot be turned off"},
	{"encrypt at rest", "encrypt_at_rest", always, replaced, "before Elasticsearch 6.7 encryption at rest cannot be turned on later"},
	{"node to node encryption off", "node_to_node_encryption", turnedOff, replaced, "node-to-node encryption cannot be turned off"},
	{"node to node encryption", "node_to_node_encryption", always, replaced,
		"before Elasticsearch 6.7 node-to-node encryption cannot be turned on later"},
	{"vpc options", "vpc_options", always, replaced, "a domain cannot be moved into a VPC or out of one"},
	{"elasticsearch version", "elasticsearch_version", always, replaced, "the running version cannot be upgraded to this one"},
	{"engine version", "engine_version", always, replaced, "the running version cannot be upgraded to this one"},
	{"other", "", always, replaced, "the provider cannot change it in a domain that runs"},
}

// computed is what AWS alone decides of a domain: that it is known after apply says nothing.
var computed = []string{"arn", "id", "domain_id", "endpoint", "kibana_endpoint", "dashboard_endpoint",
	"vpc_options.vpc_id", "vpc_options.availability_zones"}

// cost is what a change of an argument does to a domain that is not replaced for it. Of a value that is known only after apply
// it is the worst that any value can do.
func cost(a plan.Argument, before, after plan.Value) costed {
	if !a.After.HoldsUnknown() {
		c := consequences[consequenceOf(a, before, after)]
		return costed{a, c.effect, c.why}
	}
	worst, named := nothing, false
	for _, c := range consequences {
		if a.Concerns(c.argument) && (c.argument != "" || !named) {
			worst, named = max(worst, c.effect), true
		}
	}
	return costed{a, worst, "at worst; the value is known only after apply"}
}

// consequenceOf is the row of consequences that a change of an argument has.
func consequenceOf(a plan.Argument, before, after plan.Value) int {
	return slices.IndexFunc(consequences, func(c consequence) bool { return a.Concerns(c.argument) && c.when(a, before, after) })
}

// replacement is why a domain is replaced for a change of an argument.
func replacement(a plan.Argument) costed {
	c := replacements[replacementOf(a)]
	return costed{a, c.effect, c.why}
}

// replacementOf is the row of replacements that a change of an argument has.
func replacementOf(a plan.Argument) int {
	return slices.IndexFunc(replacements, func(c consequence) bool {
		return a.Concerns(c.argument) && c.when(a, plan.Value{}, plan.Value{})
	})
}
