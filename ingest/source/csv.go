package source

import (
	"errors"
	"slices"
	"strings"

	"cdktf-aimetrics/metrics"
)

// csvOfModel is CSV whose columns are called as our fields are; ml.metrics.loss is a metric.
var csvOfModel = Format{Name: "csv", Description: "CSV with our own fields as columns",
	recognizes: recognizesTable(bindModel), read: openTable("csv", bindModel)}

// isField reports whether the model has a field of this name; a word without a dot may be another's.
func isField(name string) bool {
	if strings.HasPrefix(name, "ml.metrics.") {
		return true
	}
	_, known := metrics.Lookup(name)
	return known && strings.ContainsAny(name, ".@")
}

func bindModel(header []string, _ Options) (columns, error) {
	if !slices.ContainsFunc(header, isField) {
		return nil, errors.New("has no column that is called as a field of the model, such as @timestamp; rename them")
	}
	isKeyword, isValue := make([]bool, len(header)), make([]bool, len(header))
	for i, name := range header {
		field, known := metrics.Lookup(name)
		isContext := field.Group == metrics.GroupRequired || field.Group == metrics.GroupContext
		isNumber := field.Type == metrics.Double || field.Type == metrics.Long
		isValue[i] = strings.HasPrefix(name, "ml.metrics.") || known && !isContext && isNumber
		isKeyword[i] = known && (field.Type == metrics.Keyword || field.Type == metrics.Keywords)
	}
	hasValues := slices.Contains(isValue, true)
	return func(out *output, at place, raw []byte, cells []string) {
		given, hasValue := 0, !hasValues
		for i, cell := range cells {
			// Namibia is NA, too.
			if cells[i] = strings.TrimSpace(cell); cells[i] != "" && !isIndex(header[i]) && (isKeyword[i] || cells[i] != "NA") {
				given++
				hasValue = hasValue || isValue[i] || isKeyword[i] && strings.HasSuffix(header[i], ".label")
			} else {
				cells[i] = ""
			}
		}
		// A row whose values are all left out makes no document.
		if given == 0 || !hasValue {
			return
		}
		row := out.row(at, raw, given)
		for i, cell := range cells {
			if cell != "" {
				row.Set(header[i], cell)
			}
		}
	}, nil
}
