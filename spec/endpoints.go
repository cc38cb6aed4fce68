package spec

// Endpoints is the addresses of AWS services, for private endpoints and for emulators: those that a stack here may use, under
// the names that the AWS provider gives them.
// https://registry.terraform.io/providers/hashicorp/aws/5.99.1/docs/guides/custom-service-endpoints
type Endpoints struct {
	// AWS Certificate Manager.
	ACM string `json:"acm,omitempty"`
	// CloudWatch: alarms and dashboards.
	CloudWatch string `json:"cloudwatch,omitempty"`
	// Amazon Cognito identity pools.
	CognitoIdentity string `json:"cognitoidentity,omitempty"`
	// Amazon Cognito user pools.
	CognitoIDP string `json:"cognitoidp,omitempty"`
	// Subnets and security groups.
	EC2 string `json:"ec2,omitempty"`
	// Amazon Elasticsearch Service.
	ES string `json:"es,omitempty"`
	// Identity and Access Management.
	IAM string `json:"iam,omitempty"`
	// Key Management Service.
	KMS string `json:"kms,omitempty"`
	// CloudWatch Logs.
	Logs string `json:"logs,omitempty"`
	// Route 53.
	Route53 string `json:"route53,omitempty"`
	// Secrets Manager.
	SecretsManager string `json:"secretsmanager,omitempty"`
	// Simple Notification Service.
	SNS string `json:"sns,omitempty"`
	// Security Token Service, which tells Terraform the account.
	STS string `json:"sts,omitempty"`
}

// endpointsSection: each is an address.
var endpointsSection = section{
	key: "endpoints",
	values: map[string]allowed{
		"endpoints.acm":             webAddress,
		"endpoints.cloudwatch":      webAddress,
		"endpoints.cognitoidentity": webAddress,
		"endpoints.cognitoidp":      webAddress,
		"endpoints.ec2":             webAddress,
		"endpoints.es":              webAddress,
		"endpoints.iam":             webAddress,
		"endpoints.kms":             webAddress,
		"endpoints.logs":            webAddress,
		"endpoints.route53":         webAddress,
		"endpoints.secretsmanager":  webAddress,
		"endpoints.sns":             webAddress,
		"endpoints.sts":             webAddress,
	},
}
