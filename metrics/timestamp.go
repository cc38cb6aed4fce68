package metrics

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// instant is a point in time: seconds since 1970 and nanoseconds.
type instant struct {
	seconds     int64
	nanoseconds int32
}

func (at instant) time() time.Time { return time.Unix(at.seconds, int64(at.nanoseconds)).UTC() }

// parseInstant reads RFC 3339 with an offset of +01:00, +0100 or Z; false where the text is none. It is strict about everything:
// two digits, the 30th of February, the 60th second. Years have four digits.
func parseInstant(text []byte) (instant, bool) {
	const shape = "0000-00-00T00:00:00"
	if len(text) < len(shape)+1 {
		return instant{}, false
	}
	for i := range len(shape) {
		if shape[i] == '0' && text[i]-'0' > 9 || shape[i] != '0' && text[i] != shape[i] {
			return instant{}, false
		}
	}
	year, month, day := two(text[0:])*100+two(text[2:]), two(text[5:]), two(text[8:])
	hour, minute, second := two(text[11:]), two(text[14:]), two(text[17:])
	if year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 59 {
		return instant{}, false
	}
	at := instant{seconds: daysSince1970(year, month, day)*86400 + int64(hour*3600+minute*60+second)}
	rest := text[len(shape):]
	if rest[0] == '.' {
		fraction, behind := digits(rest[1:])
		if len(fraction) == 0 || len(fraction) > 9 {
			return instant{}, false
		}
		for i := range 9 {
			at.nanoseconds *= 10
			if i < len(fraction) {
				at.nanoseconds += int32(fraction[i] - '0')
			}
		}
		rest = behind
	}
	offset, ok := parseOffset(rest)
	at.seconds -= offset
	return at, ok && at.seconds >= firstSecond && at.seconds <= lastSecond
}

// The years that four digits have, in UTC.
var (
	firstSecond = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	lastSecond  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
)

// parseOffset reads Z, +01:00 and +0100, in seconds.
func parseOffset(text []byte) (int64, bool) {
	if len(text) == 1 && text[0] == 'Z' {
		return 0, true
	}
	if len(text) == 6 && text[3] == ':' {
		text = []byte{text[0], text[1], text[2], text[4], text[5]}
	}
	if len(text) != 5 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	for _, digit := range text[1:] {
		if digit-'0' > 9 {
			return 0, false
		}
	}
	hours, minutes := two(text[1:]), two(text[3:])
	offset := int64(hours*3600 + minutes*60)
	if text[0] == '-' {
		offset = -offset
	}
	return offset, hours <= 18 && minutes <= 59
}

// two is the number that two digits are.
func two(text []byte) int { return int(text[0]-'0')*10 + int(text[1]-'0') }

func daysOf(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// daysSince1970 counts in the calendar of RFC 3339, after
// https://howardhinnant.github.io/date_algorithms.html#days_from_civil.
func daysSince1970(year, month, day int) int64 {
	if month <= 2 {
		year--
	}
	era := year / 400
	ofEra := year - era*400
	ofYear := (153*((month+9)%12)+2)/5 + day - 1
	return int64(era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468)
}

// civil is the date of a day, daysSince1970's inverse.
func civil(days int64) (year, month, day int) {
	shifted := int(days) + 719468
	era := shifted / 146097
	ofEra := shifted - era*146097
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shiftedMonth := (5*ofYear + 2) / 153
	month = (shiftedMonth+2)%12 + 1
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, ofYear - (153*shiftedMonth+2)/5 + 1
}

// appendInstant appends a time as the canonical form has it: in UTC, with three digits of a second, and as many more of nine as it needs.
func appendInstant(buffer []byte, at instant) []byte {
	days := at.seconds / 86400
	if at.seconds%86400 < 0 {
		days--
	}
	second := int(at.seconds - days*86400)
	year, month, day := civil(days)
	buffer = appendTwo(appendTwo(buffer, year/100), year%100)
	buffer = appendTwo(append(buffer, '-'), month)
	buffer = appendTwo(append(buffer, '-'), day)
	buffer = appendTwo(append(buffer, 'T'), second/3600)
	buffer = appendTwo(append(buffer, ':'), second/60%60)
	buffer = appendTwo(append(buffer, ':'), second%60)
	buffer = append(buffer, '.')
	fraction := at.nanoseconds
	for place, unit := 0, int32(100_000_000); unit > 0 && (place < 3 || fraction > 0); place, unit = place+1, unit/10 {
		buffer = append(buffer, '0'+byte(fraction/unit))
		fraction %= unit
	}
	return append(buffer, 'Z')
}

func appendTwo(buffer []byte, number int) []byte {
	return append(buffer, '0'+byte(number/10), '0'+byte(number%10))
}

// shown is a time as people write it, to the second.
func shown(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

// noInstant says why a text is no time, and what to write.
func noInstant(text string) string {
	const example = `write it as "2026-11-26T12:00:00Z"`
	for _, unit := range epochs {
		if at, ok := unit.read(text); ok {
			return fmt.Sprintf("%s is a number, %s since 1970 most likely; write %q", clip(text), unit.name, at.Format(time.RFC3339Nano))
		}
	}
	for _, shape := range shapes {
		at, err := time.Parse(shape.layout, text)
		switch {
		case err != nil:
		case strings.HasSuffix(shape.layout, "Z07:00"):
			return fmt.Sprintf("%s %s; write %q", quote(text), shape.lacks, at.Format(time.RFC3339Nano))
		default:
			return fmt.Sprintf("%s %s; write %q if that is UTC", quote(text), shape.lacks, at.Format(time.RFC3339Nano))
		}
	}
	if text == "" {
		return "is empty; " + example
	}
	return quote(text) + " is no time that there is; " + example
}

// epochs is the ways to count from 1970, each told by the size of its numbers.
var epochs = []epoch{
	{"seconds", time.Second},
	{"milliseconds", time.Millisecond},
	{"microseconds", time.Microsecond},
	{"nanoseconds", time.Nanosecond},
}

type epoch struct {
	name string
	unit time.Duration
}

// read gives the time that a number is, if it is between 1990 and 2100 in this unit.
func (unit epoch) read(text string) (time.Time, bool) {
	number, err := strconv.ParseFloat(text, 64)
	seconds := number * unit.unit.Seconds()
	if err != nil || !(seconds >= 631152000 && seconds < 4102444800) {
		return time.Time{}, false
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(fraction*1e6)*1000).UTC().Round(time.Millisecond), true
}

// shapes is times that lack something.
var shapes = []struct{ layout, lacks string }{
	{"2006-01-02T15:04:05", "has no offset"},
	{"2006-01-02 15:04:05", `has no "T" and no offset`},
	{"2006-01-02 15:04:05Z07:00", `has a space where "T" belongs`},
	{"2006-01-02T15:04", "has no seconds and no offset"},
	{"2006-01-02T15:04Z07:00", "has no seconds"},
	{"2006-01-02", "is a day and no time"},
	{"2006/01/02 15:04:05", "has slashes and no offset"},
}
