package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode"

	"cdktf-aimetrics/domain"
)

// item is what became of one document.
type item struct {
	status int
	// Of an error, as Elasticsearch calls it, such as "mapper_parsing_exception".
	kind   string
	reason string
}

// created is the item of a document that went in, as nearly all are: it needs no reader of JSON.
var created = []byte(`{"create":{"status":201}}`)

var errNoItems = errors.New("the answer has no items")

// itemsOf reads the items of an answer. The error is that it is none of a bulk request, or cut off.
func itemsOf(said []byte, items []item) ([]item, error) {
	list, err := listOfItems(said)
	if err != nil {
		return items, err
	}
	for len(list) > 0 {
		if bytes.HasPrefix(list, created) {
			items = append(items, item{status: 201})
			list = list[len(created):]
		} else {
			rest, ok := skipValue(list)
			if !ok {
				return items, errHalf
			}
			one, err := readItem(list[:len(list)-len(rest)])
			if err != nil {
				return items, err
			}
			items = append(items, one)
			list = rest
		}
		list = skipSpace(list)
		switch {
		case len(list) == 0:
			return items, errHalf
		case list[0] == ',':
			list = skipSpace(list[1:])
		case list[0] == ']':
			return items, nil
		default:
			return items, errHalf
		}
	}
	return items, errHalf
}

// listOfItems is what follows the bracket of "items" in a whole answer.
func listOfItems(said []byte) ([]byte, error) {
	var list []byte
	rest := skipSpace(said)
	if len(rest) == 0 || rest[0] != '{' {
		return nil, errHalf
	}
	for rest = skipSpace(rest[1:]); len(rest) > 0 && rest[0] == '"'; {
		after, ok := skipValue(rest)
		if !ok {
			return nil, errHalf
		}
		name := rest[:len(rest)-len(after)]
		after = skipSpace(after)
		if len(after) == 0 || after[0] != ':' {
			return nil, errHalf
		}
		value := skipSpace(after[1:])
		if rest, ok = skipValue(value); !ok {
			return nil, errHalf
		}
		if string(name) == `"items"` && value[0] == '[' {
			list = skipSpace(value[1 : len(value)-len(rest)])
		}
		rest = skipSpace(rest)
		if len(rest) > 0 && rest[0] == ',' {
			rest = skipSpace(rest[1:])
		}
	}
	switch {
	case len(rest) == 0 || rest[0] != '}':
		return nil, errHalf
	case list == nil:
		return nil, errNoItems
	case list[0] == ']':
		return nil, nil
	}
	return list, nil
}

func skipSpace(data []byte) []byte {
	for len(data) > 0 && (data[0] == ' ' || data[0] == '\n' || data[0] == '\r' || data[0] == '\t') {
		data = data[1:]
	}
	return data
}

// skipValue returns what follows a value of JSON; false where it has no end.
func skipValue(data []byte) ([]byte, bool) {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
			if i >= len(data) {
				return nil, false
			}
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return data[i:], i > 0
			}
			depth--
		case ',', ':', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return data[i:], i > 0
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return data[i+1:], true
		}
	}
	return nil, false
}

func readItem(data []byte) (item, error) {
	var byAction map[string]struct {
		Status int                  `json:"status"`
		Error  *domain.ElasticError `json:"error"`
	}
	if err := json.Unmarshal(data, &byAction); err != nil || len(byAction) != 1 {
		return item{}, errHalf
	}
	var read item
	for _, said := range byAction {
		read.status = said.Status
		if said.Error != nil {
			read.kind, read.reason = said.Error.Type, said.Error.Text()
		}
	}
	if read.status == 0 {
		return read, errHalf
	}
	return read, nil
}

// longestReason is what is kept of each reason, in characters.
const longestReason = 500

// oneLine is what others wrote in one line that holds no credential.
func oneLine(text string) string {
	text = domain.Redact(text)
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > longestReason {
		return string(runes[:longestReason]) + "…"
	}
	return text
}
