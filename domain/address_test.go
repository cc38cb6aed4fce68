package domain

import (
	"strings"
	"testing"

	_ "cdktf-aimetrics/internal/snapshot" // or `go test ./... -update` fails here
)

func TestRegionOf(t *testing.T) {
	for host, want := range map[string]string{
		"search-ai-metrics-abc.eu-central-1.es.amazonaws.com":       "eu-central-1",
		"vpc-ai-metrics-abc.us-gov-west-1.es.amazonaws.com":         "us-gov-west-1",
		"search-ai-metrics-abc.cn-north-1.es.amazonaws.com.cn":      "cn-north-1",
		"search-ai-metrics-abc.aos.ap-southeast-4.on.aws":           "ap-southeast-4",
		"search-x.aos.cn-northwest-1.on.amazonwebservices.com.cn":   "cn-northwest-1",
		"SEARCH-X.US-EAST-1.ES.AMAZONAWS.COM":                       "us-east-1",
		"search-x.us-east-1.es.amazonaws.com.":                      "us-east-1",
		"search-x.us-iso-east-1.es.c2s.ic.gov":                      "us-iso-east-1",
		"metrics.example.com":                                       "",
		"search-x.us-east-1.es.amazonaws.com.example.com":           "",
		"us-east-1.es.amazonaws.com":                                "", // AWS's own API, not a domain
		"search-x.us-east-1.esXamazonaws.com":                       "",
		"localhost":                                                 "",
		"search-x.us-east-1.es.amazonaws.community":                 "",
		"evil-us-east-1.es.amazonaws.com.cn.attacker.amazonaws.com": "",
	} {
		region, ok := regionOf(host)
		if region != want || ok != (want != "") {
			t.Errorf("the region of %s is %q (%v), want %q", host, region, ok, want)
		}
	}
}

func TestConnectRefuses(t *testing.T) {
	const aws = "https://search-x.us-east-1.es.amazonaws.com"
	for _, test := range []struct {
		name        string
		options     Options
		environment map[string]string
		want        string
	}{
		{"no address", Options{}, nil, "--endpoint is empty"},
		{"no host", Options{Endpoint: "https://"}, nil, `--endpoint "https://" has no host; write https://`},
		{"another scheme", Options{Endpoint: "ftp://h"}, nil, "ftp is no scheme of a domain; write https://"},
		{"no URL", Options{Endpoint: "https://h:port"}, nil, "--endpoint is no URL; write https://"},
		{"a password", Options{Endpoint: "https://ml:hunter22@h"}, nil, "set AIMETRICS_USERNAME and AIMETRICS_PASSWORD"},
		{"a password in no URL", Options{Endpoint: "https://ml:hunter22@h:port"}, nil, "--endpoint is no URL"},
		{"a query", Options{Endpoint: "https://h/?x=1"}, nil, "has something behind ? or #; leave it out"},
		{"Kibana's address", Options{Endpoint: aws + "/_plugin/kibana/"}, nil, "is Kibana's address; leave out /_plugin/kibana"},
		{"plain HTTP", Options{Endpoint: "http://10.0.0.1:9200"}, nil, "http://10.0.0.1:9200 is plain HTTP to another machine"},
		{"plain HTTP to what only looks like loopback", Options{Endpoint: "http://127.0.0.1.example.com"}, nil,
			"is plain HTTP to another machine"},
		{"plain HTTP with basic", Options{Endpoint: "http://elastic:9200", Auth: AuthBasic},
			map[string]string{"AIMETRICS_USERNAME": "ml", "AIMETRICS_PASSWORD": "hunter22"}, "is plain HTTP"},
		{"plain HTTP to Kibana", Options{Endpoint: aws, Kibana: "http://kibana:5601"}, nil, "http://kibana:5601 is plain HTTP"},
		{"another sign-in", Options{Endpoint: aws, Auth: "iam"}, nil, `--auth "iam" is no sign-in; use aws, basic or none`},
		{"basic without a user", Options{Endpoint: aws, Auth: AuthBasic}, nil, "set AIMETRICS_USERNAME and AIMETRICS_PASSWORD"},
		{"basic without a password", Options{Endpoint: aws}, map[string]string{"AIMETRICS_USERNAME": "ml"},
			"AIMETRICS_PASSWORD is not; set it"},
		{"a user with a colon", Options{Endpoint: aws}, map[string]string{"AIMETRICS_USERNAME": "m:l", "AIMETRICS_PASSWORD": "hunter22"},
			"has a colon in it"},
		{"no region", Options{Endpoint: "https://metrics.example.com", Auth: AuthAWS}, nil, "add --region"},
		{"--connect-to without a port", Options{Endpoint: aws, ConnectTo: "localhost"}, nil, `--connect-to "localhost" is no HOST:PORT`},
		{"--connect-to with a port that is none", Options{Endpoint: aws, ConnectTo: "localhost:70000"}, nil, "70000 is no port"},
		{"a profile that is not there", Options{Endpoint: aws}, map[string]string{"AWS_PROFILE": "nobody"},
			"run `aws configure --profile nobody`"},
		{"certificates that are not there", Options{Endpoint: aws}, map[string]string{"SSL_CERT_FILE": "/none.pem"},
			`SSL_CERT_FILE "/none.pem" cannot be read`},
		{"certificates that are none", Options{Endpoint: aws}, map[string]string{"SSL_CERT_FILE": "address.go"}, "holds no certificate"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cleanEnvironment(t)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			_, err := Connect(t.Context(), test.options)
			if err == nil {
				t.Fatalf("is taken, want %q", test.want)
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter22") ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("is refused with %q, want one line with %q and no password", err, test.want)
			}
		})
	}
}

func TestConnectTakes(t *testing.T) {
	for _, test := range []struct {
		name                     string
		options                  Options
		environment              map[string]string
		endpoint, kibana, signIn string
	}{
		{"a host of AWS", Options{Endpoint: "search-x.us-east-1.es.amazonaws.com"}, nil,
			"https://search-x.us-east-1.es.amazonaws.com", "https://search-x.us-east-1.es.amazonaws.com/_plugin/kibana",
			"with AWS credentials for us-east-1"},
		{"a user on a host of AWS", Options{Endpoint: "https://search-x.us-east-1.es.amazonaws.com/"},
			map[string]string{"AIMETRICS_USERNAME": "ml", "AIMETRICS_PASSWORD": "hunter22"},
			"https://search-x.us-east-1.es.amazonaws.com", "https://search-x.us-east-1.es.amazonaws.com/_plugin/kibana",
			`as the user "ml"`},
		{"AWS although there is a user", Options{Endpoint: "https://metrics.example.com", Auth: AuthAWS, Region: "eu-west-1"},
			map[string]string{"AIMETRICS_USERNAME": "ml"},
			"https://metrics.example.com", "", "with AWS credentials for eu-west-1"},
		{"the profile's region", Options{Endpoint: "https://metrics.example.com", Auth: AuthAWS},
			map[string]string{"AWS_REGION": "eu-west-2"},
			"https://metrics.example.com", "", "with AWS credentials for eu-west-2"},
		{"a region that is said", Options{Endpoint: "https://search-x.us-east-1.es.amazonaws.com", Region: "eu-west-1"}, nil,
			"https://search-x.us-east-1.es.amazonaws.com", "https://search-x.us-east-1.es.amazonaws.com/_plugin/kibana",
			"with AWS credentials for eu-west-1"},
		{"loopback", Options{Endpoint: "localhost:9200", Kibana: "localhost:5601/app/kibana"}, nil, "http://localhost:9200",
			"http://localhost:5601", "without a sign-in"},
		{"loopback of IPv6", Options{Endpoint: "http://[::1]:9200"}, nil, "http://[::1]:9200", "", "without a sign-in"},
		{"a user on loopback", Options{Endpoint: "http://127.0.0.1:9200"},
			map[string]string{"AIMETRICS_USERNAME": "ml", "AIMETRICS_PASSWORD": "hunter22"},
			"http://127.0.0.1:9200", "", `as the user "ml"`},
		{"plain HTTP without a sign-in", Options{Endpoint: "http://elasticsearch:9200", Auth: AuthNone}, nil, "http://elasticsearch:9200",
			"", "without a sign-in"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cleanEnvironment(t)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			client, err := Connect(t.Context(), test.options)
			if err != nil {
				t.Fatal(err)
			}
			kibana := ""
			if client.Kibana() != nil {
				kibana = client.Kibana().Endpoint().String()
			}
			if got := client.Endpoint().String(); got != test.endpoint || kibana != test.kibana || client.SignIn() != test.signIn {
				t.Errorf("goes to %s and %s %s, want %s and %s %s", got, kibana, client.SignIn(), test.endpoint, test.kibana, test.signIn)
			}
		})
	}
}

// cleanEnvironment takes away what this machine says about AWS, users, proxies and certificates.
func cleanEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN",
		"AIMETRICS_USERNAME", "AIMETRICS_PASSWORD", "SSL_CERT_FILE", "CDKTF_OUTDIR", "TERRAFORM_BINARY_NAME"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}
