// The domain of environments/dev.yaml with the AWS CDK: CloudFormation, not Terraform, and less of it.
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { EbsDeviceVolumeType } from "aws-cdk-lib/aws-ec2";
import { Domain, EngineVersion, TLSSecurityPolicy } from "aws-cdk-lib/aws-opensearchservice";

const app = new App({ outdir: process.env.CDKTF_OUTDIR });
const stack = new Stack(app, "dev");
const domain = new Domain(stack, "domain", {
  domainName: "ai-metrics",
  version: EngineVersion.ELASTICSEARCH_7_9,
  capacity: { dataNodes: 1, dataNodeInstanceType: "t3.small.search", multiAzWithStandbyEnabled: false },
  ebs: { volumeSize: 10, volumeType: EbsDeviceVolumeType.GP3 },
  encryptionAtRest: { enabled: true },
  nodeToNodeEncryption: true,
  enforceHttps: true,
  tlsSecurityPolicy: TLSSecurityPolicy.TLS_1_2_PFS,
});
new CfnOutput(stack, "endpoint", { value: domain.domainEndpoint });
app.synth();
