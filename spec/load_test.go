package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShippedEnvironments(t *testing.T) {
	files, err := Load("../environments", today)
	if err != nil {
		t.Fatalf("want no error, got %v", err)
	}
	for _, file := range files {
		if err := file.Environment.Check(); err != nil {
			t.Errorf("want %s to pass Check, got %v", file.Name, err)
		}
	}
}

// TestFolders: each folder of files, and every error that it gives.
func TestFolders(t *testing.T) {
	const (
		twelve = minimal + `  ebs_options:
    volume_size: "10"
    volume_type: gp4
    speed: fast
  encrypt_at_rest:
    enabled: "true"
  timeouts:
    create: soon
    update: 5
    delete:
  tags: [a]
access:
  administrators: ["*"]
  index_prefix: ml
  index_prefix: ml
  source_ips: ["${var.office}"]
  open_to_the_internet: perhaps
`
		s3    = "backend: {s3: {bucket: state, key: prod.tfstate, use_lockfile: true}}\n"
		empty = "is empty; the smallest environment is " + smallest
	)
	for _, test := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"no file", nil, []string{"DIR: has no environment; add a file such as dev.yaml"}},
		{"no YAML file", map[string]string{"README.md": "x", "prod.json": "{}", "yaml": minimal}, []string{"DIR: has no environment; add a file such as dev.yaml"}},
		{"hidden files alone", map[string]string{".prod.yaml": minimal, ".yaml": minimal}, []string{"DIR: has no environment; add a file such as dev.yaml"}},
		{"hidden file beside another", map[string]string{"prod.yaml": minimal, "._prod.yaml": "\x00", ".#prod.yml": "{"}, nil},

		{"an order", map[string]string{"a.yaml": minimal + "deploy_after: [b, c]\n", "b.yaml": minimal + "deploy_after: [c]\n", "c.yaml": minimal}, nil},
		{"an order after nothing", map[string]string{"prod.yaml": minimal + "deploy_after: [stagin]\n", "staging.yaml": minimal},
			[]string{`DIR/prod.yaml:7:16: deploy_after[0]: "stagin" is no environment here; did you mean "staging"?`}},
		{"an order after nothing, beside other faults", map[string]string{
			"prod.yaml":    edit(minimal, "m6g.large", "m6g.lage") + "deploy_after: [stagin, staging, prod.yaml, broken, faulty]\n",
			"staging.yaml": edit(minimal, "eu-central-1", "Frankfurt") + "deploy_after: [prod]\n",
			"broken.yaml":  "region: [",
			"faulty.yaml":  minimal + "backend: {s4: {}}\ndeploy_after: [live]\n",
			"roles.yaml":   edit(minimalRoles, "example/ai-metrics", "example"),
			"wrong.yaml":   minimal + "deploy_after: [roles]\n"}, []string{
			"DIR/broken.yaml:1:1: is no YAML: did not find expected node content; mend the line or the one before",
			`DIR/faulty.yaml:7:11: backend.s4: is not a key here; did you mean "s3"?`,
			`DIR/faulty.yaml:8:16: deploy_after[0]: "live" is no environment here; they are broken, faulty, prod, staging, wrong`,
			`DIR/prod.yaml:6:5: domain.cluster_config.instance_type: "m6g.lage.elasticsearch" is no instance type of AWS Elasticsearch; did you mean "m6g.large.elasticsearch"?`,
			`DIR/prod.yaml:7:16: deploy_after[0]: "stagin" is no environment here; did you mean "staging"?`,
			`DIR/prod.yaml:7:24: deploy_after[1]: prod would wait for itself: prod after staging after prod; take one of them out`,
			`DIR/prod.yaml:7:33: deploy_after[2]: "prod.yaml" is not the name of an environment; write that of its file, without the ending, such as "prod"`,
			`DIR/roles.yaml:3:3: github.repository: "example" is no repository; write its owner and its name, such as "example/ai-metrics"`,
			`DIR/staging.yaml:1:1: region: "Frankfurt" is not an AWS region; write one such as "eu-central-1"`,
			`DIR/staging.yaml:7:16: deploy_after[0]: staging would wait for itself: staging after prod after staging; take one of them out`,
			`DIR/wrong.yaml:7:16: deploy_after[0]: "roles" is no environment here; they are broken, faulty, prod, staging, wrong`,
		}},
		{"an order after itself", map[string]string{"a.yaml": minimal + "deploy_after: [a]\n"},
			[]string{`DIR/a.yaml:7:16: deploy_after[0]: a would wait for itself: a after a; take one of them out`}},
		{"an order in a circle", map[string]string{"a.yaml": minimal + "deploy_after: [d, b]\n", "b.yaml": minimal + "deploy_after: [c]\n",
			"c.yaml": minimal + "deploy_after: [a]\n", "d.yaml": minimal}, []string{
			`DIR/a.yaml:7:19: deploy_after[1]: a would wait for itself: a after b after c after a; take one of them out`,
			`DIR/b.yaml:7:16: deploy_after[0]: b would wait for itself: b after c after a after b; take one of them out`,
			`DIR/c.yaml:7:16: deploy_after[0]: c would wait for itself: c after a after b after c; take one of them out`,
		}},

		{"empty", map[string]string{"a.yaml": ""}, []string{"DIR/a.yaml: " + empty}},
		{"blank", map[string]string{"a.yaml": " \n\n"}, []string{"DIR/a.yaml: " + empty}},
		{"only comments", map[string]string{"a.yaml": "# region: eu-central-1\n# domain:\n"}, []string{"DIR/a.yaml: " + empty}},
		{"only a beginning", map[string]string{"a.yaml": "---\n"}, []string{"DIR/a.yaml: " + empty}},
		{"binary", map[string]string{"a.yaml": "\x7fELF\x02\x01\x01\x00"}, []string{"DIR/a.yaml: is no text; an environment is YAML in UTF-8"}},
		{"invalid UTF-8", map[string]string{"a.yaml": edit(private, "ai-metrics\nbackend", "M\xfcnchen\nbackend")}, []string{"DIR/a.yaml: is no text; an environment is YAML in UTF-8"}},
		{"UTF-16", map[string]string{"a.yaml": "\xff\xfer\x00e\x00"}, []string{"DIR/a.yaml: is no text; an environment is YAML in UTF-8"}},
		{"byte order mark", map[string]string{"a.yaml": "\ufeff" + minimal}, nil},
		{"Windows line ends", map[string]string{"a.yaml": strings.ReplaceAll(private, "\n", "\r\n")}, nil},
		{"largest", map[string]string{"a.yaml": minimal + "#" + strings.Repeat(" ", MaxFileSize-len(minimal)-1)}, nil},
		{"too large", map[string]string{"a.yaml": minimal + "#" + strings.Repeat(" ", MaxFileSize-len(minimal))},
			[]string{"DIR/a.yaml: is larger than 1 MiB, so it is no environment; remove it"}},

		{"two documents", map[string]string{"a.yaml": minimal + "---\n" + minimal}, []string{"DIR/a.yaml:7:1: begins a second document; keep one environment a file"}},
		{"two documents and a fault", map[string]string{"a.yaml": minimal + "colour: red\n---\n" + minimal}, []string{
			"DIR/a.yaml:7:1: colour: is not a key here; the keys are " + strings.Join(sectionKeys(), ", "),
			"DIR/a.yaml:8:1: begins a second document; keep one environment a file"}},
		{"second document that is no YAML", map[string]string{"a.yaml": minimal + "---\nregion: @\n"}, []string{"DIR/a.yaml:8:1: is no YAML: found character that cannot start any token; mend the line or the one before"}},
		{"end of the document", map[string]string{"a.yaml": "---\n" + minimal + "...\n"}, nil},
		{"list at the top", map[string]string{"a.yaml": "# ours\n\n- region: eu-central-1\n"}, []string{"DIR/a.yaml:3:1: is no environment; the smallest is " + smallest}},
		{"text at the top", map[string]string{"a.yaml": "eu-central-1"}, []string{"DIR/a.yaml:1:1: is no environment; the smallest is " + smallest}},
		{"JSON", map[string]string{"a.yaml": `{"region": "eu-central-1", "domain": {"domain_name": "abc", "elasticsearch_version": "7.10", "cluster_config": {"instance_type": "m5.large.elasticsearch"}}}`}, nil},

		{"both endings", map[string]string{"prod.yaml": minimal, "prod.yml": minimal}, []string{"DIR/prod.yml: has the same stack name as DIR/prod.yaml; rename one of them"}},
		{"both cases", map[string]string{"Prod.yaml": minimal, "prod.yaml": minimal}, []string{"DIR/prod.yaml: has the same stack name as DIR/Prod.yaml; rename one of them"}},
		{"name with a dot", map[string]string{"prod.eu.yaml": minimal}, []string{`DIR/prod.eu.yaml: "prod.eu" is no name for a stack; use letters, digits, hyphens and underscores`}},
		{"name with a space", map[string]string{"my prod.yaml": minimal}, []string{`DIR/my prod.yaml: "my prod" is no name for a stack; use letters, digits, hyphens and underscores`}},
		{"name with a hyphen before it", map[string]string{"-prod.yaml": minimal}, []string{`DIR/-prod.yaml: "-prod" is no name for a stack; use letters, digits, hyphens and underscores`}},
		{"faulty name of a faulty file", map[string]string{"ü.yaml": ""}, []string{
			`DIR/ü.yaml: "ü" is no name for a stack; use letters, digits, hyphens and underscores`, "DIR/ü.yaml: " + empty}},
		{"names that are fine", map[string]string{"a-1_B.yaml": minimal, "1.yml": minimal}, nil},

		{"one state of two", map[string]string{"a.yaml": minimal + s3, "b.yaml": minimal + s3},
			[]string{"DIR/b.yaml:7:1: backend: keeps its state where DIR/a.yaml keeps its own, so that each would destroy what the " +
				"other made; give each its own key, path or prefix"}},
		{"one state of two, in other words", map[string]string{"a.yaml": minimal + s3, "b.yaml": minimal + edit(s3, "true}", "true, encrypt: true}")},
			[]string{"DIR/b.yaml:7:1: backend: keeps its state where DIR/a.yaml keeps its own, so that each would destroy what the " +
				"other made; give each its own key, path or prefix"}},
		{"one state file of two", map[string]string{"a.yaml": minimal + "backend: {local: {path: ../../../my.tfstate}}\n", "b.yaml": minimal + "backend: {local: {path: ../../../my.tfstate}}\n"},
			[]string{"DIR/b.yaml:7:1: backend: keeps its state where DIR/a.yaml keeps its own, so that each would destroy what the " +
				"other made; give each its own key, path or prefix"}},
		{"two state files", map[string]string{"a.yaml": minimal + "backend: {local: {path: ../../../a.tfstate}}\n", "b.yaml": minimal + "backend: {local: {path: ../../../b.tfstate}}\n"}, nil},
		{"one bucket of two", map[string]string{"a.yaml": minimal + s3, "b.yaml": minimal + strings.ReplaceAll(s3, "prod", "dev")}, nil},
		{"default state of two", map[string]string{"a.yaml": minimal, "b.yaml": minimal + "backend: {local: {}}\n"}, nil},

		{"two faults of a line, the later found first", map[string]string{"a.yaml": minimal + "  timeouts: {create: soon, update: 5}\n"}, []string{
			`DIR/a.yaml:7:14: domain.timeouts.create: "soon" is not a duration; write one such as "90m" or "3h"`,
			`DIR/a.yaml:7:28: domain.timeouts.update: "5" is not a duration; write one such as "90m" or "3h"`,
		}},
		{"two faults of SAML", map[string]string{"a.yaml": edit(edit(governed, "session_timeout_minutes: 480", "session_timeout_minutes: 2000"), "metadata_file: testdata/idp.xml\n    master_backend_role: administrators\n    master_user_name: jane\n    roles_key: roles\n",
			"metadata_content: <EntityDescriptor entityID=\"https://idp.example.com/metadata\"><IDPSSODescriptor/></EntityDescriptor>\n    master_backend_role: administrators\n")}, []string{
			"DIR/a.yaml:25:5: sign_in.saml.master_backend_role: has no effect without roles_key; add the attribute of the assertion that holds a user's roles",
			"DIR/a.yaml:27:5: sign_in.saml.session_timeout_minutes: 2000 is outside 1 to 1440; choose a number in that range",
		}},
		{"a fault in each of two tunings", map[string]string{"a.yaml": minimal + "alarms: {email: [a@example.com], tune: [{alarm: nodes, period: 90}, {alarm: cpu_utilization, threshold: 120}]}\n"}, []string{
			"DIR/a.yaml:7:56: alarms.tune[0].period: 90 seconds is no period of these metrics; use a multiple of 60",
			"DIR/a.yaml:7:94: alarms.tune[1].threshold: 120 is outside 1 to 100 percent; choose a number in that range",
		}},
		{"twelve faults", map[string]string{"a.yaml": twelve}, []string{
			`DIR/a.yaml:8:5: domain.ebs_options.volume_size: "10" is not a whole number; write it in plain digits, without quotes`,
			`DIR/a.yaml:9:5: domain.ebs_options.volume_type: "gp4" is not one of gp3, gp2, io1, standard; did you mean "gp3"?`,
			`DIR/a.yaml:10:5: domain.ebs_options.speed: is not a key here; the keys are ebs_enabled, volume_size, volume_type, iops, throughput`,
			`DIR/a.yaml:12:5: domain.encrypt_at_rest.enabled: "true" is text; write true without quotes`,
			`DIR/a.yaml:14:5: domain.timeouts.create: "soon" is not a duration; write one such as "90m" or "3h"`,
			`DIR/a.yaml:15:5: domain.timeouts.update: "5" is not a duration; write one such as "90m" or "3h"`,
			`DIR/a.yaml:16:5: domain.timeouts.delete: has no value; give it one or leave the key out`,
			`DIR/a.yaml:17:3: domain.tags: a list is not a mapping of names and values; indent them below the key`,
			`DIR/a.yaml:19:20: access.administrators[0]: "*" is everybody; name roles, or say open_to_the_internet: true if the whole internet shall get in`,
			`DIR/a.yaml:21:3: access.index_prefix: is there twice, first in line 20; leave one out`,
			`DIR/a.yaml:22:16: access.source_ips[0]: "${var.office}" is a Terraform expression, which environment files do not have; write the value itself`,
			`DIR/a.yaml:23:3: access.open_to_the_internet: "perhaps" is neither true nor false; write one of them`,
		}},
		{"faults of several files", map[string]string{
			"b.yaml":  edit(minimal, "m6g.large", "x9.large") + "a: b\n",
			"a.yml":   edit(minimal, "eu-central-1", "Frankfurt"),
			"c.yaml":  "",
			"d.yaml":  minimal,
			"d.yml":   minimal,
			"a-1.yml": "region: [",
		}, []string{
			"DIR/a-1.yml:1:1: is no YAML: did not find expected node content; mend the line or the one before",
			`DIR/a.yml:1:1: region: "Frankfurt" is not an AWS region; write one such as "eu-central-1"`,
			`DIR/b.yaml:6:5: domain.cluster_config.instance_type: "x9.large.elasticsearch" is no instance type of AWS Elasticsearch; did you mean "c4.large.elasticsearch"?`,
			"DIR/b.yaml:7:1: a: is not a key here; the keys are " + strings.Join(sectionKeys(), ", "),
			"DIR/c.yaml: " + empty,
			"DIR/d.yml: has the same stack name as DIR/d.yaml; rename one of them",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := folderOf(t, test.files)
			files, err := Load(folder, today)
			if diff := cmp.Diff(test.want, errorsOf(t, err, folder)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if err != nil && files != nil {
				t.Errorf("want no file beside an error, got %d", len(files))
			}
		})
	}
}

func TestFoldersThatCannotBeRead(t *testing.T) {
	folder := folderOf(t, map[string]string{"file": minimal})
	for _, test := range []struct{ folder, want string }{
		{filepath.Join(folder, "nowhere"), "nowhere: the folder of the environments is not there; make it, or name another one with -environments"},
		{filepath.Join(folder, "file"), "file: the folder of the environments is no folder; name one with -environments"},
	} {
		_, err := Load(test.folder, today)
		if diff := cmp.Diff(folder+"/"+test.want, fmt.Sprint(err)); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	folder := folderOf(t, map[string]string{"locked.yaml": minimal, "sound.yaml": minimal})
	for _, err := range []error{
		os.Mkdir(filepath.Join(folder, "folder.yaml"), 0o755),
		os.Symlink("nowhere", filepath.Join(folder, "dangling.yaml")),
		os.Symlink("loop.yaml", filepath.Join(folder, "loop.yaml")),
		os.Symlink("sound.yaml", filepath.Join(folder, "link.yaml")),
		os.Chmod(filepath.Join(folder, "locked.yaml"), 0),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"DIR/dangling.yaml: cannot be read, for it is not there; mend or remove it",
		"DIR/folder.yaml: is no regular file; remove it",
		"DIR/locked.yaml: cannot be read, for it may not be read; make it readable",
		"DIR/loop.yaml: cannot be read, for it gives: too many levels of symbolic links; mend or remove it",
	}
	if os.Geteuid() == 0 {
		want = append(want[:2], want[3]) // root reads everything
	}
	_, err := Load(folder, today)
	if diff := cmp.Diff(want, errorsOf(t, err, folder)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestFilesComeInTheOrderOfTheirNames(t *testing.T) {
	files, err := Load(folderOf(t, map[string]string{"b.yml": minimal, "c.yaml": minimal, "B-1.yaml": minimal, "a.yaml": minimal}), today)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		names = append(names, file.Name)
	}
	if diff := cmp.Diff([]string{"B-1", "a", "b", "c"}, names); diff != "" {
		t.Errorf("stacks (-want +got):\n%s", diff)
	}
}

// folderOf makes a folder of files.
func folderOf(t testing.TB, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// errorsOf is the problems of an error, a line each, with DIR for the folder.
func errorsOf(t testing.TB, err error, folder string) []string {
	t.Helper()
	var lines []string
	for _, problem := range problemsOf(t, err) {
		lines = append(lines, strings.ReplaceAll(problem.Error(), folder, "DIR"))
	}
	return lines
}

// Of forty layers of two stacks, each after both of the layer before, there are a million million ways back; a stack is looked at once.
func TestOrderOfManyLayers(t *testing.T) {
	var files []File
	for layer := range 40 {
		for _, side := range []string{"a", "b"} {
			file := File{Name: fmt.Sprintf("%s-%d", side, layer), positionOf: func(string) Position { return Position{} }}
			if layer > 0 {
				file.Environment.DeployAfter = []string{fmt.Sprintf("a-%d", layer-1), fmt.Sprintf("b-%d", layer-1)}
			}
			files = append(files, file)
		}
	}
	if problems := orderProblems(files); len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	files[0].Environment.DeployAfter = []string{"b-39"}
	if problems := orderProblems(files); len(problems) == 0 || !strings.Contains(problems[0].Text, "would wait for itself: a-0 after b-39 after ") {
		t.Errorf("a circle of all layers: %v", problems)
	}
}
