package metrics

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"
)

// The canonical form of a document is one JSON object without white space: dotted names in byte order, each value in the one way that
// is below, which follows RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785) for texts and numbers. What identity is made from must not
// change without a new [IdentityVersion].

// appendText appends a text as JSON: only quotes, backslashes and control characters are escaped.
func appendText(buffer, text []byte) []byte {
	const hex = "0123456789abcdef"
	buffer = append(buffer, '"')
	from := 0
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		buffer = append(buffer, text[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			buffer = append(buffer, '\\', c)
		case '\b':
			buffer = append(buffer, `\b`...)
		case '\t':
			buffer = append(buffer, `\t`...)
		case '\n':
			buffer = append(buffer, `\n`...)
		case '\f':
			buffer = append(buffer, `\f`...)
		case '\r':
			buffer = append(buffer, `\r`...)
		default:
			buffer = append(buffer, `\u00`...)
			buffer = append(buffer, hex[c>>4], hex[c&15])
		}
	}
	buffer = append(buffer, text[from:]...)
	return append(buffer, '"')
}

// appendDouble appends a number that is finite: the shortest digits that read as the same double.
func appendDouble(buffer []byte, value float64) []byte {
	if value == 0 {
		return append(buffer, '0') // -0 is 0
	}
	size := math.Abs(value)
	if size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(buffer, value, 'f', -1, 64)
	}
	from := len(buffer)
	buffer = strconv.AppendFloat(buffer, value, 'e', -1, 64)
	// e-09 is e-9.
	if n := len(buffer); n-from >= 4 && buffer[n-4] == 'e' && buffer[n-3] == '-' && buffer[n-2] == '0' {
		buffer[n-2] = buffer[n-1]
		buffer = buffer[:n-1]
	}
	return buffer
}

// decimal is a number as it was written: digits times ten to the power of exponent.
type decimal struct {
	negative         bool
	whole, fraction  []byte // digits before and behind the point
	exponent         int
	hasExponent, set bool
}

// farExponent is beyond every exponent that a double has, whatever the digits of a line.
const farExponent = 1 << 40

// parseDecimal reads a number as JSON writes it; set is false where the text is none.
func parseDecimal(text []byte) decimal {
	var number decimal
	rest := text
	if len(rest) > 0 && rest[0] == '-' {
		number.negative, rest = true, rest[1:]
	}
	number.whole, rest = digits(rest)
	if len(number.whole) == 0 || len(number.whole) > 1 && number.whole[0] == '0' {
		return decimal{}
	}
	if len(rest) > 0 && rest[0] == '.' {
		if number.fraction, rest = digits(rest[1:]); len(number.fraction) == 0 {
			return decimal{}
		}
	}
	if len(rest) > 0 && (rest[0] == 'e' || rest[0] == 'E') {
		rest = rest[1:]
		below := false
		if len(rest) > 0 && (rest[0] == '+' || rest[0] == '-') {
			below, rest = rest[0] == '-', rest[1:]
		}
		var exponent []byte
		if exponent, rest = digits(rest); len(exponent) == 0 {
			return decimal{}
		}
		for _, digit := range exponent {
			number.exponent = min(number.exponent*10+int(digit-'0'), farExponent)
		}
		if below {
			number.exponent = -number.exponent
		}
		number.hasExponent = true
	}
	number.set = len(rest) == 0
	return number
}

func digits(text []byte) (found, rest []byte) {
	n := 0
	for n < len(text) && text[n]-'0' <= 9 {
		n++
	}
	return text[:n], text[n:]
}

// appendDecimalDouble appends the double that a number is nearest to, times ten to the power of shift; false where that is infinite.
func appendDecimalDouble(buffer []byte, text []byte, number decimal, shift int) ([]byte, bool) {
	// What has 15 digits at most is the shortest text of its double, but for zeros at its end.
	if !number.hasExponent && shift == 0 && len(number.whole)+len(number.fraction) <= 15 {
		fraction := bytes.TrimRight(number.fraction, "0")
		zero := number.whole[0] == '0' // and nothing behind it
		if !zero || len(fraction) == 0 || !bytes.HasPrefix(fraction, []byte("000000")) {
			if number.negative && !(zero && len(fraction) == 0) {
				buffer = append(buffer, '-')
			}
			buffer = append(buffer, number.whole...)
			if len(fraction) > 0 {
				buffer = append(append(buffer, '.'), fraction...)
			}
			return buffer, true
		}
	}
	if shift != 0 {
		mantissa, _, _ := bytes.Cut(bytes.ToLower(text), []byte("e"))
		text = strconv.AppendInt(append(bytes.Clone(mantissa), 'e'), int64(number.exponent+shift), 10)
	}
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil && math.IsInf(value, 0) {
		return buffer, false
	}
	return appendDouble(buffer, value), true
}

// appendDecimalLong appends the whole number that a number is; false where it has a fraction, or more than 64 bits.
func appendDecimalLong(buffer []byte, number decimal) ([]byte, bool) {
	from := len(buffer)
	if number.negative {
		buffer = append(buffer, '-')
	}
	if len(number.fraction) == 0 && !number.hasExponent && len(number.whole) <= 18 {
		if number.negative && number.whole[0] == '0' {
			return append(buffer[:from], '0'), true
		}
		return append(buffer, number.whole...), true
	}
	exponent := number.exponent - len(number.fraction)
	all := bytes.TrimLeft(append(bytes.Clone(number.whole), number.fraction...), "0")
	significant := bytes.TrimRight(all, "0")
	exponent += len(all) - len(significant)
	if len(significant) == 0 {
		return append(buffer[:from], '0'), true
	}
	if exponent < 0 || len(significant)+exponent > 19 {
		return buffer[:from], false
	}
	buffer = append(append(buffer, significant...), bytes.Repeat([]byte("0"), exponent)...)
	if _, err := strconv.ParseInt(string(buffer[from:]), 10, 64); err != nil {
		return buffer[:from], false
	}
	return buffer, true
}

// isUTF8 reports whether a text is; most are ASCII.
func isUTF8(text []byte) bool { return utf8.Valid(text) }
