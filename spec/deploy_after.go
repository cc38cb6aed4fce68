package spec

import (
	"cmp"
	"fmt"
	"strings"
)

// deployAfterSection is all that is known of deploy_after in one file; orderProblems knows the rest.
var deployAfterSection = section{
	key: "deploy_after",
	values: map[string]allowed{
		"deploy_after[]": environmentName,
	},
}

// orderProblems is what is wrong with the order in which the files are deployed: a name that is no environment's, or a stack that would
// wait for itself. Files with other faults are held to it as well, but for the names that are faulty themselves.
func orderProblems(files []File) Problems {
	after := map[string][]string{}
	var names []string
	for _, file := range files {
		if file.isEnvironment() {
			after[file.Name] = nil
			names = append(names, file.Name)
		}
		for i, name := range file.Environment.DeployAfter {
			if !file.faulty.at(fmt.Sprintf("deploy_after[%d]", i)) {
				after[file.Name] = append(after[file.Name], name)
			}
		}
	}
	var problems Problems
	for _, file := range files {
		for i, name := range file.Environment.DeployAfter {
			path, text := fmt.Sprintf("deploy_after[%d]", i), ""
			if file.faulty.at(path) {
				continue
			}
			if _, known := after[name]; !known {
				text = quote(name) + " is no environment here" + cmp.Or(didYouMean(name, names), "; they are "+strings.Join(names, ", "))
			} else if way := wayBack(after, name, file.Name, map[string]bool{}); way != nil {
				text = fmt.Sprintf("%s would wait for itself: %s; take one of them out", file.Name,
					strings.Join(append([]string{file.Name}, way...), " after "))
			}
			if text != "" {
				problems = append(problems, Problem{Position: file.positionOf(path), Path: path, Text: text})
			}
		}
	}
	return problems
}

// wayBack is how one stack leads to another by what each comes after, both included; nil if it does not. What was seen is not looked at
// again: of stacks that all come after each other there are more ways than can be counted.
func wayBack(after map[string][]string, from, to string, seen map[string]bool) []string {
	if seen[from] {
		return nil
	}
	seen[from] = true
	if from == to {
		return []string{from}
	}
	for _, next := range after[from] {
		if way := wayBack(after, next, to, seen); way != nil {
			return append([]string{from}, way...)
		}
	}
	return nil
}
