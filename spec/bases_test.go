package spec

// governed is a domain in a VPC with a section for nearly everything: a key that is made, sign-in with SAML, a name of its own,
// logs, and alarms that were tuned.
const governed = `region: eu-central-1
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: m6g.large.elasticsearch
    instance_count: 2
    zone_awareness_enabled: true
access:
  leave_to_fine_grained_access_control: true
network:
  subnet_ids: [subnet-0a, subnet-0b]
  ingress:
    security_group_ids: [sg-0a]
    cidr_blocks: [10.0.0.0/16]
    prefix_list_ids: [pl-0a]
  service_linked_role: true
encryption:
  customer_managed_key: true
  deletion_window_in_days: 14
sign_in:
  saml:
    entity_id: https://idp.example.com/metadata
    metadata_file: testdata/idp.xml
    master_backend_role: administrators
    master_user_name: jane
    roles_key: roles
    subject_key: mail
    session_timeout_minutes: 480
  fine_grained_access_control:
    master_user_arn: arn:aws:iam::111122223333:role/administrator
custom_endpoint:
  name: metrics.example.com
  zone_id: Z0123456789ABCDEFGHIJ
  validation_zone_id: Z9876543210ABCDEFGHIJ
logs:
  log_types: [INDEX_SLOW_LOGS, AUDIT_LOGS]
  retention_in_days: 90
  kms_key_id: arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555
  resource_policy: false
alarms:
  email: [oncall@example.com]
  tune:
    - alarm: cpu_utilization
      threshold: 90
      period: 300
      evaluation_periods: 6
    - alarm: nodes
      enabled: false
  dashboard: false
endpoints:
  acm: https://acm.example.com
  cloudwatch: https://cloudwatch.example.com
  cognitoidentity: https://cognitoidentity.example.com
  cognitoidp: https://cognitoidp.example.com
  ec2: https://ec2.example.com
  es: https://es.example.com
  iam: https://iam.example.com
  kms: https://kms.example.com
  logs: https://logs.example.com
  route53: https://route53.example.com
  secretsmanager: https://secretsmanager.example.com
  sns: https://sns.example.com
  sts: http://localhost:4566
`

// pooled is a domain that is adopted, with sign-in by Cognito and what else exists already.
const pooled = `region: eu-central-1
domain:
  domain_name: ai-metrics
  elasticsearch_version: "7.10"
  cluster_config:
    instance_type: m6g.large.elasticsearch
adopt: ai-metrics
network:
  subnet_tags: {tier: private}
  vpc_id: vpc-0a
  ingress:
    cidr_blocks: [10.0.0.0/16]
encryption:
  kms_key_id: arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555
sign_in:
  cognito:
    user_pool_domain: ai-metrics-kibana
    signed_in_users: administrators
    role_arn: arn:aws:iam::111122223333:role/cognito
  fine_grained_access_control:
    master_user_name: administrator
    master_user_secret_arn: arn:aws:secretsmanager:eu-central-1:111122223333:secret:metrics-AbCdEf
custom_endpoint:
  name: metrics.example.com
  certificate_arn: arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555
alarms:
  topic_arn: arn:aws:sns:eu-central-1:111122223333:oncall
`
