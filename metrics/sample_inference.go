package metrics

import (
	"fmt"
	"math"
	"time"
)

// How often, at a density of 1.
const (
	sampleWindowsPerDay  = 24
	sampleRequestsPerDay = 200
	sampleSLOms          = 250
)

// inference makes a day's windows, or its requests and the windows of the machines that serve them.
func (s *sampler) inference(model *sampleModel) {
	windows := min(max(1, int(math.Round(sampleWindowsPerDay*s.density))), 24*60*6)
	length := 24 * time.Hour / time.Duration(windows)
	chance := s.noise("inference", model.name)
	for window := 1; window <= windows && !s.ended; window++ {
		at := s.day.Add(time.Duration(window)*length - time.Second)
		if model.requests {
			s.machines(model, at, chance)
			continue
		}
		for v := range model.versions {
			if model.versions[v].serves(s.progress) {
				s.window(model, v, at, length, chance)
			}
		}
	}
	if model.requests {
		s.requests(model, chance)
	}
}

// hour is the hour of a day, with its fraction.
func hour(at time.Time) float64 { return float64(at.Hour()) + float64(at.Minute())/60 }

// window is what a server counts between two times.
func (s *sampler) window(model *sampleModel, v int, at time.Time, length time.Duration, chance noise) {
	version := &model.versions[v]
	rate := model.peak * version.share * ofDay(hour(at)) * (1 + chance.normal(0, 0.06))
	requests := math.Max(1, math.Round(rate*length.Seconds()))
	busy := 1 + 0.35*ofDay(hour(at))
	median := model.median * busy * (1 + version.slower*after(s.progress, 0.55)) * (1 + chance.normal(0, 0.04))
	p95 := median * model.p95 * (1 + chance.normal(0, 0.05))
	p99 := math.Max(p95*1.05, median*model.p99*(1+chance.normal(0, 0.08)))
	failed := math.Round(requests * math.Max(0, chance.normal(0.0011, 0.0004)))
	// An outage of half an hour and more, late in the story: something to find.
	if s.progress > 0.9 && s.progress < 0.92 && v == 0 && at.Hour() == 14 {
		failed = math.Round(requests * 0.07)
	}
	slow := 0.0008
	if p95 > sampleSLOms {
		slow = 0.05 + 0.25*math.Min(1, (p95-sampleSLOms)/sampleSLOms)
	} else if p99 > sampleSLOms {
		slow = 0.01 + 0.04*(p99-sampleSLOms)/math.Max(1, p99-p95)
	}

	row := s.begin(Inference, at, model, version)
	row.SetNumber("ml.inference.request_count", requests)
	row.SetNumber("ml.inference.error_count", failed)
	row.SetNumber("ml.inference.throttle_count", math.Round(requests*0.0002*busy))
	row.SetNumber("ml.inference.throughput_rps", round(requests/length.Seconds(), 3))
	row.SetNumber("ml.inference.in_flight", round(rate*median/1000, 2))
	row.SetNumber("ml.inference.queue_depth", round(rate*median/1000*0.1*busy, 2))
	row.SetNumber("ml.inference.queue_ms", round(median*0.06*busy, 2))
	row.SetNumber("ml.inference.batch_size", round(1+rate/60, 1))
	row.SetNumber("ml.inference.latency_ms.avg", round(median*1.14, 2))
	row.SetNumber("ml.inference.latency_ms.p50", round(median, 2))
	row.SetNumber("ml.inference.latency_ms.p95", round(p95, 2))
	row.SetNumber("ml.inference.latency_ms.p99", round(p99, 2))
	row.SetNumber("ml.inference.latency_ms.max", round(p99*chance.uniform(1.2, 2.6), 2))
	row.SetNumber("ml.inference.cost_usd", round(requests*0.0000042*(1+0.4*float64(v)), 5))
	row.Set("ml.slo.name", fmt.Sprintf("latency under %d ms", sampleSLOms))
	row.SetNumber("ml.slo.target", 0.99)
	row.SetNumber("ml.slo.good_count", math.Round((requests-failed)*(1-slow)))
	row.SetNumber("ml.slo.total_count", requests)
	s.end()
}

// machines is how busy the accelerators of a language model are.
func (s *sampler) machines(model *sampleModel, at time.Time, chance noise) {
	busy := math.Min(0.98, math.Max(0.02, 0.15+0.7*ofDay(hour(at))+chance.normal(0, 0.04)))
	row := s.begin(Inference, at, model, &model.versions[0])
	row.SetNumber("ml.resource.gpu_utilization", round(busy, 3))
	row.SetNumber("ml.resource.gpu_memory_used_bytes", math.Round((38+28*busy)*(1<<20))*1024)
	row.SetNumber("ml.resource.power_w", math.Round(110+290*busy))
	s.end()
}

// requests makes single requests to a language model, more of them by day.
func (s *sampler) requests(model *sampleModel, chance noise) {
	requests := max(1, int(math.Round(sampleRequestsPerDay*s.density)))
	for request := range requests {
		// Requests are as far apart as the traffic of the day has it: even steps through what has come by an hour.
		come := (float64(request) + chance.uniform(0, 1)) / float64(requests)
		at := s.day.Add(time.Duration(hourAt(come) * float64(time.Hour))).Truncate(time.Millisecond)
		v := 0
		if model.versions[1].serves(s.progress) && chance.uniform(0, 1) < model.versions[1].share {
			v = 1
		}
		s.request(model, v, at, chance)
		if s.ended {
			return
		}
	}
}

// hourAt is the hour by which a share of the day's traffic has come.
func hourAt(share float64) float64 {
	low, high := 0.0, 24.0
	for range 40 {
		middle := (low + high) / 2
		// The integral of ofDay.
		come := (0.55*middle - 0.45*12/math.Pi*(math.Sin((middle-3)/24*2*math.Pi)+math.Sin(3.0/24*2*math.Pi))) / (0.55 * 24)
		if come < share {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func (s *sampler) request(model *sampleModel, v int, at time.Time, chance noise) {
	version := &model.versions[v]
	input := math.Round(300 + 2400*math.Pow(chance.uniform(0, 1), 2))
	output := math.Round(40 + 520*math.Pow(chance.uniform(0, 1), 1.6))
	cached := 0.0
	if chance.uniform(0, 1) < 0.55 {
		cached = math.Round(input * chance.uniform(0.4, 0.8))
	}
	reasoning := math.Round(output * 0.3 * float64(v))
	busy := 1 + 0.5*ofDay(hour(at))
	first := (180 + (input-cached)*0.11) * busy * chance.uniform(0.8, 1.5)
	each := (14 - 2*float64(v)) * busy * chance.uniform(0.9, 1.2)

	row := s.begin(Inference, at, model, version)
	row.SetNumber("ml.inference.request_count", 1)
	row.Set("gen_ai.provider.name", "aws.bedrock")
	row.Set("gen_ai.operation.name", "chat")
	row.Set("gen_ai.request.model", model.name)
	row.Set("gen_ai.response.model", model.name+"-"+version.name)
	row.Set("trace.id", fmt.Sprintf("%016x%016x", chance.source.Uint64(), chance.source.Uint64()))
	if chance.uniform(0, 1) < 0.012 {
		failure := []struct {
			kind   string
			status int64
		}{{"timeout", 504}, {"rate_limited", 429}, {"server_error", 500}}[chance.source.Uint64()%3]
		row.SetNumber("ml.inference.error_count", 1)
		row.Set("error.type", failure.kind)
		row.SetInteger("http.response.status_code", failure.status)
		row.SetNumber("ml.inference.duration_ms", round(chance.uniform(20, 900), 1))
		s.end()
		return
	}
	row.SetInteger("http.response.status_code", 200)
	row.SetNumber("ml.inference.error_count", 0)
	row.SetNumber("gen_ai.usage.input_tokens", input)
	row.SetNumber("gen_ai.usage.output_tokens", output)
	row.SetNumber("gen_ai.usage.cache_read.input_tokens", cached)
	row.SetNumber("gen_ai.usage.reasoning.output_tokens", reasoning)
	row.SetNumber("ml.inference.time_to_first_token_ms", round(first, 1))
	row.SetNumber("ml.inference.time_per_output_token_ms", round(each, 2))
	row.SetNumber("ml.inference.duration_ms", round(first+each*(output-1), 1))
	row.SetNumber("ml.inference.cost_usd", round((input-cached)*0.000003+cached*0.0000003+output*0.000015, 6))
	row.Set("ml.inference.finish_reason", finish(chance))
	s.end()
}

func finish(chance noise) string {
	switch share := chance.uniform(0, 1); {
	case share < 0.9:
		return "stop"
	case share < 0.97:
		return "length"
	default:
		return "content_filter"
	}
}
