//go:build integration

package workflows

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// gitHub is as much of GitHub's API as the scripts use, with a memory: a repository o/r with the pull request 7.
// https://docs.github.com/rest
type gitHub struct {
	*httptest.Server
	mutex    sync.Mutex
	head     string // of the pull request
	base     string // its branch; main if empty
	open     bool   // whether it is listed
	tip      string // of main
	contains func(commit, other string) bool
	labeler  string // who put on the labels; a maintainer if empty
	mergedAs string // the commit that it was merged as
	comments []*post
	issues   []*post
	statuses []status
	labels   []string // of the pull request
	made     []string // labels of the repository
	written  []string // every body that was sent
	last     int
}

// post is a comment or an issue. One that is on is a comment on the issue of that number.
type post struct {
	ID     int      `json:"id"`
	Number int      `json:"number"`
	On     int      `json:"-"`
	User   user     `json:"user"`
	Title  string   `json:"title"`
	Body   string   `json:"body"`
	State  string   `json:"state"`
	Reason string   `json:"state_reason"`
	Labels []string `json:"-"`
}

type user struct {
	Login string `json:"login"`
}

type status struct {
	Context     string `json:"context"`
	State       string `json:"state"`
	Description string `json:"description"`
	Creator     user   `json:"creator"`
	commit      string
}

const bots = "github-actions[bot]"

func newGitHub(t *testing.T) *gitHub {
	g := &gitHub{last: 100}
	mux := http.NewServeMux()
	g.Server = httptest.NewServer(mux)
	t.Cleanup(g.Close)
	handle := func(pattern string, answer func(r *http.Request, sent map[string]any) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			g.mutex.Lock()
			defer g.mutex.Unlock()
			body, _ := io.ReadAll(r.Body)
			g.written = append(g.written, string(body))
			sent := map[string]any{}
			if len(body) > 0 {
				if err := json.Unmarshal(body, &sent); err != nil {
					http.Error(w, err.Error(), http.StatusBadRequest)
					return
				}
			}
			reply := answer(r, sent)
			if reply == nil {
				http.NotFound(w, r)
				return
			}
			json.NewEncoder(w).Encode(reply)
		})
	}
	const repository = "/repos/o/r"
	nothing := map[string]any{}
	handle("GET "+repository+"/pulls/7", func(*http.Request, map[string]any) any {
		return map[string]any{"head": map[string]any{"sha": g.head}, "base": map[string]any{"ref": cmp.Or(g.base, "main")}}
	})
	handle("GET "+repository+"/pulls", func(r *http.Request, _ map[string]any) any {
		if !g.open || r.FormValue("base") != cmp.Or(g.base, "main") || r.FormValue("state") != "open" {
			return []any{}
		}
		return []any{map[string]any{"number": 7, "head": map[string]any{"sha": g.head}}}
	})
	handle("GET "+repository+"/git/ref/heads/main", func(*http.Request, map[string]any) any {
		return map[string]any{"object": map[string]any{"sha": g.tip}}
	})
	handle("GET "+repository+"/compare/{range}", func(r *http.Request, _ map[string]any) any {
		base, head, _ := strings.Cut(r.PathValue("range"), "...")
		if g.contains(head, base) {
			return map[string]any{"status": "ahead"}
		}
		return map[string]any{"status": "diverged"}
	})
	handle("GET "+repository+"/collaborators/{login}/permission", func(r *http.Request, _ map[string]any) any {
		if may := map[string]string{"maintainer": "write", "triager": "read"}[r.PathValue("login")]; may != "" {
			return map[string]any{"permission": may}
		}
		return nil // an app
	})
	handle("GET "+repository+"/issues/7/events", func(*http.Request, map[string]any) any {
		list := []any{map[string]any{"event": "renamed", "actor": user{"stranger"}}}
		for _, name := range g.labels {
			label := map[string]any{"name": name}
			list = append(list, map[string]any{"event": "labeled", "actor": user{"maintainer"}, "label": label},
				map[string]any{"event": "labeled", "actor": user{cmp.Or(g.labeler, "maintainer")}, "label": label})
		}
		return list
	})
	handle("GET "+repository+"/commits/{commit}/pulls", func(r *http.Request, _ map[string]any) any {
		if g.mergedAs != r.PathValue("commit") {
			return []any{map[string]any{"number": 6, "merged_at": nil, "merge_commit_sha": r.PathValue("commit")}}
		}
		return []any{map[string]any{"number": 7, "merged_at": "2026-11-01", "merge_commit_sha": g.mergedAs}}
	})
	handle("GET "+repository+"/commits/{commit}/statuses", func(r *http.Request, _ map[string]any) any {
		list := []status{} // the newest first
		for _, s := range slices.Backward(g.statuses) {
			if s.commit == r.PathValue("commit") {
				list = append(list, s)
			}
		}
		return list
	})
	handle("POST "+repository+"/statuses/{commit}", func(r *http.Request, sent map[string]any) any {
		one := status{sent["context"].(string), sent["state"].(string), sent["description"].(string), user{bots},
			r.PathValue("commit")}
		if len([]rune(one.Description)) > 140 {
			return nil
		}
		g.statuses = append(g.statuses, one)
		return nothing
	})
	handle("GET "+repository+"/issues", func(*http.Request, map[string]any) any {
		return slices.DeleteFunc(append([]*post{}, g.issues...), func(one *post) bool { return one.State != "open" })
	})
	handle("POST "+repository+"/issues", func(_ *http.Request, sent map[string]any) any {
		one := g.post(bots, 0, sent["body"].(string))
		one.Title, one.State = sent["title"].(string), "open"
		for _, label := range sent["labels"].([]any) {
			one.Labels = append(one.Labels, label.(string))
		}
		g.issues = append(g.issues, one)
		return nothing
	})
	change := func(list *[]*post) func(r *http.Request, sent map[string]any) any {
		return func(r *http.Request, sent map[string]any) any {
			for i, one := range *list {
				if strconv.Itoa(one.ID) != r.PathValue("id") {
					continue
				}
				if r.Method == http.MethodDelete {
					*list = slices.Delete(*list, i, i+1)
					return nothing
				}
				for field, place := range map[string]*string{"title": &one.Title, "body": &one.Body, "state": &one.State, "state_reason": &one.Reason} {
					if value, ok := sent[field].(string); ok {
						*place = value
					}
				}
				return nothing
			}
			return nil
		}
	}
	handle("PATCH "+repository+"/issues/{id}", change(&g.issues))
	handle("PATCH "+repository+"/issues/comments/{id}", change(&g.comments))
	handle("DELETE "+repository+"/issues/comments/{id}", change(&g.comments))
	handle("GET "+repository+"/issues/7/comments", func(*http.Request, map[string]any) any {
		return slices.DeleteFunc(append([]*post{}, g.comments...), func(one *post) bool { return one.On != 7 })
	})
	handle("POST "+repository+"/issues/{on}/comments", func(r *http.Request, sent map[string]any) any {
		on, _ := strconv.Atoi(r.PathValue("on"))
		if text := sent["body"].(string); len(text) > 65536 {
			return nil
		}
		g.comments = append(g.comments, g.post(bots, on, sent["body"].(string)))
		return nothing
	})
	handle("GET "+repository+"/issues/7/labels", func(*http.Request, map[string]any) any {
		list := []any{}
		for _, name := range g.labels {
			list = append(list, map[string]any{"name": name})
		}
		return list
	})
	handle("DELETE "+repository+"/issues/7/labels/{name}", func(r *http.Request, _ map[string]any) any {
		before := len(g.labels)
		g.labels = slices.DeleteFunc(g.labels, func(name string) bool { return name == r.PathValue("name") })
		if len(g.labels) == before {
			return nil
		}
		return nothing
	})
	handle("POST "+repository+"/labels", func(_ *http.Request, sent map[string]any) any {
		if slices.Contains(g.made, sent["name"].(string)) {
			return nil
		}
		g.made = append(g.made, sent["name"].(string))
		return nothing
	})
	return g
}

func (g *gitHub) post(login string, on int, body string) *post {
	g.last++
	one := &post{ID: g.last, Number: g.last, On: on, Body: body}
	one.User = user{login}
	return one
}

// on are the bodies of the comments on an issue, by the first of a kind and a stack that they are marked with.
func (g *gitHub) on(number int) map[string]string {
	bodies := map[string]string{}
	for _, one := range g.comments {
		if one.On == number {
			first, rest, _ := strings.Cut(one.Body, "\n")
			name, marked := strings.CutPrefix(first, "<!-- aimetrics ")
			if !marked {
				name, rest = strconv.Itoa(one.ID), one.Body
			}
			bodies[strings.TrimSuffix(name, " -->")] = rest
		}
	}
	return bodies
}

// status is what the newest status of a context of a commit says.
func (g *gitHub) status(commit, context string) string {
	for _, one := range slices.Backward(g.statuses) {
		if one.commit == commit && one.Context == context {
			return one.State + " " + one.Description
		}
	}
	return "none"
}

// asGH is set where the test's own program is GitHub's command line, and says where GitHub is.
const asGH = "WORKFLOWS_TEST_GH"

// gh is `gh api`, with the flags that the scripts use.
func gh(address string, arguments []string) int {
	method, path, silent := http.MethodGet, "", false
	fields := map[string]any{}
	for i := 0; i < len(arguments); i++ {
		switch argument := arguments[i]; argument {
		case "api", "--paginate":
		case "--silent":
			silent = true
		case "--method":
			i++
			method = arguments[i]
		case "--field", "--raw-field":
			i++
			name, value, _ := strings.Cut(arguments[i], "=")
			if file, isFile := strings.CutPrefix(value, "@"); isFile && argument == "--field" {
				content, err := os.ReadFile(file)
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return 1
				}
				value = string(content)
			}
			if list, isList := strings.CutSuffix(name, "[]"); isList {
				fields[list] = []string{value}
			} else {
				fields[name] = value
			}
		default:
			if path != "" || strings.HasPrefix(argument, "-") {
				fmt.Fprintf(os.Stderr, "gh: %s is not known here\n", argument)
				return 1
			}
			path = argument
		}
	}
	var body bytes.Buffer
	if len(fields) > 0 {
		json.NewEncoder(&body).Encode(fields)
	}
	request, err := http.NewRequest(method, address+"/"+path, &body)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		fmt.Fprintf(os.Stderr, "gh: %s %s: HTTP %d\n", method, path, response.StatusCode)
		return 1
	}
	if !silent {
		io.Copy(os.Stdout, response.Body)
	}
	return 0
}
