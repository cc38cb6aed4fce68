// The stack of environments/dev.yaml, written by hand with CDK for Terraform in TypeScript: the same JSON, byte for byte. Arguments are the
// names of stacks, which are all alike.
import { App, LocalBackend, TerraformLocal, TerraformOutput, TerraformResource, TerraformStack } from "cdktf";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsIamPolicyDocument, DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { ElasticsearchDomain } from "@cdktf/provider-aws/lib/elasticsearch-domain";
import { ElasticsearchDomainPolicy } from "@cdktf/provider-aws/lib/elasticsearch-domain-policy";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";

type Request = [actions: string[], paths: string[]];

const get = ["es:ESHttpGet", "es:ESHttpHead"];
const post = ["es:ESHttpPost"];
const put = ["es:ESHttpPut"];

const writers: Request[] = [
  [["es:ESHttpGet"], ["_index_template/ml-metrics"]],
  [post, ["{index}/_bulk", "{index}/_doc"]],
  [put, ["{index}/_bulk", "{index}/_doc/?*", "{index}/_create/?*"]],
];
const readers: Request[] = [
  [get, ["{index}", "{index}/*"]],
  [
    get,
    [
      "",
      "/",
      "/app/*",
      "/goto/*",
      "/bootstrap.js",
      "/bundles/*",
      "/*/bundles/*",
      "/built_assets/*",
      "/node_modules/*",
      "/plugins/*/assets/*",
      "/translations/*",
      "/ui/*",
      "/api/saved_objects/*",
      "/api/index_patterns/*",
      "/api/input_control_vis/settings",
      "/api/v1/auth/authinfo",
      "/api/v1/configuration/account",
      "/api/v1/multitenancy/tenant",
      "/api/v1/restapiinfo",
    ].map((end) => `_plugin/kibana${end}`),
  ],
  [
    post,
    [
      "{index}/_search",
      "{index}/_msearch",
      "{index}/_mget",
      "{index}/_count",
      "_plugin/kibana/api/core/capabilities",
      "_plugin/kibana/api/saved_objects/_bulk_get",
      "_plugin/kibana/internal/search/es",
      "_plugin/kibana/internal/_msearch",
      "_plugin/kibana/api/metrics/vis/data",
      "_plugin/kibana/api/timelion/run",
    ],
  ],
];
const beyondIndex: Request[] = [
  [["es:ESHttp*"], ["{index},*", "{index}%2C*", "{index}%2c*", "*/../*", "*/..", "*%2E*", "*%2e*"]],
  [post, ["{index}/*/*"]],
  [put, ["{index}/*/_mapping*"]],
];

class Metrics extends TerraformStack {
  constructor(app: App, id: string) {
    super(app, id);
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    new AwsProvider(this, "aws", { region: "us-east-1", defaultTags: [{ tags: { environment: "dev", project: "ai-metrics" } }] });
    const partition = new DataAwsPartition(this, "partition", {}).partition;
    const region = new DataAwsRegion(this, "region", {}).name;
    const account = new DataAwsCallerIdentity(this, "caller", {}).accountId;
    const arn = new TerraformLocal(this, "domain_arn", `arn:${partition}:es:${region}:${account}:domain/ai-metrics`).asString;
    const path = (below: string) => "${local.domain_arn}/" + below;

    const domain = new ElasticsearchDomain(this, "domain", {
      domainName: "ai-metrics",
      elasticsearchVersion: "7.9",
      clusterConfig: { instanceType: "t3.small.elasticsearch", instanceCount: 1, dedicatedMasterEnabled: false, zoneAwarenessEnabled: false },
      ebsOptions: { ebsEnabled: true, volumeSize: 10, volumeType: "gp3" },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
      advancedSecurityOptions: { enabled: false },
      advancedOptions: { "rest.action.multi.allow_explicit_index": "true" },
      timeouts: { create: "3h", update: "6h", delete: "3h" },
      logPublishingOptions: ["INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS"].map((logType) => ({
        logType,
        cloudwatchLogGroupArn: "",
        enabled: false,
      })),
      lifecycle: { preventDestroy: false, replaceTriggeredBy: ["terraform_data.encryption_key"] },
    });
    new TerraformResource(this, "encryption_key", { terraformResourceType: "terraform_data" }).addOverride("triggers_replace", {
      key: "aws/es",
    });

    const access = new DataAwsIamPolicyDocument(this, "access_document", {
      statement: [
        {
          effect: "Allow",
          actions: ["es:ESHttp*"],
          resources: [path("*")],
          principals: [{ type: "AWS", identifiers: [`arn:${partition}:iam::${account}:root`] }],
        },
      ],
    });
    new ElasticsearchDomainPolicy(this, "access", {
      domainName: domain.domainName,
      accessPolicies: access.json,
      lifecycle: { replaceTriggeredBy: ["aws_elasticsearch_domain.domain.arn"] },
      timeouts: { update: "3h", delete: "3h" },
    });

    const resources = (paths: string[]) =>
      paths.flatMap((template) =>
        template.includes("{index}")
          ? ["ml-metrics", "ml-metrics-*"].map((index) => path(template.replace("{index}", index)))
          : [path(template)],
      );
    const statements = (effect: string, requests: Request[]): DataAwsIamPolicyDocumentStatement[] =>
      requests.map(([actions, paths]) => ({ effect, actions, resources: resources(paths) }));
    const managedPolicy = (name: string, requests: Request[]) => {
      const document = new DataAwsIamPolicyDocument(this, `${name}_document`, {
        statement: [...statements("Allow", requests), ...statements("Deny", beyondIndex)],
      });
      return new IamPolicy(this, name, {
        name: `ai-metrics-us-east-1-${name}`,
        description: `For ${name} of the Elasticsearch domain ai-metrics`,
        policy: document.json,
      });
    };
    const writersPolicy = managedPolicy("writers", writers);
    const readersPolicy = managedPolicy("readers", readers);

    const output = (name: string, description: string, value: string) => new TerraformOutput(this, name, { value, description });
    output("elasticsearch_domain_endpoint", "Host of the domain: index, search and upload requests go to https://<host>/.", domain.endpoint);
    output("kibana_endpoint", "Host and path of Kibana: open https://<host and path>.", domain.kibanaEndpoint);
    output(
      "kibana_url",
      "Kibana, where people sign in by Cognito or SAML; elsewhere run: aimetrics kibana --stack NAME",
      `https://${domain.kibanaEndpoint}`,
    );
    output("elasticsearch_domain_arn", "ARN of the domain.", arn);
    output("elasticsearch_domain_name", "Name of the domain.", domain.domainName);
    output("writers_policy_arn", "ARN of the IAM policy to attach to roles that add metrics.", writersPolicy.arn);
    output("readers_policy_arn", "ARN of the IAM policy to attach to roles that read metrics.", readersPolicy.arn);
  }
}

const app = new App();
for (const id of process.argv.slice(2)) new Metrics(app, id);
app.synth();
