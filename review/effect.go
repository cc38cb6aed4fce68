package review

import (
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
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

// dryRun is where rules come from, and how to be sure.
var dryRun = say("By AWS's list, which has exceptions; a dry run tells for sure: ",
	link("https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html"))

// rule is what a change of an argument, and of all below it, does to a running domain, if the case is the change's.
type rule struct {
	argument string
	when     circumstance // nil: always
	effect   effect
	why      string
}

// circumstance tells a case of a change from others: of the argument itself, and of the domain around it.
type circumstance func(change argument, before, after node) bool

func turnedOn(change argument, _, _ node) bool {
	return !change.before.isTrue() && change.after.isTrue()
}
func turnedOff(change argument, _, _ node) bool {
	return change.before.isTrue() && !change.after.isTrue()
}
func smaller(change argument, _, _ node) bool { return change.after.number() < change.before.number() }
func above3TiB(change argument, _, _ node) bool {
	return change.after.number() > 3<<10 // GiB
}

func dedicatedMasters(_ argument, before, after node) bool {
	return before.block("cluster_config", "dedicated_master_enabled").isTrue() && after.block("cluster_config", "dedicated_master_enabled").isTrue()
}

func twoMastersInZones(change argument, before, _ node) bool {
	return change.before.number() == 2 && before.block("cluster_config", "zone_awareness_enabled").isTrue()
}

func mastersChange(_ argument, before, after node) bool {
	return before.block("cluster_config", "dedicated_master_enabled").text() != after.block("cluster_config", "dedicated_master_enabled").text()
}

func rollsBack(_ argument, _, after node) bool {
	options := after.block("auto_tune_options")
	return options.child("desired_state").text() == "DISABLED" && options.child("rollback_on_disable").text() == "DEFAULT_ROLLBACK"
}

const (
	newNodes  = "AWS makes new nodes beside the old ones and moves the data"
	withinEBS = "unless the last change of the volumes is less than six hours ago: then blue/green"
	newerList = "on domains whose service software is old: blue/green"
)

// rules is AWS's list of what causes a blue/green deployment and what does not, the first that fits. What replaces the domain
// is not in it: that is Terraform's to say, see replaceReasons.
var rules = []rule{
	{"cluster_config.instance_type", nil, blueGreen, newNodes},
	{"cluster_config.instance_count", dedicatedMasters, inPlace, "the domain has dedicated masters"},
	{"cluster_config.instance_count", nil, blueGreen, "without dedicated masters the data nodes elect the master among themselves"},
	{"cluster_config.dedicated_master_enabled", nil, blueGreen, newNodes},
	{"cluster_config.dedicated_master_count", mastersChange, blueGreen, "masters come or go"},
	{"cluster_config.dedicated_master_type", mastersChange, blueGreen, "masters come or go"},
	{"cluster_config.dedicated_master_count", twoMastersInZones, blueGreen, "two masters in several zones become more"},
	{"cluster_config.dedicated_master_count", nil, inPlace, newerList},
	{"cluster_config.dedicated_master_type", nil, inPlace, newerList},
	{"cluster_config.zone_awareness_enabled", nil, blueGreen, "the nodes move between zones"},
	{"cluster_config.zone_awareness_config", nil, blueGreen, "the nodes move between zones"},
	{"cluster_config.warm_enabled", nil, blueGreen, "warm storage comes or goes"},
	{"cluster_config.warm_type", nil, blueGreen, newNodes},
	{"cluster_config.warm_count", dedicatedMasters, inPlace, "the domain has dedicated masters"},
	{"cluster_config.warm_count", nil, blueGreen, "warm storage comes or goes"},
	{"cluster_config.cold_storage_options", nil, blueGreen, "cold storage comes or goes"},
	{"ebs_options.ebs_enabled", nil, blueGreen, "another kind of storage"},
	{"ebs_options.volume_type", nil, blueGreen, "another kind of volume: " + newNodes},
	{"ebs_options.volume_size", smaller, blueGreen, "volumes cannot shrink: " + newNodes},
	{"ebs_options.volume_size", above3TiB, blueGreen, "more than 3 TiB a node"},
	{"ebs_options", nil, inPlace, withinEBS},
	{"vpc_options.subnet_ids", nil, blueGreen, "the nodes move to other subnets"},
	{"vpc_options.security_group_ids", nil, blueGreen, "the network interfaces are made anew"},
	{"cognito_options", nil, blueGreen, "another way to sign in to Kibana"},
	{"advanced_options", nil, blueGreen, "every node starts with them"},
	{"elasticsearch_version", nil, blueGreen, "an upgrade; it cannot be undone"},
	{"engine_version", nil, blueGreen, "an upgrade; it cannot be undone"},
	{"encrypt_at_rest.enabled", turnedOn, blueGreen, "the data is written anew; it cannot be turned off again without a new domain"},
	{"node_to_node_encryption.enabled", turnedOn, blueGreen, "every node starts with it; it cannot be turned off again without a new domain"},
	{"advanced_security_options.enabled", turnedOn, blueGreen, "fine-grained access control comes on"},
	{"advanced_security_options", nil, unlisted, "who may sign in with the domain's own users changes"},
	{"log_publishing_options[AUDIT_LOGS]", turnedOn, blueGreen, "audit logs come on"},
	{"log_publishing_options", nil, inPlace, newerList},
	{"auto_tune_options", rollsBack, blueGreen, "Auto-Tune goes off and takes back what it tuned"},
	{"auto_tune_options", nil, inPlace, "Auto-Tune may tune at once"},
	{"domain_endpoint_options.enforce_https", turnedOff, inPlace, "requests may come unencrypted; " + newerList},
	{"domain_endpoint_options", nil, inPlace, newerList},
	{"access_policies", nil, inPlace, "see who gets in"},
	{"snapshot_options", nil, inPlace, "the hour of the automated snapshot"},
	{"tags", nil, inPlace, "tags only"},
	{"timeouts", nil, nothing, "how long Terraform waits"},
	{"", nil, unlisted, "AWS's list does not name it"},
}

// replaceReasons is why Terraform's provider replaces a domain for an argument.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.99.1/internal/service/elasticsearch/domain.go (ForceNew)
var replaceReasons = []rule{
	{"domain_name", nil, replaced, "a domain cannot be renamed"},
	{"advanced_security_options.enabled", turnedOff, replaced, "fine-grained access control cannot be turned off"},
	{"advanced_security_options", nil, replaced, "the provider turns fine-grained access control on only in a new domain"},
	{"encrypt_at_rest.kms_key_id", nil, replaced, "the key of a domain cannot be changed"},
	{"encrypt_at_rest", turnedOff, replaced, "encryption at rest cannot be turned off"},
	{"encrypt_at_rest", nil, replaced, "before Elasticsearch 6.7 encryption at rest cannot be turned on later"},
	{"node_to_node_encryption", turnedOff, replaced, "node-to-node encryption cannot be turned off"},
	{"node_to_node_encryption", nil, replaced, "before Elasticsearch 6.7 node-to-node encryption cannot be turned on later"},
	{"vpc_options", nil, replaced, "a domain cannot be moved into a VPC or out of one"},
	{"elasticsearch_version", nil, replaced, "the running version cannot be upgraded to this one"},
	{"engine_version", nil, replaced, "the running version cannot be upgraded to this one"},
	{"", nil, replaced, "the provider cannot change it in a domain that runs"},
}

// computed is what AWS alone decides of a domain: that it is known after apply says nothing.
var computed = []string{"arn", "id", "domain_id", "endpoint", "kibana_endpoint", "dashboard_endpoint", "vpc_options.vpc_id", "vpc_options.availability_zones"}

// cost is what a change of an argument does to a domain that is not replaced for it. Of a value that is known only after apply
// it is the worst that any value can do.
func cost(change argument, before, after node) rule {
	unknown := marked(change.after.unknown)
	var worst rule
	for _, rule := range rules {
		if !concerns(rule.argument, change.path) {
			continue
		}
		if !unknown && (rule.when == nil || rule.when(change, before, after)) {
			return rule
		}
		if unknown && rule.effect >= worst.effect && (rule.argument != "" || worst.why == "") {
			worst = rule
		}
	}
	if unknown {
		worst.why = "at worst; the value is known only after apply"
	}
	return worst
}

// concerns tells whether path is argument or lies below it.
func concerns(argument, path string) bool {
	rest, ok := strings.CutPrefix(path, argument)
	return ok && (argument == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

func replaceReason(change argument) rule {
	i := slices.IndexFunc(replaceReasons, func(r rule) bool {
		return concerns(r.argument, change.path) && (r.when == nil || r.when(change, node{}, node{}))
	})
	return replaceReasons[i]
}

// replacing tells for which arguments Terraform replaces a resource, by path without the indexes of blocks.
func replacing(change *tfjson.Change) []string {
	var paths []string
	for _, steps := range change.ReplacePaths[:min(len(change.ReplacePaths), 1000)] {
		path := ""
		steps, _ := steps.([]any)
		for _, step := range steps {
			if step, ok := step.(string); ok {
				path = join(path, step)
			}
		}
		paths = append(paths, path)
	}
	return paths
}

// forces tells whether the change of an argument is one of those for which the resource is replaced: of a whole block each
// argument in it is, and of an argument in a list the list is.
func forces(paths []string, change argument) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		return path != "" && (concerns(path, change.path) || concerns(change.path, path))
	})
}

func isDomain(resourceType string) bool {
	return resourceType == "aws_elasticsearch_domain" || resourceType == "aws_opensearch_domain"
}
