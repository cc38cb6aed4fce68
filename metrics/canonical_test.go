package metrics

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// A number has one text, which reads as the same double; encoding/json, which follows the same rule, agrees.
func TestAppendDecimalDouble(t *testing.T) {
	check := func(text string) {
		t.Helper()
		value, err := strconv.ParseFloat(text, 64)
		number := parseDecimal([]byte(text))
		if !number.set {
			t.Fatalf("%s is no number", text)
		}
		got, ok := appendDecimalDouble(nil, []byte(text), number, 0)
		if !ok {
			if !math.IsInf(value, 0) {
				t.Errorf("%s is refused", text)
			}
			return
		}
		if err != nil {
			t.Errorf("%s is taken, as %s", text, got)
			return
		}
		if value == 0 {
			value = 0 // and not -0
		}
		want, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if value == 0 {
			want = []byte("0")
		}
		if string(got) != string(want) {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"0", "-0", "0.0", "-0.00", "1", "1.0", "10", "100.00", "0.1", "0.10", "0.000001",
		"0.0000010", "0.0000001", "-0.00000012",
		"123456789012345", "1234567890123456", "0.123456789012345", "0.1234567890123456", "1e0", "1E+2", "1e-7", "1.5e-9",
		"1e21", "1e20", "123e-2",
		"1.7976931348623157e308", "1.7976931348623159e308", "5e-324", "1e-400", "1e400", "1e99999999999999999999",
		"9007199254740993", "0e5", "1e-10",
		"100000000000000000000000", "0.30000000000000004"} {
		check(text)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		switch value := math.Float64frombits(random.Uint64()); {
		case math.IsNaN(value), math.IsInf(value, 0):
		default:
			check(strconv.FormatFloat(value, 'e', -1, 64))
		}
		check(strconv.FormatFloat(random.NormFloat64(), 'f', random.IntN(18), 64))
		check(strconv.Itoa(int(random.Int64N(1<<62) >> random.IntN(60))))
	}
}

func TestAppendDecimalLong(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0": "0", "0e9": "0", "7": "7", "7.0": "7", "-7.00": "-7", "12e2": "1200", "1.25e2": "125",
		"1250e-1":             "125",
		"9223372036854775807": "9223372036854775807", "-9223372036854775808": "-9223372036854775808",
		"9223372036854775807.0": "9223372036854775807",
		"1e18":                  "1000000000000000000", "999999999999999999": "999999999999999999",
		"9223372036854775808": "", "-9223372036854775809": "", "1e19": "", "1.5": "", "1e-1": "", "1e999999999999": "",
		"1e-999999999999": "", "12.5e0": "",
	} {
		got, ok := appendDecimalLong([]byte("x"), parseDecimal([]byte(text)))
		if ok != (want != "") || string(got) != "x"+want {
			t.Errorf("%s is %s, %v, want %q", text, got, ok, want)
		}
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, text := range []string{"", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1_0", "1 ", " 1", "1e5.0",
		"--1", "NaN", "Infinity", "1.2.3", "１"} {
		if parseDecimal([]byte(text)).set {
			t.Errorf("%q is a number", text)
		}
	}
}

// Times are what time.Parse says they are, to the nanosecond.
func TestInstants(t *testing.T) {
	check := func(text string) {
		t.Helper()
		got, ok := parseInstant([]byte(text))
		want, err := time.Parse(time.RFC3339Nano, text)
		if !ok || err != nil || !got.time().Equal(want) {
			t.Errorf("%s is %v, %v, want %v %v", text, got.time(), ok, want, err)
			return
		}
		written := string(appendInstant(nil, got))
		again, ok := parseInstant([]byte(written))
		if !ok || again != got || len(written) < len("2006-01-02T15:04:05.000Z") || written[len(written)-1] != 'Z' {
			t.Errorf("%s is written as %s, which is %v", text, written, again)
		}
		if parsed, err := time.Parse(time.RFC3339Nano, written); err != nil || !parsed.Equal(want) {
			t.Errorf("%s is written as %s", text, written)
		}
	}
	for _, text := range []string{"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z",
		"1969-12-31T23:59:59.5Z",
		"2000-02-29T23:59:59+18:00", "2100-03-01T00:00:00-18:00", "2026-11-26T11:00:00.1Z", "2026-12-31T23:00:00-01:30"} {
		check(text)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		at := time.Unix(firstSecond+86400+random.Int64N(lastSecond-firstSecond-2*86400),
			random.Int64N(1e9)/int64(math.Pow10(random.IntN(10))))
		check(at.In(time.FixedZone("", (random.IntN(36*60)-18*60)*60)).Format(time.RFC3339Nano))
	}
	for _, text := range []string{"0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
		"2026-11-26t11:00:00Z", "2026-11-26T11:00:00z",
		"2026-11-26T11:00:00+19:00", "2026-11-26T11:00:00+01:60", "2026-11-26T11:00:00+1", "2026-11-26T11:00:00.Z",
		"2026-11-26T11:00:00ZZ", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:00"} {
		if at, ok := parseInstant([]byte(text)); ok {
			t.Errorf("%s is %v", text, at.time())
		}
	}
}
