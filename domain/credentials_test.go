package domain

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Credentials come from each part of AWS's usual chain, and where they do not, one line says what to run.
func TestCredentials(t *testing.T) {
	future := "2099-01-01T00:00:00Z"
	sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		switch action, role := r.Form.Get("Action"), r.Form.Get("RoleArn"); {
		case strings.HasSuffix(role, "/forbidden"):
			w.WriteHeader(403)
			io.WriteString(w,
				`<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`)
		case strings.HasSuffix(role, "/mfa") && r.Form.Get("TokenCode") != "123456":
			w.WriteHeader(403)
			io.WriteString(w,
				`<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed</Message></Error></ErrorResponse>`)
		default:
			fmt.Fprintf(w,
				`<%[1]sResponse><%[1]sResult><Credentials><AccessKeyId>ASIAOFSTS</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></%[1]sResult></%[1]sResponse>`,
				action, future)
		}
	}))
	defer sts.Close()
	metadata := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == "PUT":
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60")
			io.WriteString(w, "token")
		case strings.HasSuffix(r.URL.Path, "/security-credentials/"):
			io.WriteString(w, "role")
		default:
			fmt.Fprintf(w, `{"Code":"Success","AccessKeyId":"ASIAOFTHEINSTANCE","SecretAccessKey":"s","Token":"t","Expiration":"%s"}`,
				future)
		}
	}))
	defer metadata.Close()
	container := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"AccessKeyId":"ASIAOFTHECONTAINER","SecretAccessKey":"s","Token":"t","Expiration":"%s"}`, future)
	}))
	defer container.Close()
	token := filepath.Join(t.TempDir(), "token")
	must(t, os.WriteFile(token, []byte("jwt"), 0o600))

	const sso = "[profile p]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = r\n[sso-session s]\nsso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\n"
	const role = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/%s\nsource_profile = source\n%s[profile source]\naws_access_key_id = AKIASOURCE\naws_secret_access_key = hunter22hunter22\n"
	for _, test := range []struct {
		name        string
		config      string
		environment map[string]string
		askMFA      func() (string, error)
		key         string // of the credentials, or
		want        string // the error
	}{
		{"keys in the environment", "", map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "hunter22hunter22"},
			nil, "AKIAENV", ""},
		{"keys of a profile", strings.Replace(fmt.Sprintf(role, "x", ""), "role_arn", "x_role_arn", 1),
			map[string]string{"AWS_PROFILE": "source"}, nil, "AKIASOURCE", ""},
		{"a role", fmt.Sprintf(role, "ok", ""), map[string]string{"AWS_PROFILE": "p"}, nil, "ASIAOFSTS", ""},
		{"a role that is refused", fmt.Sprintf(role, "forbidden", ""), map[string]string{"AWS_PROFILE": "p"}, nil, "",
			"AWS refused the role of the profile (AccessDenied: User: x is not authorized to perform: sts:AssumeRole); let its trust policy name you, or use another profile"},
		{"a role with MFA", fmt.Sprintf(role, "mfa", "mfa_serial = arn:aws:iam::111122223333:mfa/me\n"),
			map[string]string{"AWS_PROFILE": "p"}, func() (string, error) { return "123456", nil }, "ASIAOFSTS", ""},
		{"a role with MFA and no terminal", fmt.Sprintf(role, "mfa", "mfa_serial = arn:aws:iam::111122223333:mfa/me\n"),
			map[string]string{"AWS_PROFILE": "p"}, nil, "", "the profile's role asks for an MFA code, and there is no terminal to ask at"},
		{"SSO without a session", sso, map[string]string{"AWS_PROFILE": "p"}, nil, "",
			"the SSO session has ended; run `aws sso login --profile p`"},
		{"a process",
			"[profile p]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\":\"ASIAOFTHEPROCESS\",\"SecretAccessKey\":\"s\"}'\n",
			map[string]string{"AWS_PROFILE": "p"}, nil, "ASIAOFTHEPROCESS", ""},
		{"a process that fails", "[profile p]\ncredential_process = echo hunter22 && false\n", map[string]string{"AWS_PROFILE": "p"}, nil,
			"", "no AWS credentials could be had ("},
		{"a web identity", "", map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": token,
			"AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/ok"}, nil, "ASIAOFSTS", ""},
		{"an instance", "", map[string]string{"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.URL},
			nil, "ASIAOFTHEINSTANCE", ""},
		{"a container", "", map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": container.URL}, nil, "ASIAOFTHECONTAINER", ""},
		{"none", "", nil, nil, "", "there are no AWS credentials; set AWS_PROFILE or run `aws sso login`; --auth says how else to sign in"},
		{"files that are no configuration", "[profile p\nx", map[string]string{"AWS_PROFILE": "p"}, nil, "", "AWS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var authorization string
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter,
				r *http.Request) {
				authorization = r.Header.Get("Authorization")
			}))
			defer server.Close()
			cleanEnvironment(t)
			t.Setenv("HOME", t.TempDir())
			t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
			path := filepath.Join(t.TempDir(), "config")
			must(t, os.WriteFile(path, []byte(test.config), 0o600))
			t.Setenv("AWS_CONFIG_FILE", path)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			client, err := Connect(t.Context(), Options{Endpoint: server.URL, Auth: AuthAWS, Region: "eu-central-1", AskMFA: test.askMFA})
			if err == nil {
				err = client.Send(t.Context(), "GET", "/", nil, nil)
			}
			if test.want == "" && (err != nil || !strings.Contains(authorization, "Credential="+test.key+"/")) {
				t.Errorf("it signed %q and ended with %v, want the key %s", authorization, err, test.key)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || strings.ContainsAny(err.Error(), "\n") ||
				strings.Contains(err.Error(), "hunter22")) {
				t.Errorf("the error is\n%v\nwant one line with\n%s", err, test.want)
			}
		})
	}
}
